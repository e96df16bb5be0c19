//! Names of folders in IMAP: Unicode as modified UTF-7 (RFC 3501 5.1.3).

use base64::Engine as _;
use base64::alphabet::IMAP_MUTF7;
use base64::engine::{GeneralPurpose, general_purpose::NO_PAD};

const BASE64: GeneralPurpose = GeneralPurpose::new(&IMAP_MUTF7, NO_PAD);

/// As a server takes it. A name in ASCII is the server's own form already.
pub(super) fn encoded(name: &str) -> String {
    if name.is_ascii() {
        return name.to_owned();
    }
    let mut text = String::new();
    let mut wide: Vec<u8> = Vec::new();
    let flush = |wide: &mut Vec<u8>, text: &mut String| {
        if !wide.is_empty() {
            text.push('&');
            text.push_str(&BASE64.encode(&*wide));
            text.push('-');
            wide.clear();
        }
    };
    for char in name.chars() {
        if char.is_ascii() {
            flush(&mut wide, &mut text);
            text.push(char);
            if char == '&' {
                text.push('-');
            }
        } else {
            let mut units = [0; 2];
            for unit in char.encode_utf16(&mut units) {
                wide.extend(unit.to_be_bytes());
            }
        }
    }
    flush(&mut wide, &mut text);
    text
}

/// As people read it; what is not encoded as it should be stays as it is.
pub(super) fn decoded(name: &str) -> String {
    let mut text = String::new();
    let mut rest = name;
    while let Some((before, after)) = rest.split_once('&') {
        let Some((code, behind)) = after.split_once('-') else {
            return name.to_owned();
        };
        text.push_str(before);
        if code.is_empty() {
            text.push('&');
        } else {
            let Ok(bytes) = BASE64.decode(code) else {
                return name.to_owned();
            };
            let units = bytes
                .chunks(2)
                .filter_map(|pair| Some(u16::from_be_bytes(pair.try_into().ok()?)));
            text.extend(
                char::decode_utf16(units).map(|char| char.unwrap_or(char::REPLACEMENT_CHARACTER)),
            );
        }
        rest = behind;
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways() {
        for (people, server) in [
            ("Courrier indésirable", "Courrier ind&AOk-sirable"),
            ("台北/日本語", "&U,BTFw-/&ZeVnLIqe-"),
            ("Entwürfe & mehr", "Entw&APw-rfe &- mehr"),
            ("😀", "&2D3eAA-"),
        ] {
            assert_eq!(encoded(people), server);
            assert_eq!(decoded(server), people);
        }
        assert_eq!(encoded("INBOX"), "INBOX");
        assert_eq!(decoded("R&D"), "R&D");
    }
}
