//! Signs an approval with the user's own key. That is what `ssh-keygen` is run for, and nothing else is.

use std::io::{ErrorKind, Write};
use std::process::{Command, Stdio};

use super::{APPROVAL, MAX_SIGNATURE};
use crate::error::{Error, Kind, Result};
use crate::sources::settings::Key;
use crate::text::short;

/// An armored signature over a payload in the namespace of approvals, by `ssh-keygen -Y sign`. It asks for a passphrase
/// on the terminal, if the key has one, and never reads the repository.
///
/// # Errors
/// There is no such key, no `ssh-keygen`, or it does not sign.
pub fn approval(payload: &[u8], key: &Key) -> Result<String> {
    let mut command = Command::new("ssh-keygen");
    command.args(["-Y", "sign", "-q", "-n", APPROVAL]);
    // The file lives until the signature is made.
    let public = match key {
        Key::File(path) if !path.is_file() => {
            let message = format!("there is no key {}", short(&path.to_string_lossy()));
            return Err(Error::new(Kind::Usage, message).hint("name the file of an SSH key: --key ~/.ssh/id_ed25519"));
        }
        Key::File(_) => None,
        Key::Agent(text) => Some(in_a_file(text)?),
    };
    match (key, &public) {
        (_, Some(file)) => command.arg("-U").arg("-f").arg(file.path()),
        (Key::File(path), None) => command.arg("-f").arg(path),
        (Key::Agent(_), None) => &mut command,
    };
    run(command, payload)
}

fn in_a_file(text: &str) -> Result<tempfile::NamedTempFile> {
    let written = tempfile::NamedTempFile::new().and_then(|mut file| writeln!(file, "{text}").map(|()| file));
    written.map_err(|error| Error::new(Kind::Source, format!("no temporary file: {error}")))
}

fn run(mut command: Command, payload: &[u8]) -> Result<String> {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::inherit());
    let failed = |error: std::io::Error| {
        let what = if error.kind() == ErrorKind::NotFound { "it is not there".to_owned() } else { error.to_string() };
        Error::new(Kind::Source, format!("ssh-keygen cannot be run: {what}"))
            .hint("install OpenSSH, or approve without --sign")
    };
    let mut child = command.spawn().map_err(failed)?;
    if let Some(mut input) = child.stdin.take() {
        // One that ended before it read everything says why.
        let _ = input.write_all(payload);
    }
    let output = child.wait_with_output().map_err(failed)?;
    let armored = String::from_utf8_lossy(&output.stdout).into_owned();
    let is_signature = armored.starts_with("-----BEGIN SSH SIGNATURE-----") && armored.len() <= MAX_SIGNATURE;
    if !output.status.success() || !is_signature {
        return Err(Error::new(Kind::Source, "ssh-keygen did not sign the approval, and nothing is written")
            .hint("see whether the key can sign: ssh-keygen -Y sign -n test -f KEY < /dev/null"));
    }
    Ok(armored)
}
