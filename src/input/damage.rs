//! What programs change within the lines of a header on its way through a clipboard, undone line by
//! line before [`repair`](super::repair) looks at the lines: links beside names, defanged
//! addresses, line numbers, the marks of a diff, odd spaces.
//!
//! Nothing of it is done where the lines of a `Received` field, or what stands before them, show no
//! sign of it; and what is taken away tells nothing that is not there without it: a link goes only
//! where it repeats the text before it. No line is added, joined or left out. Knows nothing of what
//! a field means.

use std::borrow::Cow;

use super::repair::first_word_is_received;
use super::{Note, Noted, odd_space};

/// So many lines in a row with their numbers are no chance.
const EVIDENT: usize = 3;

/// What shows a damage in a line, what undoes it in a text, and what it is.
type Step = (fn(&str) -> bool, fn(&str) -> String, Note);

/// Text without such damage, as many lines as before; borrowed where there was none.
pub(super) fn undo<'x>(text: &'x str, notes: &mut Vec<Noted>) -> Cow<'x, str> {
    let mut text = Cow::Borrowed(text);
    let steps: [Step; 5] = [
        (has_odd_spaces, without_odd_spaces, Note::OddSpaces),
        (is_numbered, without_numbers, Note::LineNumbers),
        (is_added, without_pluses, Note::DiffMarks),
        (has_links, without_links, Note::Links),
        (is_defanged, refanged, Note::Defanged),
    ];
    for (shows, undo, note) in steps {
        let sign = header_lines(&text).find(|(_, line)| shows(line));
        if let Some(line) = sign.map(|(number, _)| number) {
            let undone = undo(&text);
            if undone != *text {
                notes.push(note.on(line));
                text = Cow::Owned(undone);
            }
        }
    }
    text
}

/// What is left of it, where it stands and cannot be undone: names beside links to elsewhere.
pub(super) fn remains(text: &str) -> Option<u32> {
    let mut lines = header_lines(text);
    lines
        .find(|(_, line)| has_links(line) || is_defanged(line))
        .map(|(number, _)| number)
}

/// Any sign in a section that is well-formed otherwise.
pub(super) fn is_likely(section: &str) -> bool {
    let signs = [
        has_links,
        is_defanged,
        has_odd_spaces,
        is_numbered,
        is_added,
    ];
    header_lines(section).any(|(_, line)| signs.iter().any(|shows| shows(line)))
}

/// The lines from the first `Received` field, in whatever dress, to the next empty line.
fn header_lines(text: &str) -> impl Iterator<Item = (u32, &str)> {
    let lines = (1u32..).zip(text.lines());
    lines
        .skip_while(|(_, line)| !first_word_is_received(line))
        .take_while(|(_, line)| !matches!(line.trim(), "" | "+"))
}

fn has_odd_spaces(line: &str) -> bool {
    !line.is_ascii() && line.chars().any(|c| is_zero_width(c) || odd_space(c))
}

const fn is_zero_width(character: char) -> bool {
    matches!(
        character,
        '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{FEFF}' | '\u{AD}'
    )
}

/// White space that a line begins with stays as it is: whether it makes a fold of the line is
/// decided with what stands above.
fn without_odd_spaces(text: &str) -> String {
    each_line(text, |line| {
        let plain: String = line.chars().filter(|c| !is_zero_width(*c)).collect();
        let bare = plain.trim_start_matches(|c: char| c == ' ' || c == '\t' || odd_space(c));
        let start = plain.len() - bare.len();
        let mut out = plain.get(..start).unwrap_or_default().to_owned();
        out.extend(bare.chars().map(|c| if odd_space(c) { ' ' } else { c }));
        out
    })
}

/// The number that a line begins with, and what separates it from the text.
fn number_of(line: &str) -> Option<(u32, &str)> {
    let bare = line.trim_start_matches([' ', '\t']);
    let digits = bare.bytes().take_while(u8::is_ascii_digit).count();
    let (number, rest) = bare.split_at_checked(digits)?;
    Some((number.parse().ok()?, rest))
}

/// A numbered line of a Received field: its number stands before it.
fn is_numbered(line: &str) -> bool {
    number_of(line).is_some_and(|(_, rest)| separator_of(rest).is_some())
}

/// How long what stands between a number and its text is, where the text begins a field.
fn separator_of(rest: &str) -> Option<usize> {
    let text = rest.trim_start_matches([' ', '\t', '.', ':', '|', ')', '\u{2502}']);
    let length = rest.len() - text.len();
    (length > 0 && text.starts_with(|c: char| c.is_ascii_alphabetic())).then_some(length)
}

/// Takes the numbers off the longest run of lines that are numbered one by one.
fn without_numbers(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let numbers: Vec<Option<(u32, &str)>> = lines.iter().map(|line| number_of(line)).collect();
    let mut best = 0..0;
    let mut start = 0;
    for index in 0..=lines.len() {
        let follows = index > start
            && match (numbers.get(index - 1), numbers.get(index)) {
                (Some(Some((before, _))), Some(Some((now, _)))) => {
                    before.checked_add(1) == Some(*now)
                }
                _ => false,
            };
        if !follows {
            if index - start > best.len() {
                best = start..index;
            }
            start = index;
        }
    }
    // Fields stand at the edge of the text, folds behind it.
    let in_run = || {
        numbers
            .get(best.clone())
            .unwrap_or_default()
            .iter()
            .flatten()
    };
    let edge = in_run().filter_map(|(_, rest)| separator_of(rest)).min();
    let Some(edge) = edge.filter(|_| best.len() >= EVIDENT) else {
        return text.to_owned();
    };
    let mut index = 0;
    each_line(text, |line| {
        let own = numbers
            .get(index)
            .copied()
            .flatten()
            .filter(|_| best.contains(&index));
        index += 1;
        match own {
            Some((_, rest)) => {
                let cut = rest.char_indices().map(|(at, _)| at).find(|at| *at >= edge);
                cut.and_then(|at| rest.get(at..))
                    .unwrap_or_default()
                    .to_owned()
            }
            None => line.to_owned(),
        }
    })
}

/// A line that a diff adds.
fn is_added(line: &str) -> bool {
    line.starts_with('+')
}

/// Takes the marks off, where all lines of the header have them: a `+` may begin a field's name.
fn without_pluses(text: &str) -> String {
    if !header_lines(text).all(|(_, line)| is_added(line)) {
        return text.to_owned();
    }
    each_line(text, |line| {
        line.strip_prefix('+').unwrap_or(line).to_owned()
    })
}

const SCHEMES: &[&str] = &["http://", "https://", "mailto:", "tel:"];

/// The link that `text` begins with: its target, and what follows it.
fn link_of(text: &str) -> Option<(&str, &str)> {
    let inside = text.strip_prefix('<')?;
    let scheme = SCHEMES.iter().find(|scheme| {
        let start = inside.get(..scheme.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    })?;
    let (target, rest) = inside.get(scheme.len()..)?.split_once('>')?;
    (!target.contains(char::is_whitespace)).then_some((target, rest))
}

fn has_links(line: &str) -> bool {
    line.match_indices('<')
        .any(|(at, _)| line.get(at..).is_some_and(|rest| link_of(rest).is_some()))
}

/// `name<http://name>` and `a@b<mailto:a@b>` become what they were.
fn without_links(text: &str) -> String {
    each_line(text, |line| {
        let mut plain = String::with_capacity(line.len());
        let mut rest = line;
        while let Some(at) = rest.find('<') {
            let (before, behind) = rest.split_at_checked(at).unwrap_or((rest, ""));
            plain.push_str(before);
            let repeated = link_of(behind).filter(|(target, _)| {
                let target = target.strip_suffix('/').unwrap_or(target);
                let start = plain.len().checked_sub(target.len());
                let before = start.and_then(|start| plain.get(start..));
                !target.is_empty() && before.is_some_and(|b| b.eq_ignore_ascii_case(target))
            });
            match repeated {
                Some((_, behind)) => rest = behind,
                None => {
                    plain.push('<');
                    rest = behind.get(1..).unwrap_or_default();
                }
            }
        }
        plain.push_str(rest);
        plain
    })
}

/// What analysts write for `.`, `:`, `@` and the schemes of links.
const FANGS: &[(&str, &str)] = &[
    ("[.]", "."),
    ("(.)", "."),
    ("{.}", "."),
    ("[dot]", "."),
    ("(dot)", "."),
    ("[:]", ":"),
    ("[@]", "@"),
    ("[at]", "@"),
    ("hxxps://", "https://"),
    ("hxxp://", "http://"),
];

fn is_defanged(line: &str) -> bool {
    FANGS.iter().any(|(fang, _)| line.contains(fang))
}

fn refanged(text: &str) -> String {
    let mut plain = text.to_owned();
    for (fang, own) in FANGS {
        if plain.contains(fang) {
            plain = plain.replace(fang, own);
        }
    }
    plain
}

fn each_line(text: &str, mut change: impl FnMut(&str) -> String) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.lines() {
        out.push_str(&change(line));
        out.push('\n');
    }
    out
}
