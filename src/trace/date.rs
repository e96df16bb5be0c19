//! Dates as servers write them into trace fields, to instants (RFC 5322 3.3 and 4.3).
//!
//! Beside RFC 5322 with its obsolete forms: JavaScript's `toString`, Go's `time.String`, ISO 8601,
//! ctime and asctime (with or without a zone), full names of months, fractions of a second, AM and
//! PM, `-08:00`, `+100`, `21-Sep-2002`, weekday or seconds left out, comments anywhere.
//! Where no zone is given, or one whose meaning is not known, no instant is (RFC 5322 4.3).
//!
//! Not supported: names in other languages, week dates, and numeric dates of which day and month
//! cannot be told apart. Knows nothing of the field a date stands in.

use jiff::Timestamp;
use jiff::civil;
use jiff::tz::Offset;

use super::DateStanding;
use crate::lex;

/// How many words a date is looked for in: the longest form (JavaScript's `toString`) has eight.
const MAX_WORDS: usize = 12;

/// How long a comment within a date may be: JavaScript's longest names of zones stay under fifty.
const MAX_COMMENT: usize = 64;

/// What was read in the place of a date.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Reading {
    /// The instant, in whole seconds; fractions are cut off.
    pub(crate) date: Option<Timestamp>,
    /// How far it can be relied on.
    pub(crate) standing: DateStanding,
    /// The index behind the date's last word.
    pub(crate) end: usize,
    /// The date names its weekday; qmail's never does.
    pub(crate) weekday: bool,
}

#[derive(Debug, Clone, Copy)]
enum Zone {
    /// Seconds east of Greenwich.
    Known(i32),
    Unknown,
}

impl Zone {
    /// `zone = ( "+" / "-" ) 4DIGIT`
    fn offset(sign: u8, hours: i32, minutes: i32) -> Self {
        let sign = if sign == b'-' { -1 } else { 1 };
        if hours <= 23 && minutes <= 59 {
            Zone::Known(sign * (hours * 3600 + minutes * 60))
        } else {
            Zone::Unknown
        }
    }
}

#[derive(Debug, Default)]
struct Parts {
    day: Option<i8>,
    month: Option<i8>,
    year: Option<i16>,
    time: Option<(i8, i8, i8)>,
    afternoon: Option<bool>,
    zone: Option<Zone>,
    weekday: bool,
}

/// Reads the date that `text` begins with.
pub(crate) fn read(text: &str) -> Reading {
    let bytes = text.as_bytes();
    let (mut parts, mut words, mut end) = common(bytes).unwrap_or_default();
    let mut at = end;
    loop {
        at = skip(text, at);
        let Some(first) = bytes.get(at) else { break };
        if matches!(first, b'(' | b';') {
            break;
        }
        let length = bytes
            .get(at..)
            .unwrap_or_default()
            .iter()
            .position(|byte| lex::is_wsp(*byte) || matches!(byte, b'(' | b')' | b';' | b','))
            .unwrap_or(bytes.len() - at);
        let word = text.get(at..at + length).unwrap_or("");
        if word.is_empty() || words == MAX_WORDS || !parts.take(word) {
            break;
        }
        words += 1;
        at += length;
        end = at;
    }
    if words == 0 {
        let standing = if text.trim_ascii().is_empty() {
            DateStanding::Missing
        } else {
            DateStanding::Unreadable
        };
        return Reading {
            standing,
            ..Reading::default()
        };
    }
    let (date, standing) = parts.instant();
    Reading {
        date,
        standing,
        end,
        weekday: parts.weekday,
    }
}

/// `[ day-name "," ] day month year hour ":" minute ":" second zone`, as nearly every server writes
/// it; also with the obsolete year of two digits, and a fraction of a second. Its parts, its words, and the index
/// behind the zone. Whatever differs is read word by word; both ways come to the same parts.
fn common(bytes: &[u8]) -> Option<(Parts, usize, usize)> {
    let mut parts = Parts::default();
    let mut words = 5;
    let mut rest = unspaced(bytes);
    if let [a, b, c, b',', behind @ ..] = rest
        && weekday_named([*a, *b, *c]).is_some()
    {
        parts.weekday = true;
        words += 1;
        rest = unspaced(behind);
    }
    let (day, behind) = match rest {
        [one, gap, behind @ ..] if lex::is_wsp(*gap) => (digit(*one)?, behind),
        [ten, one, gap, behind @ ..] if lex::is_wsp(*gap) => (two(*ten, *one)?, behind),
        _ => return None,
    };
    let [a, b, c, gap, behind @ ..] = unspaced(behind) else {
        return None;
    };
    let (month, _) = month_named([*a, *b, *c])?;
    let (year, behind) = match unspaced(behind) {
        [y, e, end, behind @ ..] if lex::is_wsp(*end) => {
            (full_year(i16::from(two(*y, *e)?), 2), behind)
        }
        [y, e, a, r, end, behind @ ..] if lex::is_wsp(*end) => {
            let century = i16::from(two(*y, *e)?) * 100;
            (century + i16::from(two(*a, *r)?), behind)
        }
        _ => return None,
    };
    let [h, o, b':', m, i, b':', s, n, behind @ ..] = unspaced(behind) else {
        return None;
    };
    let [space, behind @ ..] = whole_seconds(behind) else {
        return None;
    };
    let second = match two(*s, *n)? {
        60 => 59,
        second => second,
    };
    if !(lex::is_wsp(*gap) && lex::is_wsp(*space)) {
        return None;
    }
    let [sign @ (b'+' | b'-'), a, b, c, d, behind @ ..] = unspaced(behind) else {
        return None;
    };
    let ends = |byte: &u8| lex::is_wsp(*byte) || matches!(byte, b'(' | b')' | b';' | b',');
    if !behind.first().is_none_or(ends) {
        return None;
    }
    parts.day = Some(day);
    parts.month = Some(month);
    parts.year = Some(year);
    parts.time = Some((two(*h, *o)?, two(*m, *i)?, second));
    parts.zone = Some(Zone::offset(
        *sign,
        i32::from(two(*a, *b)?),
        i32::from(two(*c, *d)?),
    ));
    Some((parts, words, bytes.len() - behind.len()))
}

/// Behind a fraction of a second, if there is one.
fn whole_seconds(rest: &[u8]) -> &[u8] {
    let [b'.', fraction @ ..] = rest else {
        return rest;
    };
    let mut rest = fraction;
    while let [b'0'..=b'9', behind @ ..] = rest {
        rest = behind;
    }
    rest
}

/// Behind white space.
fn unspaced(mut rest: &[u8]) -> &[u8] {
    while let [byte, behind @ ..] = rest
        && lex::is_wsp(*byte)
    {
        rest = behind;
    }
    rest
}

fn digit(byte: u8) -> Option<i8> {
    byte.is_ascii_digit().then(|| (byte - b'0') as i8)
}

fn two(ten: u8, one: u8) -> Option<i8> {
    Some(digit(ten)? * 10 + digit(one)?)
}

/// Whether a date may begin here: a weekday, a month, a number of up to two digits, or an ISO date.
pub(crate) fn is_start(text: &str) -> bool {
    let word = lex::first_word(text, b",(");
    if word.as_bytes().first().is_some_and(u8::is_ascii_digit) {
        let digits = word.bytes().take_while(u8::is_ascii_digit).count();
        return (digits == word.len() && digits <= 2)
            || matches!(word.as_bytes().get(digits), Some(b'-' | b'/'));
    }
    is_weekday(word) || month(word).is_some()
}

/// The index of the next word of `text` with which a date may begin.
pub(crate) fn next_start(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 0;
    for _ in 0..MAX_WORDS {
        at = skip(text, at);
        while bytes
            .get(at)
            .is_some_and(|byte| !lex::is_wsp(*byte) && *byte != b'(')
        {
            at += 1;
        }
        at = skip(text, at);
        while bytes.get(at).is_some_and(|byte| *byte == b';') {
            at = skip(text, at + 1);
        }
        if bytes.get(at) == Some(&b'(') || at >= bytes.len() {
            return None;
        }
        if is_start(text.get(at..).unwrap_or("")) {
            return Some(at);
        }
    }
    None
}

/// The index of the next byte that is neither white space nor a comma nor in a comment.
fn skip(text: &str, mut at: usize) -> usize {
    let bytes = text.as_bytes();
    while let Some(byte) = bytes.get(at) {
        lex::steps::step(1);
        match byte {
            b'(' => match zone_comment(text, at) {
                Some(end) => at = end,
                None => return at,
            },
            _ if lex::is_wsp(*byte) || *byte == b',' => at += 1,
            _ => return at,
        }
    }
    at
}

/// The index behind a comment that belongs to the date: a zone's name. Others are text of their
/// own (`(envelope-from …)`).
fn zone_comment(text: &str, at: usize) -> Option<usize> {
    let limit = (at + MAX_COMMENT..text.len())
        .find(|end| text.is_char_boundary(*end))
        .unwrap_or(text.len());
    let end = lex::comment_end(text.get(..limit)?, at)?;
    let comment = text.get(at..end)?;
    let telling = comment
        .bytes()
        .any(|byte| matches!(byte, b'@' | b'<' | b'='));
    (!telling).then_some(end)
}

impl Parts {
    fn has_day(&self) -> bool {
        self.day.is_some() && self.month.is_some() && self.year.is_some()
    }

    /// Takes one word in; `false` where it belongs to no date.
    fn take(&mut self, word: &str) -> bool {
        let bytes = word.as_bytes();
        match bytes.first() {
            Some(b'+' | b'-') if self.time.is_some() => self.take_numeric_zone(bytes),
            Some(byte) if byte.is_ascii_digit() => {
                if bytes.contains(&b':') {
                    match bytes.iter().position(|byte| matches!(byte, b'T' | b't')) {
                        Some(at) => {
                            self.take_digits(word.get(..at).unwrap_or(""))
                                && self.take_time(word.get(at + 1..).unwrap_or(""))
                        }
                        None => self.take_time(word),
                    }
                } else {
                    self.take_digits(word)
                }
            }
            Some(_) => self.take_name(word),
            None => false,
        }
    }

    /// A day, a year, or a whole date in digits.
    fn take_digits(&mut self, word: &str) -> bool {
        if let Some(separator) = word.bytes().find(|byte| !byte.is_ascii_digit()) {
            return matches!(separator, b'-' | b'/')
                && !self.has_day()
                && self.take_joined(word, char::from(separator));
        }
        let Ok(number) = word.parse::<i16>() else {
            return false;
        };
        if word.len() <= 2 && self.day.is_none() {
            self.day = i8::try_from(number).ok();
            return true;
        }
        if self.year.is_some() || !(2..=4).contains(&word.len()) {
            return false;
        }
        self.year = Some(full_year(number, word.len()));
        true
    }

    /// `2023-02-28`, `28-Feb-2023`, `28-Feb-23`, `28/02/2023`.
    fn take_joined(&mut self, word: &str, separator: char) -> bool {
        let mut parts = word.split(separator);
        let (Some(one), Some(two), Some(three), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return false;
        };
        let number = |text: &str| text.parse::<i16>().ok().filter(|_| text.len() <= 4);
        let small = |text: &str| text.parse::<i8>().ok();
        if one.len() == 4 {
            (self.year, self.month, self.day) = (number(one), small(two), small(three));
        } else if let Some(named) = month(two) {
            self.day = small(one);
            self.month = Some(named);
            self.year = number(three).map(|year| full_year(year, three.len()));
        } else {
            let (Some(a), Some(b)) = (small(one), small(two)) else {
                return false;
            };
            (self.day, self.month) = match (a > 12, b > 12) {
                (true, false) => (Some(a), Some(b)),
                (false, true) => (Some(b), Some(a)),
                _ => return false,
            };
            self.year = number(three).map(|year| full_year(year, three.len()));
        }
        self.has_day()
    }

    /// `time-of-day = hour ":" minute [ ":" second ]`, with a fraction, and a zone that may stick to it.
    fn take_time(&mut self, word: &str) -> bool {
        if self.time.is_some() {
            return false;
        }
        let mut rest = word.as_bytes();
        let (Some(hour), true, Some(minute)) =
            (small(&mut rest), eat(&mut rest, b':'), small(&mut rest))
        else {
            return false;
        };
        let mut second = 0;
        if eat(&mut rest, b':') {
            second = match small(&mut rest) {
                // A leap second is the last instant of its minute.
                Some(60) => 59,
                Some(second) => second,
                None => return false,
            };
            if eat(&mut rest, b'.') {
                let fraction = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
                rest = rest.get(fraction..).unwrap_or_default();
            }
        }
        self.time = Some((hour, minute, second));
        match rest.first() {
            None => true,
            Some(b'+' | b'-') => self.take_numeric_zone(rest),
            Some(_) => self.take_name(word.get(word.len() - rest.len()..).unwrap_or("")),
        }
    }

    /// `zone = ( "+" / "-" ) 4DIGIT`; also `+02:00`, `+02`, `+100`.
    fn take_numeric_zone(&mut self, word: &[u8]) -> bool {
        let mut digits = [0i32; 4];
        let mut count = 0;
        for byte in word.iter().skip(1) {
            match byte {
                b'0'..=b'9' => {
                    let Some(slot) = digits.get_mut(count) else {
                        return false;
                    };
                    *slot = i32::from(byte - b'0');
                    count += 1;
                }
                b':' => {}
                _ => return false,
            }
        }
        let [a, b, c, d] = digits;
        let (hours, minutes) = match count {
            4 => (a * 10 + b, c * 10 + d),
            3 => (a, b * 10 + c),
            2 => (a * 10 + b, 0),
            1 => (a, 0),
            _ => return false,
        };
        if !matches!(self.zone, Some(Zone::Known(_))) {
            let sign = word.first().copied().unwrap_or(b'+');
            self.zone = Some(Zone::offset(sign, hours, minutes));
        }
        true
    }

    /// A weekday, a month, AM or PM, or a zone's name.
    fn take_name(&mut self, word: &str) -> bool {
        let word = word.trim_end_matches('.');
        if !word
            .bytes()
            .next()
            .is_some_and(|byte| byte.is_ascii_alphabetic())
        {
            return false;
        }
        if self.month.is_none()
            && let Some(named) = month(word)
        {
            self.month = Some(named);
            return true;
        }
        if is_weekday(word) && self.time.is_none() {
            self.weekday = true;
            return true;
        }
        if self.time.is_none() {
            return word.eq_ignore_ascii_case("at");
        }
        if word.eq_ignore_ascii_case("AM") || word.eq_ignore_ascii_case("PM") {
            self.afternoon = Some(word.starts_with(['P', 'p']));
            return true;
        }
        // JavaScript's `GMT+0000`.
        if let Some(at) = word.find(['+', '-']) {
            return matches!(word.get(..at), Some("GMT" | "UTC"))
                && self.take_numeric_zone(word.as_bytes().get(at..).unwrap_or_default());
        }
        let Some(zone) = named_zone(word) else {
            return false;
        };
        // A name beside an offset (`-0800 PST`, Go's `+0000 UTC`) only repeats it.
        if self.zone.is_none() {
            self.zone = Some(zone);
        }
        true
    }

    fn instant(&self) -> (Option<Timestamp>, DateStanding) {
        let unreadable = (None, DateStanding::Unreadable);
        let (Some(day), Some(month), Some(year), Some((hour, minute, second))) =
            (self.day, self.month, self.year, self.time)
        else {
            return unreadable;
        };
        let hour = match self.afternoon {
            Some(true) if hour < 12 => hour + 12,
            Some(false) if hour == 12 => 0,
            _ => hour,
        };
        // Mail is no older than RFC 733 (1977) and its predecessors: an earlier year is a clock or
        // a program gone wrong (`23 Jul 0102`).
        if year < 1970 {
            return unreadable;
        }
        let Ok(civil) = civil::DateTime::new(year, month, day, hour, minute, second, 0) else {
            return unreadable;
        };
        match self.zone {
            Some(Zone::Known(seconds)) => {
                match Offset::from_seconds(seconds).and_then(|offset| offset.to_timestamp(civil)) {
                    Ok(instant) => (Some(instant), DateStanding::Known),
                    Err(_) => unreadable,
                }
            }
            Some(Zone::Unknown) | None => (None, DateStanding::ZoneUnknown),
        }
    }
}

/// A number of one or two digits, taken off the front.
fn small(rest: &mut &[u8]) -> Option<i8> {
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if !(1..=2).contains(&digits) {
        return None;
    }
    let (number, behind) = rest.split_at_checked(digits)?;
    *rest = behind;
    i8::try_from(
        number
            .iter()
            .fold(0, |sum, byte| sum * 10 + i32::from(byte - b'0')),
    )
    .ok()
}

fn eat(rest: &mut &[u8], byte: u8) -> bool {
    let found = rest.first() == Some(&byte);
    if found {
        *rest = rest.get(1..).unwrap_or_default();
    }
    found
}

/// Two digits from 00 to 49 are this century, other years of two or three digits count from 1900
/// (RFC 5322 4.3).
const fn full_year(number: i16, digits: usize) -> i16 {
    match digits {
        0..=2 if number < 50 => number + 2000,
        0..=3 => number + 1900,
        _ => number,
    }
}

/// `day-name`, or its whole name.
fn is_weekday(word: &str) -> bool {
    let Some(name) = head(word).and_then(weekday_named) else {
        return false;
    };
    // `Tues`, `Thur` and `Thurs` are written too.
    word.len() == 3
        || name
            .get(..word.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(word))
}

/// The whole name of the weekday that begins with these letters.
fn weekday_named(head: [u8; 3]) -> Option<&'static str> {
    const HEADS: [u32; 7] = [
        packed(*b"mon"),
        packed(*b"tue"),
        packed(*b"wed"),
        packed(*b"thu"),
        packed(*b"fri"),
        packed(*b"sat"),
        packed(*b"sun"),
    ];
    const NAMES: [&str; 7] = [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
    ];
    let head = packed(head);
    let at = HEADS.iter().position(|start| *start == head)?;
    NAMES.get(at).copied()
}

/// `month`, or its whole name.
fn month(word: &str) -> Option<i8> {
    let (number, name) = month_named(head(word)?)?;
    // `Sept` is written too.
    let whole = name
        .get(..word.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(word));
    (word.len() == 3 || whole).then_some(number)
}

/// The number and the whole name of the month that begins with these letters.
fn month_named(head: [u8; 3]) -> Option<(i8, &'static str)> {
    const HEADS: [u32; 12] = [
        packed(*b"jan"),
        packed(*b"feb"),
        packed(*b"mar"),
        packed(*b"apr"),
        packed(*b"may"),
        packed(*b"jun"),
        packed(*b"jul"),
        packed(*b"aug"),
        packed(*b"sep"),
        packed(*b"oct"),
        packed(*b"nov"),
        packed(*b"dec"),
    ];
    const NAMES: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let head = packed(head);
    let at = HEADS.iter().position(|start| *start == head)?;
    // Cannot truncate: there are twelve.
    Some((at as i8 + 1, *NAMES.get(at)?))
}

/// Three letters in one word, capitals as small ones. Setting the bit that tells them apart makes
/// no other byte a letter.
const fn packed([one, two, three]: [u8; 3]) -> u32 {
    u32::from_le_bytes([one, two, three, 0]) | 0x0020_2020
}

/// The first three letters of a word.
fn head(word: &str) -> Option<[u8; 3]> {
    word.as_bytes().first_chunk().copied()
}

/// `obs-zone` (RFC 5322 4.3), and the names in common use that mean one thing only. Military
/// letters other than Z, and names that mean several things (IST, BST), are unknown zones.
fn named_zone(word: &str) -> Option<Zone> {
    const ZONES: [(&str, i32); 38] = [
        ("UT", 0),
        ("GMT", 0),
        ("UTC", 0),
        ("Z", 0),
        ("EST", -300),
        ("EDT", -240),
        ("CST", -360),
        ("CDT", -300),
        ("MST", -420),
        ("MDT", -360),
        ("PST", -480),
        ("PDT", -420),
        ("WET", 0),
        ("WEST", 60),
        ("CET", 60),
        ("CEST", 120),
        ("MET", 60),
        ("MEST", 120),
        ("MEZ", 60),
        ("MESZ", 120),
        ("EET", 120),
        ("EEST", 180),
        ("MSK", 180),
        ("SAST", 120),
        ("JST", 540),
        ("KST", 540),
        ("HKT", 480),
        ("SGT", 480),
        ("AWST", 480),
        ("AEST", 600),
        ("AEDT", 660),
        ("NZST", 720),
        ("NZDT", 780),
        ("HST", -600),
        ("AKST", -540),
        ("AKDT", -480),
        ("BRT", -180),
        ("ART", -180),
    ];
    if word.len() > 5 || !word.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return None;
    }
    let known = ZONES
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(word));
    match known {
        Some((_, minutes)) => Some(Zone::Known(minutes * 60)),
        // Text behind a date (`for <…>`, `id …`) is no zone.
        None if word.bytes().all(|byte| byte.is_ascii_uppercase())
            && word != "ID"
            && word != "FOR" =>
        {
            Some(Zone::Unknown)
        }
        None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn instant(text: &str) -> Option<String> {
        read(text).date.map(|date| date.to_string())
    }

    #[test]
    fn every_form_names_the_same_instant() {
        for text in [
            "Tue, 28 Feb 2023 07:51:00 +0000",
            "28 Feb 2023 07:51:00 -0000",
            "Tue, 28 Feb 2023 07:51 +0000",
            "Tue,28 Feb 2023 07:51:00 +0000 (UTC)",
            "Tue, 28 Feb 23 07:51:00 GMT",
            "Tue, 28 Feb 123 07:51:00 UT",
            "Tuesday, 28 February 2023 07:51:00 Z",
            "Tue (a comment), 28 (b) Feb 2023 (c) 07:51:00 (d) +0000",
            "Tue, 28 Feb 2023 08:51:00 +01:00",
            "Tue, 28 Feb 2023 08:51:00 +01",
            "Tue, 28 Feb 2023 08:51:00 +100",
            "Tue, 28 Feb 2023 07:51:00+0000",
            "Tue, 28 Feb 2023 02:51:00 EST",
            "Tue, 28 Feb 2023 02:51:00 -0500 EST",
            "Tue, 28 Feb 2023 08:51:00 CET",
            "Tue, 28 Feb 2023 07:51:00.987 +0000",
            "Tue, 28 Feb 2023 7:51:00 AM +0000",
            "Feb, 28 2023 11:51:00 PM +1600",
            "Tue Feb 28 2023 07:51:00 GMT+0000",
            "Tue Feb 28 2023 08:51:00 GMT+0100 (Central European Standard Time)",
            "Tue Feb 28 07:51:00 2023 +0000",
            "Tue Feb 28 02:51:00 EST 2023",
            "2023-02-28 07:51:00.209801416 +0000 UTC m=+258684.658973014",
            "2023-02-28T07:51:00Z",
            "2023-02-28T08:51:00.5+01:00",
            "28-Feb-2023 07:51:00 +0000",
            "28/02/2023 07:51:00 +0000",
            "Tue, 28 Feb 2023\r\n\t07:51:00 +0000",
            "Tue, 28 Feb 2023 at 07:51:00 +0000",
        ] {
            assert_eq!(
                instant(text).as_deref(),
                Some("2023-02-28T07:51:00Z"),
                "in {text:?}"
            );
            assert_eq!(read(text).standing, DateStanding::Known, "in {text:?}");
        }
    }

    #[test]
    fn a_zone_is_never_guessed() {
        for text in [
            "Tue, 28 Feb 2023 07:51:00",
            "Tue Feb 28 07:51:00 2023",
            "28/02/2023 07:51:00",
            "Tue, 28 Feb 2023 07:51:00 IST",
            "Tue, 28 Feb 2023 07:51:00 A",
            "Tue, 28 Feb 2023 07:51:00 XYZ",
            "Tue, 28 Feb 2023 07:51:00 +9999",
        ] {
            let reading = read(text);
            assert_eq!(
                (reading.date, reading.standing),
                (None, DateStanding::ZoneUnknown),
                "in {text:?}"
            );
        }
    }

    #[test]
    fn what_is_no_date() {
        assert_eq!(read("").standing, DateStanding::Missing);
        for text in [
            "tomorrow",
            "14:47:44 +0000",
            "31 Feb 2023 07:51:00 +0000",
            "23 Jul 0102 08:28:25 +0800",
            "02/03/2023 07:51:00 +0000",
            "Tue, 28 Feb 2023 25:51:00 +0000",
        ] {
            let reading = read(text);
            assert_eq!(
                (reading.date, reading.standing),
                (None, DateStanding::Unreadable),
                "in {text:?}"
            );
        }
    }

    #[test]
    fn a_leap_second_is_the_last_of_its_minute() {
        assert_eq!(
            instant("31 Dec 2016 23:59:60 +0000").as_deref(),
            Some("2016-12-31T23:59:59Z")
        );
    }

    #[test]
    fn it_ends_before_other_text() {
        let text = "Tue, 28 Feb 2023 07:51:00 +0000 (UTC) (envelope-from <a@example.com>)";
        let reading = read(text);
        assert!(
            text.get(reading.end..)
                .is_some_and(|rest| rest.ends_with("(envelope-from <a@example.com>)"))
        );
        let text = "Tue, 28 Feb 2023 07:51:00 +0000 for <a@example.com>";
        assert_eq!(text.get(read(text).end..), Some(" for <a@example.com>"));
    }
}
