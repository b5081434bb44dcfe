//! The program: parses the command line, runs the engine, prints, and ends with the exit status.

use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use jiff::Timestamp;
use tickmark::cli::hook::{self, Hook, PreCommit};
use tickmark::cli::output::{self, Output, progress, style};
use tickmark::cli::{Cli, Command, Format, Global, Settling};
use tickmark::engine::{self, Asked, Request, Scope};
use tickmark::error::{Error, Exit, Fault, Kind, Result};
use tickmark::facts::calendar::{Length, When};
use tickmark::facts::forge::Forge;
use tickmark::findings::finding::Finding;
use tickmark::lsp;
use tickmark::policies::mappings::Mappings;
use tickmark::policies::pack::Pack;
use tickmark::reports::{due, explain, json, people, schemas, trail_csv, trail_json, trail_table, trial};
use tickmark::starter;
use tickmark::text::safe;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are no errors; everything else is a usage error, whose status is clap's own: 2.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    let run = std::panic::catch_unwind(|| run(&cli));
    let exit = match run {
        Ok(Ok(exit)) => exit,
        Ok(Err(error)) => {
            report_error(&error, &cli.global);
            error.exit()
        }
        Err(_) => {
            let error = Error::new(Kind::Internal, "an internal error ended the run: nothing was established");
            report_error(&error.hint("please report it with the command and the message above"), &cli.global);
            Exit::CouldNotRun
        }
    };
    let exit = if cli.global.exit_zero && exit == Exit::Exceptions { Exit::Clean } else { exit };
    ExitCode::from(exit as u8)
}

fn run(cli: &Cli) -> Result<Exit> {
    if !cli.command.prints(cli.global.format) {
        return Err(Error::new(Kind::Usage, "this command does not print that format: check does")
            .hint("print text or JSON: --format text, --format json"));
    }
    match &cli.command {
        Command::Check(asked) => check(&cli.global, asked.scope(hook::index())?, &asked.settling),
        Command::Hook(asked) => hook(&cli.global, asked),
        Command::Test { paths } => test(&cli.global, paths),
        Command::Trail { revision, all } => trail(&cli.global, revision.as_deref(), *all),
        Command::Import { forge, files } => import(&cli.global, (*forge).into(), files),
        Command::Approve(approve) => self::approve(&cli.global, &approve.asked()),
        Command::Due { within, ics, owner } => due(&cli.global, within.as_deref(), *ics, owner),
        Command::Explain { rule } => explain(&cli.global, rule.as_deref()),
        Command::Lsp => lsp(&cli.global),
        Command::Schema { name } => schema(&cli.global, name.as_deref()),
        Command::Init { folder, dry_run } => init(&cli.global, folder.as_deref(), *dry_run),
        Command::Demo { directory } => demo(&cli.global, directory.as_deref()),
    }
}

fn check(global: &Global, scope: Scope, settling: &Settling) -> Result<Exit> {
    check_in(global, engine::directory(global.directory.as_deref()), scope, settling)
}

fn hook(global: &Global, asked: &Hook) -> Result<Exit> {
    if global.format == Format::Json || global.output.is_some() || global.period.is_some() {
        return Err(Error::new(Kind::Usage, "a hook prints for people, and looks at what is committed or pushed")
            .hint("leave --format, --output and --period out, or write: tickmark check A..B"));
    }
    let told = PreCommit::read(|name| std::env::var(name).ok());
    let (remote, input) = match asked {
        Hook::PreCommit => return check(global, hook::committed(&told, hook::index()), &Settling::default()),
        Hook::CommitMsg { file } => {
            let request = request(global, engine::directory(global.directory.as_deref()), &|_| ());
            let ledger = engine::message(&request, file)?;
            eprintln_note(&people::ledger(&ledger, style(global)));
            return Ok(ledger.exit());
        }
        Hook::PrePush { remote, .. } => (remote.as_deref(), io::read_to_string(io::stdin())),
    };
    let unread = |error: io::Error| Error::new(Kind::Source, format!("standard input cannot be read: {error}"));
    let pushed = hook::pushed(&input.map_err(unread)?, remote, &told)?;
    let mut worst = Exit::Clean;
    for scope in pushed.scopes {
        let exit = check(global, scope, &Settling::default())?;
        worst = hook::graver(worst, exit);
    }
    pushed.notes.iter().for_each(|note| eprintln_note(note));
    Ok(worst)
}

fn check_in(global: &Global, directory: PathBuf, scope: Scope, settling: &Settling) -> Result<Exit> {
    let bar = progress();
    let count = |count: usize| bar.inc(count as u64);
    let folder = directory.clone();
    let request = Request { scope, ..request(global, directory, &count) };
    let checked = engine::check(&request);
    bar.finish_and_clear();
    let mut checked = checked?;
    settling.settle(&folder, &mut checked)?;
    let mut out = Output::open(global)?;
    out.write(&global.format.of(&checked.report(), style(global))?)?;
    if global.format == Format::Text {
        out.write(output::end(&checked).as_bytes())?;
    } else {
        // Not every form has a place for it, and no report is to be taken for one of everything.
        checked.report().remarks().iter().for_each(|line| eprintln_note(line));
    }
    out.close()?;
    Ok(checked.ledger.exit())
}

fn test(global: &Global, paths: &[PathBuf]) -> Result<Exit> {
    let trial = engine::test(&request(global, engine::directory(global.directory.as_deref()), &|_| ()), paths)?;
    let mut out = Output::open(global)?;
    match global.format {
        Format::Json => out.write(&json::pretty(&trial::TrialDocument::new(&trial))?)?,
        _ => out.write(trial::lines(&trial, style(global)).as_bytes())?,
    }
    out.close()?;
    Ok(trial.exit())
}

fn trail(global: &Global, revision: Option<&str>, all: bool) -> Result<Exit> {
    let bar = progress();
    let count = |count: usize| bar.inc(count as u64);
    let request = request(global, engine::directory(global.directory.as_deref()), &count);
    let trailed = engine::trail(&request, revision, all);
    bar.finish_and_clear();
    let trailed = trailed?;
    report_faults(&trailed.faults, global)?;
    let trail = &trailed.gathered.trail;
    let range = &trailed.range;
    let mut out = Output::open(global)?;
    let document = trail_json::TrailDocument::new(
        trail,
        &trailed.matcher,
        trailed.repository.clone(),
        range.branch.clone(),
        (range.base, range.tip),
    );
    match global.format {
        Format::Json => out.write(&json::line(&document)?)?,
        Format::Csv => out.write(&trail_csv::table(&document)?)?,
        _ => out.write(trail_table::table(trail, &trailed.words, style(global).width).as_bytes())?,
    }
    out.close()?;
    let summary = &document.summary;
    let unread: Vec<Fault> = trail.unread.iter().map(|one| one.fault.clone()).collect();
    report_faults(&unread, global)?;
    let exit = if !trailed.faults.is_empty() {
        Exit::CouldNotRun
    } else if !document.complete || summary.untestable > 0 || !unread.is_empty() {
        Exit::Incomplete
    } else if summary.approved < summary.changes {
        Exit::Exceptions
    } else {
        Exit::Clean
    };
    // What was read is not needed any more, and giving a large history back piece by piece takes as long as
    // printing it.
    std::mem::forget(trailed);
    Ok(exit)
}

fn import(global: &Global, forge: Forge, files: &[PathBuf]) -> Result<Exit> {
    let asked = [("--as-of", &global.as_of), ("--period", &global.period)];
    if global.format == Format::Json || asked.iter().any(|(_, given)| given.is_some()) {
        return Err(Error::new(
            Kind::Usage,
            "import takes the export as it is: it prints no JSON, and knows no period",
        )
        .hint("leave --format, --as-of and --period out; --output names the file of records"));
    }
    let request = request(global, engine::directory(global.directory.as_deref()), &|_| ());
    let imported = engine::import(&request, forge, files, global.output.as_deref())?;
    for finding in &imported.contradictions {
        eprintln_note(&people::diagnostic(finding, style(global)));
    }
    report_faults(&imported.faults, global)?;
    // What --output names is the file of records, and this is what became of it.
    let mut out = Output::open(&Global { output: None, ..global.clone() })?;
    out.write(tickmark::reports::import::lines(&imported).as_bytes())?;
    out.close()?;
    Ok(imported.exit())
}

fn approve(global: &Global, asked: &Asked<'_>) -> Result<Exit> {
    if global.format == Format::Json || global.as_of.is_some() || global.period.is_some() {
        return Err(Error::new(
            Kind::Usage,
            "approve says that you approve a change now: it knows no other day, and prints no JSON",
        )
        .hint("leave --format, --as-of and --period out"));
    }
    let bar = progress();
    let count = |count: usize| bar.inc(count as u64);
    let approved = engine::approve(&request(global, engine::directory(global.directory.as_deref()), &count), asked);
    bar.finish_and_clear();
    let mut out = Output::open(global)?;
    out.write(approved?.lines().as_bytes())?;
    out.close()?;
    Ok(Exit::Clean)
}

fn due(global: &Global, within: Option<&str>, ics: bool, owners: &[String]) -> Result<Exit> {
    let length = within.map(|text| text.parse::<Length>()).transpose().map_err(|why| Error::new(Kind::Usage, why))?;
    let bar = progress();
    let count = |count: usize| bar.inc(count as u64);
    let request = request(global, engine::directory(global.directory.as_deref()), &count);
    let checked = engine::check(&request);
    bar.finish_and_clear();
    let checked = checked?;
    let calendar = &checked.calendar;
    let until = length.map(|length| calendar.add(When::instant(calendar.as_of, &calendar.zone), length));
    let pending = due::within(&checked.ledger.pending, calendar, until.as_ref());
    let pending = due::owned(pending, owners, &checked.people, &checked.owners)?;
    let mut out = Output::open(global)?;
    match global.format {
        _ if ics => out.write(due::calendar(&pending, calendar).as_bytes())?,
        Format::Json => out.write(&json::pretty(&due::DueDocument::new(&pending, calendar))?)?,
        _ => out.write(due::table(&pending, style(global).width).as_bytes())?,
    }
    out.close()?;
    // What could not be read may be due as well.
    Ok(match checked.ledger.exit() {
        exit @ (Exit::CouldNotRun | Exit::Incomplete) => exit,
        Exit::Clean | Exit::Exceptions => Exit::Clean,
    })
}

fn explain(global: &Global, rule: Option<&str>) -> Result<Exit> {
    let (pack, faults) = engine::pack(&request(global, engine::directory(global.directory.as_deref()), &|_| ()))?;
    let dialects = tickmark::facts::approval::builtin::dialects()?;
    let mappings = Mappings::builtin()?.ready;
    let width = style(global).width;
    let json = global.format == Format::Json;
    let text = match rule {
        None if json => explain::list_json(&pack, &dialects, &mappings)?,
        None => explain::list(pack.rules(), dialects.iter(), mappings.iter()).into_bytes(),
        Some(name) => {
            let dialect = dialects.iter().find(|dialect| dialect.dialect == name);
            let mapping = mappings.iter().find(|mapping| mapping.mapping == name);
            match (pack.rule(name), dialect, mapping) {
                (Some((test, rule)), ..) if json => explain::rule_json(test, rule)?,
                (Some((test, rule)), ..) => explain::rule(test, rule, width).into_bytes(),
                (_, Some(dialect), _) if json => json::pretty(dialect)?,
                (_, Some(dialect), _) => explain::dialect(dialect, width).into_bytes(),
                (_, _, Some(mapping)) if json => json::pretty(mapping)?,
                (_, _, Some(mapping)) => explain::mapping(mapping, width).into_bytes(),
                (None, None, None) => {
                    // The rule may be one of a test that has a fault.
                    report_faults(&faults, global)?;
                    let hint = "see all of them: tickmark explain";
                    let why = format!("there is no rule, dialect or mapping called `{name}`");
                    return Err(Error::new(Kind::Usage, why).hint(hint));
                }
            }
        }
    };
    let mut out = Output::open(global)?;
    out.write(&text)?;
    out.close()?;
    Ok(Exit::Clean)
}

fn lsp(global: &Global) -> Result<Exit> {
    if global.format == Format::Json || global.output.is_some() {
        return Err(Error::new(Kind::Usage, "lsp speaks with an editor: it takes no --format and no --output")
            .hint("to write what is found into a file: tickmark check --output findings.txt"));
    }
    let options = lsp::Options {
        directory: global.directory.clone(),
        config: global.config.clone(),
        as_of: global.as_of.clone(),
        period: global.period.clone(),
        now: Timestamp::now,
    };
    lsp::serve(&options, io::BufReader::new(io::stdin()), &mut io::stdout())
}

fn schema(global: &Global, name: Option<&str>) -> Result<Exit> {
    let text = match name {
        None => schemas::SCHEMAS.iter().map(|(name, _)| format!("{name}\n")).collect(),
        Some(name) => schemas::find(name)
            .ok_or_else(|| {
                let hint = "see all of them: tickmark schema";
                Error::new(Kind::Usage, format!("there is no schema called `{}`", safe(name))).hint(hint)
            })?
            .to_owned(),
    };
    let mut out = Output::open(global)?;
    out.write(text.as_bytes())?;
    out.close()?;
    Ok(Exit::Clean)
}

fn init(global: &Global, named: Option<&Path>, dry_run: bool) -> Result<Exit> {
    if global.format == Format::Json || global.config.is_some() {
        return Err(Error::new(Kind::Usage, "init writes files: it prints no JSON and takes no configuration")
            .hint("see what it would write: tickmark init --dry-run"));
    }
    let folder = match (&global.directory, named) {
        (Some(base), Some(named)) => base.join(named),
        (None, Some(named)) => named.to_path_buf(),
        (base, None) => engine::directory(base.as_deref()),
    };
    let calendar = engine::asked(global.as_of.as_deref(), global.period.as_deref(), Timestamp::now())?;
    let period = if global.period.is_some() { calendar.period } else { starter::next_month(calendar.as_of) };
    let plan = starter::plan(&folder, period)?;
    if !dry_run {
        plan.write()?;
    }
    let mut out = Output::open(global)?;
    out.write(plan.listed(dry_run).as_bytes())?;
    if !dry_run {
        out.write(format!("\n{}", plan.next()).as_bytes())?;
    }
    out.close()?;
    Ok(Exit::Clean)
}

fn demo(global: &Global, directory: Option<&Path>) -> Result<Exit> {
    let temporary = match directory {
        Some(_) => None,
        None => {
            let failed = |error: io::Error| Error::new(Kind::Source, format!("no temporary folder: {error}"));
            Some(tempfile::Builder::new().prefix("tickmark-demo-").tempdir().map_err(failed)?)
        }
    };
    let folder = match (&temporary, directory) {
        (Some(temporary), _) => temporary.path().join("acme-shop"),
        (None, Some(named)) => named.to_path_buf(),
        (None, None) => return Err(Error::new(Kind::Internal, "the demo has no folder")),
    };
    tickmark::demo::write(&folder)?;
    if io::stderr().is_terminal() && temporary.is_none() {
        eprintln_note(&format!("the demo's repository is in {}", folder.display()));
    }
    let as_of = global.as_of.clone().or_else(|| Some(tickmark::demo::AS_OF.to_owned()));
    check_in(&Global { as_of, ..global.clone() }, folder, Scope::Whole, &Settling::default())
}

fn request<'a>(global: &Global, directory: PathBuf, progress: &'a (dyn Fn(usize) + Sync)) -> Request<'a> {
    Request {
        directory,
        config: global.config.clone(),
        as_of: global.as_of.clone(),
        period: global.period.clone(),
        scope: Scope::Whole,
        now: Timestamp::now(),
        progress,
    }
}

fn report_faults(faults: &[Fault], global: &Global) -> Result<()> {
    if faults.is_empty() {
        return Ok(());
    }
    let pack = Pack::builtin()?;
    let findings: Vec<Finding> =
        faults.iter().filter_map(|fault| tickmark::checks::documents::fault::finding(&pack, fault)).collect();
    for finding in &findings {
        eprintln_note(&people::diagnostic(finding, style(global)));
    }
    Ok(())
}

fn report_error(error: &Error, global: &Global) {
    eprintln_note(people::error(error, style(global)).trim_end());
    // The faults of an error say where.
    let _ = report_faults(&error.faults, global);
}

/// Writes to standard error; if nobody reads that, there is nothing left to tell.
fn eprintln_note(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}
