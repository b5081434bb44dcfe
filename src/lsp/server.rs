//! The state of a session: which documents are open, what was found last, and what is to be looked at again.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use lsp_types::{
    Diagnostic, DidChangeTextDocumentParams, DidCloseTextDocumentParams, DidOpenTextDocumentParams,
    PublishDiagnosticsParams, TextDocumentPositionParams, Uri,
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::Options;
use super::asked::{self, Question};
use super::diagnostics::Showing;
use super::explanations::Explanations;
use super::places;
use super::wire::{self, Code, Message};
use crate::engine::{self, Request, Scope, Texts};
use crate::error::{Error, Exit};
use crate::findings::finding::Finding;
use crate::sources::buffers;
use crate::text::safe;

/// What is to be looked at again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Due {
    Nothing,
    Documents,
    Everything,
}

/// How far a session is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Before,
    Running,
    ShutDown,
}

/// A document that the editor has open.
struct Open {
    address: Uri,
    version: i32,
    text: String,
}

/// A session.
pub(super) struct Server<'a> {
    options: &'a Options,
    out: &'a mut dyn Write,
    stage: Stage,
    directory: PathBuf,
    open: BTreeMap<PathBuf, Open>,
    due: Due,
    /// The documents as they were read last.
    texts: Option<Texts>,
    /// What was found the last time that everything was looked at, beside what is about the documents.
    happened: Vec<Finding>,
    /// Files that have findings in the editor.
    shown: BTreeSet<String>,
    explanations: Explanations,
    /// What was told last of why nothing can be checked.
    told: String,
}

impl<'a> Server<'a> {
    pub(super) fn new(options: &'a Options, out: &'a mut dyn Write) -> Self {
        Self {
            options,
            out,
            stage: Stage::Before,
            directory: engine::directory(options.directory.as_deref()),
            open: BTreeMap::new(),
            due: Due::Nothing,
            texts: None,
            happened: Vec::new(),
            shown: BTreeSet::new(),
            explanations: Explanations::default(),
            told: String::new(),
        }
    }

    /// Whether something is to be looked at again.
    pub(super) fn is_due(&self) -> bool {
        self.due > Due::Nothing
    }

    /// Answers something that is no message.
    pub(super) fn malformed(&mut self, why: &str) -> io::Result<()> {
        wire::refuse(self.out, &Value::Null, Code::Parse, &safe(why))
    }

    /// Takes a message; the exit status with which the session ends, if it does.
    pub(super) fn take(&mut self, message: Message) -> io::Result<Option<Exit>> {
        match (message.id, message.method) {
            (Some(id), Some(method)) => self.request(&id, &method, message.params)?,
            (None, Some(method)) if method == "exit" => {
                return Ok(Some(if self.stage == Stage::ShutDown { Exit::Clean } else { Exit::Exceptions }));
            }
            (None, Some(method)) if self.stage == Stage::Running => self.notification(&method, message.params),
            // Nothing is asked of the client, so no answer is for us; and before `initialize` nothing counts.
            _ => {}
        }
        Ok(None)
    }

    fn request(&mut self, id: &Value, method: &str, params: Value) -> io::Result<()> {
        match (self.stage, method) {
            (Stage::Before, "initialize") => {
                self.begin(&params);
                wire::answer(self.out, id, &able())
            }
            (Stage::Before, _) => wire::refuse(self.out, id, Code::NotInitialized, "initialize comes first"),
            (Stage::ShutDown, _) => wire::refuse(self.out, id, Code::InvalidRequest, "the session is shut down"),
            (Stage::Running, "initialize") => {
                wire::refuse(self.out, id, Code::InvalidRequest, "the session is initialized already")
            }
            (Stage::Running, "shutdown") => {
                self.stage = Stage::ShutDown;
                self.due = Due::Nothing;
                wire::answer(self.out, id, &Value::Null)
            }
            (Stage::Running, _) => match Question::of(method) {
                Some(question) => self.asked(id, question, params),
                None => {
                    let why = format!("nothing is known of {}", safe(method));
                    wire::refuse(self.out, id, Code::MethodNotFound, &why)
                }
            },
        }
    }

    /// Answers what is asked about a place in a document, as it stands in the editor now.
    fn asked(&mut self, id: &Value, question: Question, params: Value) -> io::Result<()> {
        let Some(at) = read::<TextDocumentPositionParams>(params) else {
            return wire::refuse(self.out, id, Code::InvalidParams, "a document and a position are expected");
        };
        // What can follow is read off the text itself, which is seldom whole while somebody types.
        if self.due > Due::Nothing && (question != Question::Completion || self.texts.is_none()) {
            let due = self.due;
            self.due = Due::Documents;
            self.refresh()?;
            self.due = if due == Due::Everything { due } else { Due::Nothing };
        }
        let answer = self.answer(question, &at).unwrap_or(Value::Null);
        wire::answer(self.out, id, &answer)
    }

    fn answer(&self, question: Question, at: &TextDocumentPositionParams) -> Option<Value> {
        let texts = self.texts.as_ref()?;
        let path = buffers::place(&places::path(&at.text_document.uri)?);
        let open = self.open.get(&path)?;
        let file = path.strip_prefix(buffers::place(&texts.root)).ok()?.to_str()?.replace('\\', "/");
        let address = |file: &str| address(&self.open, &texts.root, file);
        asked::answer(question, texts, &file, &open.text, at.position, &address)
    }

    fn begin(&mut self, params: &Value) {
        let folder = [&params["workspaceFolders"][0]["uri"], &params["rootUri"]].into_iter().find_map(Value::as_str);
        let folder = folder.and_then(|address| address.parse::<Uri>().ok()).and_then(|address| places::path(&address));
        if let (None, Some(folder)) = (&self.options.directory, folder) {
            self.directory = folder;
        }
        self.stage = Stage::Running;
        self.due = Due::Everything;
    }

    fn notification(&mut self, method: &str, params: Value) {
        match method {
            "textDocument/didOpen" => {
                if let Some(DidOpenTextDocumentParams { text_document: opened }) = read(params) {
                    self.hold(opened.uri, opened.version, opened.text);
                }
            }
            "textDocument/didChange" => {
                if let Some(DidChangeTextDocumentParams { text_document: changed, content_changes }) = read(params)
                    && let Some(last) = content_changes.into_iter().rfind(|change| change.range.is_none())
                {
                    self.hold(changed.uri, changed.version, last.text);
                }
            }
            "textDocument/didClose" => {
                if let Some(DidCloseTextDocumentParams { text_document: closed }) = read(params)
                    && let Some(path) = places::path(&closed.uri).map(|path| buffers::place(&path))
                {
                    self.open.remove(&path);
                    buffers::release(&path);
                    self.ask_for(Due::Documents);
                }
            }
            "textDocument/didSave" | "workspace/didChangeWatchedFiles" => self.ask_for(Due::Everything),
            _ => {}
        }
    }

    fn hold(&mut self, address: Uri, version: i32, text: String) {
        let Some(path) = places::path(&address).map(|path| buffers::place(&path)) else { return };
        buffers::hold(path.clone(), text.clone());
        self.open.insert(path, Open { address, version, text });
        self.ask_for(Due::Documents);
    }

    fn ask_for(&mut self, what: Due) {
        self.due = self.due.max(what);
    }

    /// Looks again at what is due, and shows what is found.
    pub(super) fn refresh(&mut self) -> io::Result<()> {
        let due = std::mem::replace(&mut self.due, Due::Nothing);
        let request = Request {
            directory: self.directory.clone(),
            config: self.options.config.clone(),
            as_of: self.options.as_of.clone(),
            period: self.options.period.clone(),
            scope: Scope::Whole,
            now: (self.options.now)(),
            progress: &|_| (),
        };
        let checked = match due {
            Due::Nothing => return Ok(()),
            Due::Documents => engine::check_documents(&request),
            Due::Everything => engine::check(&request),
        };
        let checked = match checked {
            Ok(checked) => checked,
            Err(error) => return self.tell(&error),
        };
        self.told.clear();
        let mut found = checked.ledger.findings;
        let happened = found.split_off(checked.of_documents.min(found.len()));
        if due == Due::Everything {
            self.happened = happened;
        }
        let known = if checked.ledger.misconfigured { &[][..] } else { &self.happened[..] };
        let (root, pack) = (checked.texts.root.clone(), &checked.texts.pack);
        let explanations = &mut self.explanations;
        let open = &self.open;
        let address = |file: &str| address(open, &root, file);
        let mut explained = |rule: &str| explanations.of(rule, pack);
        let shown = Showing::new(&checked.texts, &address, &mut explained).all(found.iter().chain(known));
        self.texts = Some(checked.texts);
        self.publish(&root, shown)
    }

    /// Shows the findings of every file, and takes back those of files that have none any more.
    fn publish(&mut self, root: &Path, mut shown: BTreeMap<String, Vec<Diagnostic>>) -> io::Result<()> {
        let files: BTreeSet<String> = shown.keys().cloned().collect();
        for file in self.shown.union(&files) {
            let Some(uri) = address(&self.open, root, file) else { continue };
            let version = self.open.get(&buffers::place(&root.join(file))).map(|open| open.version);
            let diagnostics = shown.remove(file).unwrap_or_default();
            let params = PublishDiagnosticsParams { uri, diagnostics, version };
            wire::notify(self.out, "textDocument/publishDiagnostics", &serde_json::to_value(params)?)?;
        }
        self.shown = files;
        Ok(())
    }

    /// Tells why nothing can be checked, once.
    fn tell(&mut self, error: &Error) -> io::Result<()> {
        let why = match &error.hint {
            Some(hint) => format!("tickmark: {}\n{}", safe(&error.message), safe(hint)),
            None => format!("tickmark: {}", safe(&error.message)),
        };
        if self.told == why {
            return Ok(());
        }
        wire::notify(self.out, "window/showMessage", &json!({ "type": 1, "message": why }))?;
        self.told = why;
        Ok(())
    }
}

impl Drop for Server<'_> {
    fn drop(&mut self) {
        self.open.keys().for_each(|path| buffers::release(path));
    }
}

/// The address of a file below the root: where it is open, as the editor itself writes it.
fn address(open: &BTreeMap<PathBuf, Open>, root: &Path, file: &str) -> Option<Uri> {
    let path = buffers::place(&root.join(file));
    match open.get(&path) {
        Some(open) => Some(open.address.clone()),
        None => places::address(&std::path::absolute(path).ok()?),
    }
}

fn read<T: DeserializeOwned>(params: Value) -> Option<T> {
    serde_json::from_value(params).ok()
}

/// What the server can do, as the answer to `initialize`.
fn able() -> Value {
    json!({
        "capabilities": {
            "positionEncoding": "utf-16",
            // Whole texts: documents are short, and there is nothing to get wrong.
            "textDocumentSync": { "openClose": true, "change": 1, "save": true },
            "hoverProvider": true,
            "definitionProvider": true,
            "completionProvider": { "triggerCharacters": [":", " ", "[", "("] },
        },
        "serverInfo": { "name": "tickmark", "version": env!("CARGO_PKG_VERSION") },
    })
}
