//! Patterns as OpenSSH reads them: `*` stands for anything, `?` for one character, `!` in front takes out.

/// Whether a list of patterns takes a text: one of them matches it, and none that takes out does.
#[must_use]
pub(super) fn matches(patterns: &[String], text: &str) -> bool {
    let mut found = false;
    for pattern in patterns {
        match pattern.strip_prefix('!') {
            Some(out) if one(out.as_bytes(), text.as_bytes()) => return false,
            Some(_) => {}
            None => found |= one(pattern.as_bytes(), text.as_bytes()),
        }
    }
    found
}

/// Whether a pattern names nobody in particular.
#[must_use]
pub(super) fn is_open(pattern: &str) -> bool {
    pattern.starts_with('!') || pattern.contains(['*', '?'])
}

/// Takes time that grows with the product of both lengths at most: only the last `*` is ever tried again.
fn one(pattern: &[u8], text: &[u8]) -> bool {
    let (mut at, mut here) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while here < text.len() {
        match pattern.get(at) {
            Some(b'*') => {
                star = Some((at + 1, here));
                at += 1;
            }
            Some(&wanted) if wanted == b'?' || wanted == text[here] => {
                at += 1;
                here += 1;
            }
            _ => match star {
                Some((behind, from)) => {
                    star = Some((behind, from + 1));
                    (at, here) = (behind, from + 1);
                }
                None => return false,
            },
        }
    }
    pattern[at..].iter().all(|&byte| byte == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(text: &str) -> Vec<String> {
        text.split(',').map(str::to_owned).collect()
    }

    #[test]
    fn patterns_match_as_openssh_matches_them() {
        for (patterns, text, expected) in [
            ("dana@acme.example", "dana@acme.example", true),
            ("dana@acme.example", "Dana@acme.example", false),
            ("*@acme.example", "dana@acme.example", true),
            ("*@acme.example,!dana@acme.example", "dana@acme.example", false),
            ("!dana@acme.example,*@acme.example", "mira@acme.example", true),
            ("!dana@acme.example", "mira@acme.example", false),
            ("d?na@*", "dana@acme.example", true),
            ("*a*b*c", "aXbXbXc", true),
            ("*a*b*c", "aXbXbXcX", false),
            ("", "", true),
            ("*", "", true),
        ] {
            assert_eq!(matches(&list(patterns), text), expected, "{patterns} {text}");
        }
    }

    #[test]
    fn many_stars_take_no_time() {
        let pattern = "*a".repeat(500) + "b";
        assert!(!matches(&[pattern], &"a".repeat(20_000)));
    }
}
