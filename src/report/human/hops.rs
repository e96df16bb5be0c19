//! The hops as a table, from the origin to the delivery, two lines a hop.

use std::fmt::{self, Write};

use super::layout::{Ink, Page, pad, pad_left, shorten, width};
use crate::analysis::Analysis;
use crate::report::route::hops::{Hop, hops};

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
    let hops = hops(analysis);
    if hops.is_empty() {
        page.section("Hops")?;
        return page.line(Ink::Plain, "  none: there is no Received field");
    }
    let mut day = hops.iter().find_map(|hop| hop.day.as_deref());
    page.section(&match day {
        Some(day) => format!("Hops, from the origin to the delivery ({day}, UTC)"),
        None => "Hops, from the origin to the delivery".to_owned(),
    })?;
    let columns = Columns::for_hops(&hops, page.columns());
    columns.head(page)?;
    for hop in &hops {
        if let Some(next) = hop.day.as_deref()
            && Some(next) != day
        {
            day = Some(next);
            page.line(Ink::Faint, &format!("{}{next}", columns.margin()))?;
        }
        if hop.deciding {
            columns.hand_over(page)?;
        }
        columns.hop(hop, page)?;
    }
    let claimed = hops.iter().any(|hop| !hop.believed);
    legend(claimed, hops.iter().any(|hop| hop.verified), page)
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
    fn for_hops(hops: &[Hop<'_>], page: usize) -> Self {
        let number = hops.len().to_string().len().max(2);
        let clients = hops.iter().map(|hop| {
            let address = width(&address(hop));
            // A longer one gets a line for itself.
            let address = if address > IPV4_MAX { 0 } else { address };
            width(named(hop.client.as_deref())).max(address)
        });
        let servers = hops.iter().map(|hop| width(named(hop.server.as_deref())));
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

    fn hop<W: Write>(&self, hop: &Hop<'_>, page: &mut Page<'_, W>) -> fmt::Result {
        let (name_ink, ink) = match (hop.deciding, hop.believed) {
            (true, _) => (Ink::Title, Ink::Plain),
            (false, true) => (Ink::Plain, Ink::Plain),
            (false, false) => (Ink::Faint, Ink::Faint),
        };
        let first = format!(
            "{} {}  {}  {}  {} {}",
            if hop.deciding { ">" } else { " " },
            pad_left(&hop.number.to_string(), self.number),
            cell(named(hop.client.as_deref()), self.client),
            cell(named(hop.server.as_deref()), self.server),
            cell(named(hop.time.as_deref()), TIME),
            pad_left(
                hop.delay.as_ref().map_or("-", |(_, says)| says.as_str()),
                DELAY
            ),
        );
        page.line(name_ink, &first)?;

        let mut address = address(hop);
        if width(&address) > self.client {
            // An address is never shortened where it fits a line: it is what one looks up.
            let room = page.columns().saturating_sub(width(&self.margin()));
            let alone = format!("{}{}", self.margin(), shorten(&address, room));
            page.line(ink, &alone)?;
            address = String::new();
        }
        let standing = hop.standing();
        let second = format!(
            "{}{}  {}  {standing}",
            self.margin(),
            pad(&address, self.client),
            cell(&hop.transport(), self.server),
        );
        page.line(ink, &second)?;
        for aside in &hop.asides {
            let room = page.columns().saturating_sub(width(&self.margin()));
            page.line(ink, &format!("{}{}", self.margin(), shorten(aside, room)))?;
        }
        Ok(())
    }
}

fn cell(text: &str, columns: usize) -> String {
    pad(&shorten(text, columns), columns)
}

/// What is not told is a dash.
fn named(text: Option<&str>) -> &str {
    text.unwrap_or("-")
}

fn address(hop: &Hop<'_>) -> String {
    match (&hop.address, hop.verified) {
        (Some(ip), true) => format!("[{ip}] verified"),
        (Some(ip), false) => format!("[{ip}]"),
        (None, true) => "verified".to_owned(),
        (None, false) => String::new(),
    }
}
