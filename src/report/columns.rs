//! How wide a text is, and how it is shortened, in columns: East Asian wide characters take two,
//! combining marks none. Works on text that is already printable.

use std::borrow::Cow;

use unicode_width::UnicodeWidthChar as _;

pub(crate) fn width(text: &str) -> usize {
    text.chars().map(char_width).sum()
}

fn char_width(char: char) -> usize {
    char.width().unwrap_or(0)
}

/// `text` in at most `columns`, its middle left out where it is longer. The end of a host name says
/// whose it is, so two thirds of the room are the end's.
pub(crate) fn shorten(text: &str, columns: usize) -> Cow<'_, str> {
    if width(text) <= columns {
        return Cow::Borrowed(text);
    }
    let room = columns.saturating_sub(1);
    let head = room / 3;
    let head_end = fitting(text.char_indices(), text.len(), head);
    let tail_start = {
        let mut left = room - head;
        let mut start = text.len();
        for (index, char) in text.char_indices().rev() {
            match left.checked_sub(char_width(char)) {
                Some(rest) => (left, start) = (rest, index),
                None => break,
            }
        }
        start
    };
    let head = text.get(..head_end).unwrap_or_default();
    let tail = text.get(tail_start..).unwrap_or_default();
    Cow::Owned(format!("{head}…{tail}"))
}

/// Where the characters stop fitting into `columns`.
pub(crate) fn fitting(
    chars: impl Iterator<Item = (usize, char)>,
    end: usize,
    columns: usize,
) -> usize {
    let mut left = columns;
    for (index, char) in chars {
        match left.checked_sub(char_width(char)) {
            Some(rest) => left = rest,
            None => return index,
        }
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_is_left_out() {
        assert_eq!(shorten("mx.example.com", 14), "mx.example.com");
        assert_eq!(
            shorten("smtp-relay.smtp.example.com", 16),
            "smtp-…xample.com"
        );
        assert_eq!(shorten("試験試験試験", 7), "試…試験");
        assert_eq!(shorten("abc", 1), "…");
        for columns in 1..40 {
            let long = "試a".repeat(30);
            assert!(width(&shorten(&long, columns)) <= columns, "{columns}");
        }
    }
}
