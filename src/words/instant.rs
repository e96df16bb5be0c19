//! Instants as they are written: RFC 3339, UTC, whole seconds.

use jiff::Timestamp;
use jiff::tz::Offset;

/// None of a year that four digits do not hold.
pub(crate) fn instant(date: Timestamp) -> Option<String> {
    let date = Offset::UTC.to_datetime(date);
    let year = u16::try_from(date.year())
        .ok()
        .filter(|year| *year <= 9999)?;
    let [y, u] = two_digits((year / 100) as i8);
    let [e, r] = two_digits((year % 100) as i8);
    let [m, o] = two_digits(date.month());
    let [d, a] = two_digits(date.day());
    let [h, n] = two_digits(date.hour());
    let [i, t] = two_digits(date.minute());
    let [s, c] = two_digits(date.second());
    let text = [
        y, u, e, r, b'-', m, o, b'-', d, a, b'T', h, n, b':', i, t, b':', s, c, b'Z',
    ];
    std::str::from_utf8(&text).ok().map(str::to_owned)
}

/// Ten times faster than the formatting machinery, and every hop has a date.
const fn two_digits(number: i8) -> [u8; 2] {
    let number = number.unsigned_abs();
    [b'0' + number / 10 % 10, b'0' + number % 10]
}
