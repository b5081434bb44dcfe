//! Reads a Rust file as text: its code without comments and literals, the paths that it names, its functions.

/// A path such as `crate::sources::oid::Oid`, with the line that names it.
pub(crate) struct Path {
    pub(crate) line: usize,
    pub(crate) parts: Vec<String>,
}

/// A function with a body.
pub(crate) struct Function {
    pub(crate) name: String,
    pub(crate) line: usize,
    pub(crate) lines: usize,
}

/// One file of `src`.
pub(crate) struct Source {
    /// Below `src`, with slashes.
    pub(crate) path: String,
    /// As it stands in the file.
    pub(crate) text: String,
    /// Comments and literals blanked, every line still in its place.
    pub(crate) code: String,
    /// The same without what is only compiled for tests.
    pub(crate) shipped: String,
}

impl Source {
    pub(crate) fn new(path: &str, text: &str) -> Self {
        let code = without_literals(text);
        let shipped = without_tests(&code);
        Self { path: path.to_owned(), text: text.to_owned(), code, shipped }
    }

    /// The module that the file is: `facts/approval/mod.rs` is `["facts", "approval"]`, the crate's root is empty.
    pub(crate) fn module(&self) -> Vec<String> {
        let stem = self.path.trim_end_matches(".rs");
        let stem = stem.strip_suffix("/mod").unwrap_or(stem);
        if stem == "lib" || stem == "main" { Vec::new() } else { stem.split('/').map(str::to_owned).collect() }
    }

    /// The floor that the file stands on: its topmost folder, or its own name.
    pub(crate) fn room(&self) -> &str {
        self.path.split(['/', '.']).next().unwrap_or_default()
    }

    /// Lines of the file without its test modules.
    pub(crate) fn lines(&self) -> usize {
        let kept = self.code.lines().zip(self.shipped.lines());
        kept.filter(|(code, shipped)| code.trim().is_empty() || !shipped.trim().is_empty()).count()
    }

    /// Every path that the code names, in `use` declarations (their braces unfolded) and elsewhere.
    pub(crate) fn paths(&self) -> Vec<Path> {
        let words = words(&self.shipped);
        let mut found = Vec::new();
        let mut at = 0;
        while at < words.len() {
            if words[at].1 == "use" {
                at = unfold(&words, at + 1, &[], &mut found);
                continue;
            }
            let (line, mut parts) = (words[at].0, vec![words[at].1.to_owned()]);
            at += 1;
            if !is_name(&parts[0]) {
                continue;
            }
            while word(&words, at) == "::" && is_name(word(&words, at + 1)) {
                parts.push(word(&words, at + 1).to_owned());
                at += 2;
            }
            if parts.len() > 1 {
                found.push(Path { line, parts });
            }
        }
        found
    }

    /// Every function that has a body.
    pub(crate) fn functions(&self) -> Vec<Function> {
        let words = words(&self.shipped);
        let mut found = Vec::new();
        for at in 0..words.len() {
            if words[at].1 != "fn" || !is_name(word(&words, at + 1)) {
                continue;
            }
            let Some(open) = (at..words.len()).find(|&at| matches!(words[at].1, "{" | ";")) else { continue };
            if words[open].1 == ";" && !inside_brackets(&words[at..open]) {
                continue;
            }
            let last = closing(&words, open);
            let lines = words[last].0 - words[at].0 + 1;
            found.push(Function { name: word(&words, at + 1).to_owned(), line: words[at].0, lines });
        }
        found
    }

    /// Names of the modules that the file declares in files of their own.
    pub(crate) fn declared(&self) -> Vec<String> {
        let words = words(&self.code);
        let modules = words.windows(3).filter(|three| three[0].1 == "mod" && three[2].1 == ";");
        modules.map(|three| three[1].1.to_owned()).collect()
    }
}

/// A word of code with its line, counted from 1.
type Word<'a> = (usize, &'a str);

fn word<'a>(words: &[Word<'a>], at: usize) -> &'a str {
    words.get(at).map_or("", |word| word.1)
}

fn is_name(word: &str) -> bool {
    word.starts_with(|first: char| first.is_alphabetic() || first == '_')
}

/// `[u8; 4]` among the parameters holds a semicolon that ends nothing.
fn inside_brackets(words: &[Word<'_>]) -> bool {
    let count = |bracket: &str| words.iter().filter(|word| word.1 == bracket).count();
    count("[") > count("]")
}

/// Names, numbers, `::` and single signs.
fn words(code: &str) -> Vec<Word<'_>> {
    let mut found = Vec::new();
    for (line, text) in code.lines().enumerate() {
        let mut rest = text.trim_start();
        while let Some(first) = rest.chars().next() {
            let of_name = |letter: char| letter.is_alphanumeric() || letter == '_';
            let length = if of_name(first) {
                rest.find(|letter| !of_name(letter)).unwrap_or(rest.len())
            } else if rest.starts_with("::") {
                2
            } else {
                first.len_utf8()
            };
            found.push((line + 1, &rest[..length]));
            rest = rest[length..].trim_start();
        }
    }
    found
}

/// Index of the brace that closes the first one found from `open` on.
fn closing(words: &[Word<'_>], open: usize) -> usize {
    let mut depth = 0_usize;
    for (at, word) in words.iter().enumerate().skip(open) {
        match word.1 {
            "{" => depth += 1,
            "}" if depth == 1 => return at,
            "}" => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    words.len() - 1
}

/// Unfolds one branch of a `use` declaration. Returns the index behind it.
fn unfold(words: &[Word<'_>], mut at: usize, stem: &[String], found: &mut Vec<Path>) -> usize {
    let mut parts = stem.to_vec();
    let line = words.get(at).map_or(0, |word| word.0);
    loop {
        match word(words, at) {
            "::" => at += 1,
            "as" => at += 2,
            "{" => {
                at += 1;
                while !matches!(word(words, at), "}" | "") {
                    at = unfold(words, at, &parts, found);
                    if word(words, at) == "," {
                        at += 1;
                    }
                }
                return at + 1;
            }
            name if is_name(name) || name == "*" => {
                parts.push(name.to_owned());
                at += 1;
            }
            _ => {
                found.push(Path { line, parts });
                return at;
            }
        }
    }
}

/// Blanks comments, texts and single letters.
fn without_literals(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut blanked = bytes.to_vec();
    let mut at = 0;
    while at < bytes.len() {
        let end = literal_end(bytes, at);
        for byte in &mut blanked[at..end] {
            if *byte != b'\n' {
                *byte = b' ';
            }
        }
        at = end.max(at + 1);
    }
    String::from_utf8_lossy(&blanked).into_owned()
}

/// Where the comment or literal that starts at `at` ends; `at` itself if none does.
fn literal_end(bytes: &[u8], at: usize) -> usize {
    let rest = &bytes[at..];
    let find = |from: usize, sign: &[u8]| {
        let found = bytes[from..].windows(sign.len()).position(|window| window == sign);
        found.map_or(bytes.len(), |found| from + found)
    };
    if rest.starts_with(b"//") {
        return find(at, b"\n");
    }
    if rest.starts_with(b"/*") {
        return (find(at, b"*/") + 2).min(bytes.len());
    }
    let in_name = at > 0 && (bytes[at - 1].is_ascii_alphanumeric() || bytes[at - 1] == b'_') && bytes[at - 1] != b'b';
    if rest[0] == b'r' && !in_name {
        let hashes = rest[1..].iter().take_while(|&&byte| byte == b'#').count();
        if rest.get(1 + hashes) == Some(&b'"') {
            let sign = [b"\"".as_slice(), &vec![b'#'; hashes]].concat();
            return (find(at + hashes + 2, &sign) + sign.len()).min(bytes.len());
        }
    }
    match rest[0] {
        b'"' => quoted_end(bytes, at, b'"'),
        b'\'' if rest.get(1) == Some(&b'\\') => quoted_end(bytes, at, b'\''),
        // A lifetime has no closing quote behind its first letter.
        b'\'' => {
            let letter = rest[1..].iter().skip(1).take_while(|&&byte| byte & 0xC0 == 0x80).count() + 1;
            if rest.get(1 + letter) == Some(&b'\'') { at + letter + 2 } else { at }
        }
        _ => at,
    }
}

fn quoted_end(bytes: &[u8], start: usize, quote: u8) -> usize {
    let mut at = start + 1;
    while at < bytes.len() && bytes[at] != quote {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    (at + 1).min(bytes.len())
}

/// Blanks every item under `#[cfg(test)]`.
fn without_tests(code: &str) -> String {
    const SIGN: &str = "#[cfg(test)]";
    let mut kept = code.to_owned();
    while let Some(start) = kept.find(SIGN) {
        let (mut depth, mut end) = (0_usize, kept.len());
        for (at, sign) in kept[start + SIGN.len()..].char_indices() {
            match sign {
                '{' => depth += 1,
                '}' => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth == 0 && matches!(sign, '}' | ';') {
                end = start + SIGN.len() + at + 1;
                break;
            }
        }
        let blank: String = kept[start..end].chars().map(|sign| if sign == '\n' { '\n' } else { ' ' }).collect();
        kept.replace_range(start..end, &blank);
    }
    kept
}
