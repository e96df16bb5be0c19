//! The hops, each in the words that every format uses.

use super::Text;
use crate::analysis::{Analysis, HopInfo, Party};
use crate::printable::{machine_name, printable};

/// One hop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hop<'a> {
    /// 1 is the origin.
    pub(crate) number: u32,
    /// Its line.
    pub(crate) line: u32,
    /// The client's name: the verified one, else what it called itself.
    pub(crate) client: Option<Text<'a>>,
    /// The client's address as written.
    pub(crate) address: Option<Text<'a>>,
    /// The server looked the client's name up and confirmed it.
    pub(crate) verified: bool,
    /// The server's name, else its address in brackets.
    pub(crate) server: Option<Text<'a>>,
    /// The protocol.
    pub(crate) protocol: Option<Text<'a>>,
    /// The version of TLS, else the cipher, since either tells that there was one.
    pub(crate) tls: Option<Text<'a>>,
    /// What else is worth a line.
    pub(crate) asides: Vec<String>,
    /// The day of its date.
    pub(crate) day: Option<Text<'a>>,
    /// The time of its date; a date in no known form is all time.
    pub(crate) time: Option<Text<'a>>,
    /// Seconds since the hop before it, and in words.
    pub(crate) delay: Option<(i64, String)>,
    /// Stamped by the recipient's side or by a trusted host; otherwise only claimed.
    pub(crate) believed: bool,
    /// The hand-over.
    pub(crate) deciding: bool,
    /// Whose server wrote it, or claims to have.
    pub(crate) party: Party,
}

/// The hops of an analysis, the origin first.
pub(crate) fn hops(analysis: &Analysis) -> Vec<Hop<'_>> {
    let hops = analysis.hops.iter();
    hops.map(|hop| Hop::of(hop, analysis.observed.hop))
        .collect()
}

impl<'a> Hop<'a> {
    fn of(hop: &'a HopInfo, deciding: Option<u32>) -> Self {
        let from = hop.from.as_ref();
        let (day, time) = moment(hop);
        let tls = hop.tls.as_ref();
        let tls = tls.and_then(|tls| tls.version.as_deref().or(tls.cipher.as_deref()));
        Self {
            number: hop.number,
            line: hop.line,
            client: client(hop),
            address: from.and_then(|from| Some(machine_name(from.ip.as_deref()?))),
            verified: from.is_some_and(|from| from.reverse_dns_verified),
            server: server(hop),
            protocol: hop.with.as_deref().map(machine_name),
            tls: tls.map(machine_name),
            asides: asides(hop),
            day,
            time,
            delay: hop.delay_seconds.map(|seconds| (seconds, delay(seconds))),
            believed: hop.believed,
            deciding: deciding == Some(hop.number),
            party: hop.party,
        }
    }

    /// `believed` or `claimed`.
    pub(crate) const fn standing(&self) -> &'static str {
        if self.believed { "believed" } else { "claimed" }
    }

    /// The protocol and its TLS, as `ESMTPS, TLSv1.3`; empty where neither is told.
    pub(crate) fn transport(&self) -> String {
        match (&self.protocol, &self.tls) {
            (Some(with), Some(tls)) => format!("{with}, {tls}"),
            (Some(one), None) | (None, Some(one)) => one.clone().into_owned(),
            (None, None) => String::new(),
        }
    }
}

fn client(hop: &HopInfo) -> Option<Text<'_>> {
    let from = hop.from.as_ref()?;
    let verified = from.reverse_dns.as_ref();
    let verified = verified.filter(|_| from.reverse_dns_verified);
    let name = verified
        .or(from.helo.as_ref())
        .or(from.reverse_dns.as_ref());
    name.map(|name| machine_name(name))
}

fn server(hop: &HopInfo) -> Option<Text<'_>> {
    let by = hop.by.as_ref()?;
    match (&by.host, &by.ip) {
        (Some(host), _) => Some(machine_name(host)),
        (None, Some(ip)) => Some(Text::Owned(format!("[{}]", machine_name(ip)))),
        (None, None) => None,
    }
}

/// What else is worth a line: a HELO that differs from the verified name, an unverified name beside
/// the HELO, and who had logged in.
fn asides(hop: &HopInfo) -> Vec<String> {
    let mut asides = Vec::new();
    if let Some(from) = &hop.from
        && let (Some(helo), Some(reverse_dns)) = (&from.helo, &from.reverse_dns)
        && !helo.eq_ignore_ascii_case(reverse_dns)
    {
        asides.push(if from.reverse_dns_verified {
            format!("HELO {}", machine_name(helo))
        } else {
            format!("reverse DNS {}, not verified", machine_name(reverse_dns))
        });
    }
    if let Some(user) = &hop.authenticated_as {
        asides.push(format!("authenticated as {}", printable(user)));
    }
    asides
}

fn moment(hop: &HopInfo) -> (Option<Text<'_>>, Option<Text<'_>>) {
    let Some(date) = hop.date.as_deref() else {
        return (None, None);
    };
    match date.strip_suffix('Z').and_then(|date| date.split_once('T')) {
        Some((day, time)) => (Some(machine_name(day)), Some(machine_name(time))),
        None => (None, Some(machine_name(date))),
    }
}

/// How long the whole way took, where every hop tells its part.
pub(crate) fn whole(hops: &[Hop<'_>]) -> Option<String> {
    let mut parts = hops.iter().skip(1).map(|hop| hop.delay.as_ref());
    let first = parts.next()??.0;
    let whole = parts.try_fold(first, |sum, part| Some(sum.saturating_add(part?.0)));
    whole.map(delay)
}

/// Seconds in at most seven columns: `59s`, `2m05s`, `3h12m`, `4d02h`, `4000d`.
pub(crate) fn delay(seconds: i64) -> String {
    let sign = if seconds < 0 { "-" } else { "" };
    let seconds = seconds.unsigned_abs();
    let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86_400);
    let says = match (days, hours, minutes) {
        (0, 0, 0) => format!("{seconds}s"),
        (0, 0, _) => format!("{minutes}m{:02}s", seconds % 60),
        (0, _, _) => format!("{hours}h{:02}m", minutes % 60),
        (1..=99, _, _) => format!("{days}d{:02}h", hours % 24),
        (100..=99_999, _, _) => format!("{days}d"),
        _ => ">99999d".to_owned(),
    };
    if says.starts_with('>') {
        says
    } else {
        format!("{sign}{says}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delay_fits_its_column() {
        for (seconds, says) in [
            (0, "0s"),
            (59, "59s"),
            (-5, "-5s"),
            (125, "2m05s"),
            (-11_520, "-3h12m"),
            (352_800, "4d02h"),
            (345_600_000, "4000d"),
            (i64::MAX, ">99999d"),
            (i64::MIN, ">99999d"),
        ] {
            assert_eq!(delay(seconds), says);
            assert!(delay(seconds).len() <= 7, "{seconds}");
        }
    }
}
