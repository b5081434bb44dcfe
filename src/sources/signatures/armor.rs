//! Armored blocks: bytes between `-----BEGIN …-----` and `-----END …-----`, in base64.
//!
//! Headers such as `Version:` and the checksum of OpenPGP are passed over: what a block holds is verified, not trusted.

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};

/// Writers differ on whether they pad.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The bytes of every block of a label, such as `SSH SIGNATURE`, in their order; `None` for one that has no end or is no
/// base64. Text between the blocks is passed over.
#[must_use]
pub(super) fn blocks(text: &[u8], label: &str) -> Vec<Option<Vec<u8>>> {
    let (begin, end) = (format!("-----BEGIN {label}-----"), format!("-----END {label}-----"));
    let mut found = Vec::new();
    let mut inside: Option<Block> = None;
    for line in text.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii) {
        if line == begin.as_bytes() {
            // A second beginning ends nothing: the block before it has no end.
            found.extend(inside.replace(Block::default()).map(|_| None));
        } else if line == end.as_bytes() {
            found.extend(inside.take().map(|block| decode(&block.base64)));
        } else if let Some(block) = &mut inside {
            block.add(line);
        }
    }
    found.extend(inside.map(|_| None));
    found
}

/// Base64, with or without padding and line breaks.
#[must_use]
pub(super) fn decode(base64: &[u8]) -> Option<Vec<u8>> {
    let packed: Vec<u8> = base64.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
    BASE64.decode(packed).ok()
}

#[derive(Default)]
struct Block {
    base64: Vec<u8>,
    ended: bool,
}

impl Block {
    fn add(&mut self, line: &[u8]) {
        // A header has a colon, which base64 has not. A checksum has `=` in front, and ends the data.
        let is_header = self.base64.is_empty() && line.contains(&b':');
        self.ended |= line.first() == Some(&b'=');
        if !self.ended && !is_header {
            self.base64.extend_from_slice(line);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_checksums_and_words_around_are_passed_over() {
        let text =
            b"x\n-----BEGIN A-----\nVersion: 1\n\nQUJD\r\nREU=\n=abcd\n-----END A-----\nx\n-----BEGIN A-----\nQQ\n";
        assert_eq!(blocks(text, "A"), [Some(b"ABCDE".to_vec()), None]);
        assert_eq!(blocks(b"-----BEGIN A-----\n!\n-----END A-----", "A"), [None]);
        assert!(blocks(text, "B").is_empty());
    }
}
