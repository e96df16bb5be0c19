//! The mail that is sent (RFC 5322). The token stands in Message-ID, Subject and a field of its
//! own. No Auto-Submitted: an automatic answer has that, too, and the token would not count;
//! X-Auto-Response-Suppress is what Exchange heeds in its place.

use crate::mailbox::FIELD;
use crate::secret::Login;

pub(super) fn message(from: &str, to: &[&str], token: &str, subject: &str) -> String {
    let domain = from.rsplit('@').next().unwrap_or_default();
    let now = jiff::Timestamp::now();
    let date = jiff::fmt::rfc2822::to_string(&now.to_zoned(jiff::tz::TimeZone::UTC));
    let date = date.unwrap_or_default();
    let subject = match subject.is_ascii() {
        true => folded(subject),
        false => encoded_words(subject),
    };
    let to: Vec<_> = to.iter().map(|to| format!("<{to}>")).collect();
    let to = to.join(",\r\n ");
    format!(
        "From: <{from}>\r\nTo: {to}\r\nSubject: {subject}\r\n {token}\r\nDate: {date}\r\n\
         Message-ID: <{token}@{domain}>\r\n{FIELD}: {token}\r\nX-Auto-Response-Suppress: All\r\n\
         MIME-Version: 1.0\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\n\
         A probe of smarthop: it tells which way mail from this sender leaves. No answer, please.\r\n"
    )
}

/// RFC 5322 2.1.1: no line has more than 998 characters, and should have no more than 78.
fn folded(text: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        match lines.last_mut() {
            Some(line) if line.len() + word.len() < 60 => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines.join("\r\n ")
}

/// RFC 2047: each word has at most 75 characters, and whole characters.
fn encoded_words(text: &str) -> String {
    let mut words = Vec::new();
    let mut part = String::new();
    for char in text.chars() {
        // 45 octets are 60 of Base64.
        if part.len() + char.len_utf8() > 45 {
            words.push(std::mem::take(&mut part));
        }
        part.push(char);
    }
    words.push(part);
    let words = words
        .iter()
        .map(|part| format!("=?UTF-8?B?{}?=", Login::encoded(part)));
    words.collect::<Vec<_>>().join("\r\n ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_has_short_lines_and_its_token_three_times() {
        let token = "0123456789abcdef0123456789abcdef";
        for subject in [
            "smarthop probe",
            &"word ".repeat(80),
            &"Prüfung 試験 ".repeat(20),
        ] {
            let text = message("a@example.com", &["b@example.org"], token, subject);
            assert!(text.is_ascii());
            assert!(text.split("\r\n").all(|line| line.len() <= 90), "{text}");
            assert_eq!(text.matches(token).count(), 3, "{text}");
            assert!(!text.replace("\r\n", "").contains(['\r', '\n']));
        }
    }
}
