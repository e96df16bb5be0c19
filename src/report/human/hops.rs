//! The hops as a table, from the origin to the delivery, two lines a hop.

use std::borrow::Cow;
use std::fmt::{self, Write};

use super::layout::{Ink, Page, pad, pad_left, shorten, width};
use crate::analysis::{Analysis, HopFrom, HopInfo};
use crate::report::sanitize::{machine_name, printable};

/// `07:51:01`
const TIME: usize = 8;
/// `-3h12m`, `365d04h`
const DELAY: usize = 7;
/// Between two columns.
const GAP: usize = 2;
/// `[203.0.113.203] verified`
const IPV4_MAX: usize = 24;
/// No narrower, for the sake of the protocols.
const NAME_MIN: usize = 12;
/// No wider than the longest name that is still read as one.
const NAME_MAX: usize = 64;

pub(super) fn render<W: Write>(analysis: &Analysis, page: &mut Page<'_, W>) -> fmt::Result {
    if analysis.hops.is_empty() {
        page.section("Hops")?;
        return page.line(Ink::Plain, "  none: there is no Received field");
    }
    let mut day = analysis.hops.iter().find_map(|hop| moment(hop).0);
    page.section(&match &day {
        Some(day) => format!("Hops, from the origin to the delivery ({day}, UTC)"),
        None => "Hops, from the origin to the delivery".to_owned(),
    })?;
    let columns = Columns::for_hops(&analysis.hops, page.columns());
    columns.head(page)?;
    let mut any_claimed = false;
    let mut any_verified = false;
    for hop in &analysis.hops {
        let (hop_day, _) = moment(hop);
        if hop_day.is_some() && hop_day != day {
            day = hop_day;
            let title = day.as_deref().unwrap_or_default();
            page.line(Ink::Faint, &format!("{}{title}", columns.margin()))?;
        }
        let deciding = analysis.observed.hop == Some(hop.number);
        if deciding {
            columns.hand_over(page)?;
        }
        columns.hop(hop, deciding, page)?;
        any_claimed |= !hop.believed;
        any_verified |= hop
            .from
            .as_ref()
            .is_some_and(|from| from.reverse_dns_verified);
    }
    legend(any_claimed, any_verified, page)
}

fn legend<W: Write>(claimed: bool, verified: bool, page: &mut Page<'_, W>) -> fmt::Result {
    if verified {
        let says = "verified: the server looked the client's name up and confirmed it; any other \
                    name is what the client calls itself";
        page.item((Ink::Faint, "  "), (Ink::Faint, says))?;
    }
    if claimed {
        let says = "claimed: no server of the recipient's side, or that you trust, wrote this";
        page.item((Ink::Faint, "  "), (Ink::Faint, says))?;
    }
    Ok(())
}

struct Columns {
    number: usize,
    client: usize,
    server: usize,
}

impl Columns {
    /// As wide as the names ask, if the page has that room; else what there is, shared so that the
    /// one that needs less leaves the rest to the other.
    fn for_hops(hops: &[HopInfo], page: usize) -> Self {
        let number = hops.len().to_string().len().max(2);
        let clients = hops.iter().map(|hop| {
            let address = hop.from.as_ref().map_or(0, |from| width(&address(from)));
            // A longer one gets a line for itself.
            let address = if address > IPV4_MAX { 0 } else { address };
            width(&client(hop)).max(address)
        });
        let servers = hops.iter().map(|hop| width(&server(hop)));
        let client = clients.max().unwrap_or(0).clamp(NAME_MIN, NAME_MAX);
        let server = servers.max().unwrap_or(0).clamp(NAME_MIN, NAME_MAX);
        let fixed = 2 + number + 3 * GAP + TIME + 1 + DELAY;
        let room = page.saturating_sub(fixed);
        let half = room / 2;
        let (client, server) = match (client <= half, server <= room - half) {
            (true, true) => (client, server),
            (true, false) => (client, server.min(room - client)),
            (false, true) => (client.min(room - server), server),
            (false, false) => (half, room - half),
        };
        Self {
            number,
            client,
            server,
        }
    }

    /// What stands before the client's column.
    fn margin(&self) -> String {
        " ".repeat(2 + self.number + GAP)
    }

    fn total(&self) -> usize {
        2 + self.number + 3 * GAP + self.client + self.server + TIME + 1 + DELAY
    }

    fn head<W: Write>(&self, page: &mut Page<'_, W>) -> fmt::Result {
        let client = pad("client", self.client);
        let server = pad("server", self.server);
        let number = pad_left("#", self.number);
        let head = format!(
            "  {number}  {client}  {server}  {:TIME$} {:>DELAY$}",
            "time", "delay"
        );
        page.line(Ink::Faint, &head)
    }

    fn hand_over<W: Write>(&self, page: &mut Page<'_, W>) -> fmt::Result {
        let rule = "-- hand-over ";
        let dashes = "-".repeat(self.total().saturating_sub(width(rule)));
        page.put(Ink::Title, rule)?;
        page.line(Ink::Faint, &dashes)
    }

    fn hop<W: Write>(&self, hop: &HopInfo, deciding: bool, page: &mut Page<'_, W>) -> fmt::Result {
        let (name_ink, ink) = match (deciding, hop.believed) {
            (true, _) => (Ink::Title, Ink::Plain),
            (false, true) => (Ink::Plain, Ink::Plain),
            (false, false) => (Ink::Faint, Ink::Faint),
        };
        let first = format!(
            "{} {}  {}  {}  {} {}",
            if deciding { ">" } else { " " },
            pad_left(&hop.number.to_string(), self.number),
            cell(&client(hop), self.client),
            cell(&server(hop), self.server),
            pad(&shorten(&moment(hop).1, TIME), TIME),
            pad_left(
                &hop.delay_seconds.map_or_else(|| "-".to_owned(), delay),
                DELAY
            ),
        );
        page.line(name_ink, &first)?;

        let mut address = hop.from.as_ref().map(address).unwrap_or_default();
        if width(&address) > self.client {
            // An address is never shortened where it fits a line: it is what one looks up.
            let room = page.columns().saturating_sub(width(&self.margin()));
            let alone = format!("{}{}", self.margin(), shorten(&address, room));
            page.line(ink, &alone)?;
            address = String::new();
        }
        let standing = if hop.believed { "believed" } else { "claimed" };
        let second = format!(
            "{}{}  {}  {standing}",
            self.margin(),
            pad(&address, self.client),
            cell(&protocol(hop), self.server),
        );
        page.line(ink, &second)?;
        for aside in asides(hop) {
            let room = page.columns().saturating_sub(width(&self.margin()));
            page.line(ink, &format!("{}{}", self.margin(), shorten(&aside, room)))?;
        }
        Ok(())
    }
}

fn cell(text: &str, columns: usize) -> String {
    pad(&shorten(text, columns), columns)
}

/// The client's name: the verified one, else what it called itself.
fn client(hop: &HopInfo) -> Cow<'_, str> {
    let name = hop.from.as_ref().and_then(|from| {
        let verified = from
            .reverse_dns
            .as_ref()
            .filter(|_| from.reverse_dns_verified);
        verified
            .or(from.helo.as_ref())
            .or(from.reverse_dns.as_ref())
    });
    name.map_or(Cow::Borrowed("-"), |name| machine_name(name))
}

fn server(hop: &HopInfo) -> Cow<'_, str> {
    let by = hop.by.as_ref();
    match by.and_then(|by| by.host.as_ref()) {
        Some(host) => machine_name(host),
        None => match by.and_then(|by| by.ip.as_ref()) {
            Some(ip) => Cow::Owned(format!("[{}]", machine_name(ip))),
            None => Cow::Borrowed("-"),
        },
    }
}

fn address(from: &HopFrom) -> String {
    let Some(ip) = &from.ip else {
        return if from.reverse_dns_verified {
            "verified".to_owned()
        } else {
            String::new()
        };
    };
    let verified = if from.reverse_dns_verified {
        " verified"
    } else {
        ""
    };
    format!("[{}]{verified}", machine_name(ip))
}

/// The protocol and its TLS: the version, else the cipher, since either tells that there was one.
fn protocol(hop: &HopInfo) -> String {
    let tls = hop
        .tls
        .as_ref()
        .and_then(|tls| tls.version.as_ref().or(tls.cipher.as_ref()));
    match (&hop.with, tls) {
        (Some(with), Some(tls)) => format!("{}, {}", machine_name(with), machine_name(tls)),
        (Some(with), None) => machine_name(with).into_owned(),
        (None, Some(tls)) => machine_name(tls).into_owned(),
        (None, None) => String::new(),
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

/// The day and the time of a hop; a date in no known form is all time.
fn moment(hop: &HopInfo) -> (Option<String>, String) {
    let Some(date) = &hop.date else {
        return (None, "-".to_owned());
    };
    match date.strip_suffix('Z').and_then(|date| date.split_once('T')) {
        Some((day, time)) => (
            Some(machine_name(day).into_owned()),
            machine_name(time).into_owned(),
        ),
        None => (None, machine_name(date).into_owned()),
    }
}

/// Seconds in at most seven columns: `59s`, `2m05s`, `3h12m`, `4d02h`, `4000d`.
fn delay(seconds: i64) -> String {
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
            assert!(delay(seconds).len() <= DELAY, "{seconds}");
        }
    }
}
