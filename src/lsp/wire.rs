//! JSON-RPC as the protocol frames it: headers, a length, and a message. Nothing that a client sends is trusted with a
//! length: no more is read of a header, and of a message, than the limits here.

use std::io::{self, BufRead, Read, Write};

use serde::Deserialize;
use serde_json::{Value, json};

/// Bytes that one message may have: an editor sends a whole document, with escapes.
pub(super) const MAX_MESSAGE: u64 = 64 << 20;
/// Bytes that the headers of one message may have.
const MAX_HEADERS: u64 = 4 << 10;

/// A message of the client: a request with an id, a notification without one, or an answer without a method.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Message {
    /// What an answer is to name.
    pub(super) id: Option<Value>,
    /// What is asked, or told.
    pub(super) method: Option<String>,
    /// The details.
    #[serde(default)]
    pub(super) params: Value,
}

/// What came in.
#[derive(Debug)]
pub(super) enum Incoming {
    /// A message.
    Message(Message),
    /// A message of which nothing can be read; the next one can.
    Malformed(String),
    /// Something behind which no next message can be found.
    Broken(String),
}

/// Errors of JSON-RPC and of the protocol, by number.
#[derive(Clone, Copy, Debug)]
#[repr(i32)]
pub(super) enum Code {
    /// What came is no JSON, or no message.
    Parse = -32700,
    /// The message comes at a time at which it cannot be answered.
    InvalidRequest = -32600,
    /// The server knows nothing of what is asked.
    MethodNotFound = -32601,
    /// The details are not those of the method.
    InvalidParams = -32602,
    /// Something is asked before `initialize`.
    NotInitialized = -32002,
}

/// Reads the next message; `None` where the client has closed its side between two messages.
pub(super) fn read(input: &mut impl BufRead) -> Option<Incoming> {
    let length = match length(input) {
        Ok(Some(length)) => length,
        Ok(None) => return None,
        Err(why) => return Some(Incoming::Broken(why)),
    };
    if length > MAX_MESSAGE {
        return Some(Incoming::Broken(format!("a message has {length} bytes, and at most {MAX_MESSAGE} are read")));
    }
    // The length is only what the client says: room is made for what really comes.
    let mut bytes = Vec::new();
    match input.take(length).read_to_end(&mut bytes) {
        Ok(read) if read as u64 == length => {}
        Ok(_) => return Some(Incoming::Broken("the input ends within a message".to_owned())),
        Err(error) => return Some(Incoming::Broken(format!("a message cannot be read: {error}"))),
    }
    Some(match serde_json::from_slice::<Message>(&bytes) {
        Ok(message) => Incoming::Message(message),
        Err(error) => Incoming::Malformed(format!("this is no message: {error}")),
    })
}

/// The length that the headers of a message name; `None` where nothing comes any more.
fn length(input: &mut impl BufRead) -> Result<Option<u64>, String> {
    let (mut length, mut left, mut first) = (None, MAX_HEADERS, true);
    loop {
        let mut line = Vec::new();
        let read =
            input.take(left).read_until(b'\n', &mut line).map_err(|error| format!("nothing can be read: {error}"))?;
        if read == 0 && first && left > 0 {
            return Ok(None);
        }
        left -= read as u64;
        first = false;
        if line.last() != Some(&b'\n') {
            return Err("the headers of a message do not end".to_owned());
        }
        let line = String::from_utf8_lossy(&line);
        let line = line.trim_end();
        if line.is_empty() {
            return length.map(Some).ok_or_else(|| "a message has no Content-Length".to_owned());
        }
        let (name, value) = line.split_once(':').ok_or("a header of a message has no colon")?;
        if name.eq_ignore_ascii_case("content-length") {
            length = Some(value.trim().parse::<u64>().map_err(|_| "the Content-Length of a message is no number")?);
        }
    }
}

/// Writes a message.
fn write(out: &mut dyn Write, message: &Value) -> io::Result<()> {
    let text = serde_json::to_vec(message)?;
    write!(out, "Content-Length: {}\r\n\r\n", text.len())?;
    out.write_all(&text)?;
    out.flush()
}

/// Answers a request.
pub(super) fn answer(out: &mut dyn Write, id: &Value, result: &Value) -> io::Result<()> {
    write(out, &json!({ "jsonrpc": "2.0", "id": id, "result": result }))
}

/// Tells that a request cannot be answered, and why; `null` for the id of something that could not be read.
pub(super) fn refuse(out: &mut dyn Write, id: &Value, code: Code, why: &str) -> io::Result<()> {
    write(out, &json!({ "jsonrpc": "2.0", "id": id, "error": { "code": code as i32, "message": why } }))
}

/// Tells the client something.
pub(super) fn notify(out: &mut dyn Write, method: &str, params: &Value) -> io::Result<()> {
    write(out, &json!({ "jsonrpc": "2.0", "method": method, "params": params }))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;

    fn first(text: &str) -> Option<Incoming> {
        read(&mut text.as_bytes())
    }

    #[test]
    fn messages_are_read_one_after_the_other() {
        let mut input = &b"Content-Length: 14\r\n\r\n{\"method\":\"a\"}content-length:2\r\nX: y\r\n\r\n{}"[..];
        let Some(Incoming::Message(message)) = read(&mut input) else { panic!("no message") };
        assert_eq!((message.method.as_deref(), message.id), (Some("a"), None));
        assert!(matches!(read(&mut input), Some(Incoming::Message(_))));
        assert!(read(&mut input).is_none());
    }

    #[test]
    fn what_cannot_be_read_is_told_apart_by_whether_more_can() {
        let deep = format!("Content-Length: 100000\r\n\r\n{}", "[".repeat(100_000));
        for text in
            ["Content-Length: 2\r\n\r\n[1", "Content-Length: 3\r\n\r\n{]}", "Content-Length: 1\r\n\r\n\u{1}", &deep]
        {
            assert!(matches!(first(text), Some(Incoming::Malformed(_))), "{:?}", first(text));
        }
        let long = "x".repeat(10_000);
        for text in [
            "Content-Length: 18446744073709551615\r\n\r\n{}",
            "Content-Length: 99999999999999999999999\r\n\r\n{}",
            "Content-Length: -1\r\n\r\n{}",
            "Content-Length: 9\r\n\r\n{}",
            "Content-Length: 9",
            "\r\n\r\n",
            "hello\r\n\r\n",
            &long,
        ] {
            assert!(matches!(first(text), Some(Incoming::Broken(_))), "{text:.20}: {:?}", first(text));
        }
        assert!(first("").is_none());
    }
}
