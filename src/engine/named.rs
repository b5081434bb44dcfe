//! Registers that a control names itself.

use std::sync::Arc;

use crate::checks::documents::fault;
use crate::checks::evidence;
use crate::error::Fault;
use crate::facts::document::control::Control;
use crate::facts::register::store::{Register, Registers};
use crate::findings::finding::Finding;
use crate::policies::pack::Pack;
use crate::policies::test::{ParameterType, Test};
use crate::text::shown;

/// The registers that the parameters of a control name, as far as they are there, and what is wrong with them: a name of
/// none, a register that is missing, one that cannot be read whole.
pub(super) fn registers<'r>(
    test: &Test,
    control: &Control,
    registers: &'r Registers,
    pack: &Pack,
) -> (Vec<&'r Register>, Vec<Finding>) {
    let (mut there, mut findings): (Vec<&Register>, Vec<Finding>) = (Vec::new(), Vec::new());
    let all = test.parameters.iter().filter(|parameter| parameter.kind == ParameterType::Registers);
    let named = all.filter_map(|parameter| Some((parameter, control.text.with.get(&parameter.name)?.as_array()?)));
    let named =
        named.flat_map(|(parameter, names)| names.iter().filter_map(move |name| Some((parameter, name.as_str()?))));
    for (parameter, name) in named {
        let Some(register) = kept(registers).find(|register| register.definition.file() == name) else {
            let holder = format!("control {}", control.text.id);
            findings.extend(fault::finding_in(pack, &unknown(control, &parameter.name, name, registers), &holder));
            continue;
        };
        if there.iter().any(|known| std::ptr::eq::<Register>(*known, register)) {
            continue;
        }
        if !register.is_there() {
            findings.extend(evidence::register_present(pack, control, &register.definition));
            continue;
        }
        if register.faults > 0 {
            findings.extend(evidence::register_whole(pack, control, register));
        }
        there.push(register);
    }
    (there, findings)
}

/// The registers that have files.
fn kept(registers: &Registers) -> impl Iterator<Item = &Register> {
    registers.by_name.values().filter(|register| !register.definition.from_history)
}

fn unknown(control: &Control, parameter: &str, name: &str, registers: &Registers) -> Fault {
    let known: Vec<String> = kept(registers).map(|register| register.definition.file()).collect();
    Fault {
        rule: "documents/unknown-value",
        message: format!("there is no register called {}", shown(name)),
        label: "named here".to_owned(),
        help: Some(format!("the registers are: {}", known.join(", "))),
        source: Arc::clone(control.source()),
        span: control.parameter(parameter),
        other: None,
    }
}
