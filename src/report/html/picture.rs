//! The route as inline SVG: a box for each organisation, one below the other so that it fits a
//! phone, and an arrow for each hop. The hand-over is thick, what is only claimed is dashed, a gap
//! is broken, and what was expected and passed by stands beside the hand-over.
//!
//! Texts are placed by their number of columns, so that none leaves the picture in any font that
//! is not wider than it claims; the middle of a longer one is left out, and its title has it whole.

use std::borrow::Cow;

use maud::{Markup, html};

use crate::report::columns::{shorten, width};
use crate::report::route::hops::Hop;
use crate::report::route::path::{Arrival, Host, Path, Role, Station};

/// The picture's width: a phone of 360 pixels shows it as it is.
const WIDTH: u32 = 340;
/// Where the boxes begin, and their texts.
const LEFT: u32 = 1;
const INDENT: u32 = 18;
/// Where the arrows run, and their texts.
const LANE: u32 = 30;
const BESIDE: u32 = 50;
/// Sizes of texts, in pixels.
const LARGE: u32 = 14;
const SMALL: u32 = 12;
/// Pixels between the lines of texts.
const LINE: u32 = 17;

/// A thing that is drawn.
#[derive(Debug)]
enum Shape {
    Box {
        y: u32,
        height: u32,
        x: u32,
        class: String,
    },
    /// From top to bottom, with a head at its end or without.
    Arrow {
        x: u32,
        from: u32,
        to: u32,
        head: bool,
        class: &'static str,
    },
    Text {
        x: u32,
        y: u32,
        size: u32,
        mono: bool,
        class: &'static str,
        shown: String,
        whole: Option<String>,
    },
    Stripe {
        y: u32,
        height: u32,
        class: &'static str,
    },
}

impl Shape {
    /// The rightmost and lowest pixel that it may cover.
    #[cfg(test)]
    fn reach(&self) -> (u32, u32) {
        match self {
            Self::Box { x, y, height, .. } => (WIDTH - LEFT.max(*x).min(LEFT), y + height),
            Self::Arrow { x, to, .. } => (x + 7, *to),
            Self::Text {
                x,
                y,
                size,
                mono,
                shown,
                ..
            } => (
                x + width(shown) as u32 * advance(*size, *mono) / 100 + 1,
                y + size / 3,
            ),
            Self::Stripe { y, height, .. } => (LEFT + 5, y + height),
        }
    }
}

/// What a column may take, in hundredths of a pixel: more than the letters of a host take on average
/// in a wide sans-serif font, bold where it is large; monospaced ones take 0.6.
const fn advance(size: u32, mono: bool) -> u32 {
    if mono {
        size * 61
    } else if size >= LARGE {
        size * 72
    } else {
        size * 64
    }
}

/// The columns of text that fit from `x` on.
const fn room(x: u32, (size, mono): (u32, bool)) -> usize {
    ((WIDTH - x - 8) * 100 / advance(size, mono)) as usize
}

/// Draws a path. `prefix` begins the ids of its title and description.
pub(super) fn picture(path: &Path<'_>, prefix: &str) -> Markup {
    let canvas = Canvas::of(path);
    let (title, told) = (format!("{prefix}route"), format!("{prefix}told"));
    html! {
        svg.picture role="img" aria-labelledby={ (title) " " (told) }
            viewBox={ "0 0 " (WIDTH) " " (canvas.height) } width=(WIDTH) height=(canvas.height) {
            title id=(title) { "The route of the message" }
            desc id=(told) { (path.told().join(" ")) }
            @for shape in &canvas.shapes { (draw(shape)) }
        }
        @if let Some(note) = path.note { p.note { (note) } }
    }
}

fn draw(shape: &Shape) -> Markup {
    html! {
        @match shape {
            Shape::Box { x, y, height, class } => {
                @let right = if class.contains("within") { INDENT - 6 } else { LEFT };
                rect class=(class) x=(x) y=(y) width=(WIDTH - x - right) height=(height) rx="9" {}
            }
            Shape::Stripe { y, height, class } => {
                rect class=(class) x=(LEFT + 5) y=(y) width="4" height=(height) rx="2" {}
            }
            Shape::Arrow { x, from, to, head, class } => {
                @let end = if *head { to - 6 } else { *to };
                line class=(class) x1=(x) y1=(from) x2=(x) y2=(end) {}
                @if *head {
                    path class={ "head " (class) } d={ "M" (x - 5) " " (to - 9) "L" (x) " " (to) "L" (x + 5) " " (to - 9) "Z" } {}
                }
            }
            Shape::Text { x, y, size, mono, class, shown, whole } => {
                text class={ (class) @if *mono { " mono" } } x=(x) y=(y) font-size=(size) {
                    @if let Some(whole) = whole { title { (whole) } }
                    (shown)
                }
            }
        }
    }
}

struct Canvas {
    shapes: Vec<Shape>,
    height: u32,
}

impl Canvas {
    fn of(path: &Path<'_>) -> Self {
        let mut canvas = Self {
            shapes: Vec::new(),
            height: 1,
        };
        if let Some(sender) = &path.sender {
            canvas.end("From", sender, "end is-claimed");
        }
        if path.before > 0 {
            canvas.counted(path.before, "older");
        }
        for station in &path.stations {
            canvas.way(station, path);
            canvas.station(station);
        }
        if path.after > 0 {
            canvas.counted(path.after, "newer");
        }
        if let Some(recipient) = &path.recipient {
            if canvas.height > 1 {
                canvas.plain(16);
            }
            canvas.end("To", recipient, "end");
        }
        canvas.height += 2;
        canvas
    }

    fn text(&mut self, x: u32, y: u32, (size, mono): (u32, bool), class: &'static str, text: &str) {
        let shown = shorten(text, room(x, (size, mono)));
        let whole = matches!(shown, Cow::Owned(_)).then(|| text.to_owned());
        let shown = shown.into_owned();
        self.shapes.push(Shape::Text {
            x,
            y,
            size,
            mono,
            class,
            shown,
            whole,
        });
    }

    /// The sender or the recipient.
    fn end(&mut self, label: &'static str, address: &str, class: &'static str) {
        let y = self.height;
        self.shapes.push(Shape::Box {
            x: LEFT,
            y,
            height: 28,
            class: class.to_owned(),
        });
        self.text(INDENT - 6, y + 18, (SMALL, false), "faint", label);
        self.text(BESIDE, y + 18, (SMALL, false), "", address);
        self.height += 28;
    }

    /// A line that is no hop.
    fn plain(&mut self, height: u32) {
        self.untold(self.height, self.height + height);
        self.height += height;
    }

    fn untold(&mut self, from: u32, to: u32) {
        self.shapes.push(Shape::Arrow {
            x: LANE,
            from,
            to,
            head: false,
            class: "leg is-untold",
        });
    }

    fn counted(&mut self, count: usize, which: &str) {
        let y = self.height;
        self.plain(30);
        self.text(
            BESIDE,
            y + 19,
            (SMALL, false),
            "faint",
            &format!("{count} {which} hops are not shown"),
        );
    }

    /// What leads to a station.
    fn way(&mut self, station: &Station<'_>, path: &Path<'_>) {
        let Some(first) = station.hosts.first() else {
            return;
        };
        match first.arrival {
            Arrival::Hop(hop) => self.leg(hop, path),
            Arrival::Gap => self.gap(),
            Arrival::First if self.height == 1 => {}
            Arrival::First | Arrival::Untold => self.plain(16),
        }
    }

    fn gap(&mut self) {
        let y = self.height;
        let dots = [(y + 13, y + 16), (y + 19, y + 22)];
        for (from, to) in [(y, y + 9), (y + 25, y + 34)].into_iter().chain(dots) {
            self.untold(from, to);
        }
        self.text(
            BESIDE,
            y + 21,
            (SMALL, false),
            "warn",
            "not linked to what stands above",
        );
        self.height += 34;
    }

    /// An arrow between two stations, and what the hop says.
    fn leg(&mut self, hop: &Hop<'_>, path: &Path<'_>) {
        let from = self.height;
        let mut y = from + 19;
        if hop.deciding {
            let says = match path.guessed {
                true => "HAND-OVER, guessed",
                false => "HAND-OVER",
            };
            self.text(BESIDE, y, (SMALL, false), "strong", says);
            y += LINE;
        }
        let transport = hop.transport();
        if !transport.is_empty() {
            self.text(BESIDE, y, (SMALL, true), "", &transport);
            y += LINE;
        }
        self.text(BESIDE, y, (SMALL, false), "faint", &aside(hop, true));
        if let Some(missed) = path.passed_by.as_deref().filter(|_| hop.deciding) {
            y += 10;
            let class = "station missed".to_owned();
            self.shapes.push(Shape::Box {
                x: BESIDE - 2,
                y,
                height: 44,
                class,
            });
            self.text(
                BESIDE + 10,
                y + 18,
                (SMALL, false),
                "warn",
                "expected here, but bypassed:",
            );
            self.text(BESIDE + 10, y + 35, (SMALL, false), "", missed);
            y += 44;
        }
        let to = y + 12;
        let class = leg_class(hop);
        self.shapes.push(Shape::Arrow {
            x: LANE,
            from,
            to,
            head: true,
            class,
        });
        self.height = to + 1;
    }

    fn station(&mut self, station: &Station<'_>) {
        let (top, at) = (self.height, self.shapes.len());
        let mut y = top + 21;
        self.text(INDENT, y, (LARGE, false), "strong", &station.label);
        y += LINE;
        let says = match station.claimed {
            true => format!("{} · claimed", station.says),
            false => station.says.clone(),
        };
        self.text(INDENT, y, (SMALL, false), "role", &says);
        y += 8;
        for (index, host) in station.hosts.iter().enumerate() {
            y = self.host(host, station, index == 0, y);
        }
        let last = station.hosts.last();
        let foot = match last.is_some_and(|host| is_apart(host, station)) {
            true => 6,
            false => 10,
        };
        let height = y + foot - top;
        let (frame, stripe) = classes(station);
        let class = frame.to_owned();
        self.shapes.insert(
            at,
            Shape::Stripe {
                y: top + 12,
                height: height - 24,
                class: stripe,
            },
        );
        self.shapes.insert(
            at,
            Shape::Box {
                x: LEFT,
                y: top,
                height,
                class,
            },
        );
        self.height += height;
    }

    /// A host in its box, and the arrow that leads to it there; returns where the next one begins.
    fn host(&mut self, host: &Host<'_>, station: &Station<'_>, first: bool, mut y: u32) -> u32 {
        if let (false, Arrival::Hop(hop)) = (first, host.arrival) {
            let says = [hop.transport(), aside(hop, !station.claimed)];
            let says = says.into_iter().filter(|text| !text.is_empty());
            let mut says: Vec<_> = says.collect();
            let whole = says.join(" · ");
            if width(&whole) <= room(BESIDE, (SMALL, false)) {
                says = vec![whole];
            }
            let (from, to) = (y + 4, y + 7 + LINE * says.len() as u32);
            let (head, class) = (true, leg_class(hop));
            self.shapes.push(Shape::Arrow {
                x: LANE,
                from,
                to,
                head,
                class,
            });
            for text in says {
                y += LINE;
                self.text(BESIDE, y, (SMALL, false), "faint", &text);
            }
            y += 8;
        }
        let apart = is_apart(host, station).then_some((y + 4, self.shapes.len()));
        if apart.is_some() {
            y += 6;
        }
        y += LINE;
        self.text(INDENT, y, (SMALL + 1, true), "", &host.called());
        let mut lines = Vec::new();
        if let Some(address) = host.address.as_ref().filter(|_| host.name.is_some()) {
            lines.push((true, format!("[{address}]")));
        }
        // What a claimed stamp verified is one more claim.
        if host.verified && !host.claimed {
            lines.push((false, "name verified".to_owned()));
        } else if host.calls_itself {
            lines.push((false, "it calls itself so; not verified".to_owned()));
        }
        if is_apart(host, station) {
            lines.push((false, "claimed".to_owned()));
        }
        if let Some(other) = &host.sends_as {
            lines.push((false, format!("sends as {other}")));
        }
        for hop in &host.within {
            let transport = hop.transport();
            let between = if transport.is_empty() { "" } else { " · " };
            let aside = aside(hop, !station.claimed);
            lines.push((false, format!("↻ {transport}{between}{aside}")));
        }
        for (mono, text) in lines {
            y += LINE - 1;
            self.text(INDENT + 12, y, (SMALL, mono), "faint", &text);
        }
        if let Some((top, at)) = apart {
            y += 8;
            let frame = Shape::Box {
                x: INDENT - 6,
                y: top,
                height: y - top,
                class: "station within is-claimed".to_owned(),
            };
            self.shapes.insert(at, frame);
        }
        y
    }
}

/// Whether nobody attests a host of an organisation that is attested: it has a frame of its own.
const fn is_apart(host: &Host<'_>, station: &Station<'_>) -> bool {
    host.claimed && !station.claimed
}

/// The hop's number, its delay, and its standing where the box does not tell it.
fn aside(hop: &Hop<'_>, standing: bool) -> String {
    let claimed = match hop.believed || !standing {
        true => "",
        false => "claimed · ",
    };
    let delay = hop.delay.as_ref().map(|(_, says)| format!(" · {says}"));
    format!("{claimed}hop {}{}", hop.number, delay.unwrap_or_default())
}

const fn leg_class(hop: &Hop<'_>) -> &'static str {
    match (hop.deciding, hop.believed) {
        (true, _) => "leg is-deciding",
        (false, true) => "leg",
        (false, false) => "leg is-claimed",
    }
}

const fn classes(station: &Station<'_>) -> (&'static str, &'static str) {
    let frame = if station.claimed {
        "station is-claimed"
    } else {
        "station"
    };
    let stripe = match station.role {
        Role::Connector => "stripe connector",
        Role::Exchange => "stripe exchange",
        Role::Recipient => "stripe recipient",
        Role::Sender | Role::Other => "stripe",
    };
    (frame, stripe)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::route::hops::hops;
    use crate::report::sample;

    #[test]
    fn nothing_leaves_the_picture() {
        for (name, analysis) in sample::all() {
            let hops = hops(&analysis);
            let canvas = Canvas::of(&Path::of(&analysis, &hops));
            for shape in &canvas.shapes {
                let (right, bottom) = shape.reach();
                assert!(right <= WIDTH, "{name}: {shape:?}");
                assert!(
                    bottom <= canvas.height,
                    "{name}: {} {shape:?}",
                    canvas.height
                );
            }
        }
    }

    #[test]
    fn a_claimed_hop_in_a_believed_box_is_said_to_be_claimed() {
        let mut analysis = sample::documented();
        let relay = analysis.hops.first_mut().expect("a hop");
        // The client at the border as the server of a claimed hop within it.
        relay.from = relay.by.as_ref().map(|_| crate::analysis::HopFrom {
            helo: Some("sender-id.example.com".to_owned()),
            reverse_dns: None,
            reverse_dns_verified: false,
            ip: None,
            ip_valid: false,
        });
        relay.by.as_mut().expect("a server").host = Some("sender-id.example.com".to_owned());
        let hops = hops(&analysis);
        let path = Path::of(&analysis, &hops);
        let within = path
            .stations
            .first()
            .and_then(|station| station.hosts.first());
        assert_eq!(within.map(|host| host.within.len()), Some(1));
        let canvas = Canvas::of(&path);
        let says = canvas.shapes.iter().filter_map(|shape| match shape {
            Shape::Text { shown, .. } => Some(shown.as_str()),
            Shape::Box { .. } | Shape::Arrow { .. } | Shape::Stripe { .. } => None,
        });
        let says: Vec<_> = says.collect();
        assert!(says.contains(&"↻ ESMTP · claimed · hop 1"), "{says:?}");
    }

    #[test]
    fn what_is_only_claimed_has_a_frame_of_its_own() {
        let analysis = sample::documented();
        let hops = hops(&analysis);
        let canvas = Canvas::of(&Path::of(&analysis, &hops));
        let frame = canvas.shapes.iter().find_map(|shape| match shape {
            Shape::Box {
                y, height, class, ..
            } if class.contains("within") => Some(*y..y + height),
            Shape::Box { .. } | Shape::Text { .. } | Shape::Arrow { .. } | Shape::Stripe { .. } => {
                None
            }
        });
        let frame = frame.expect("a frame");
        let at = |name: &str| {
            let found = canvas.shapes.iter().find_map(|shape| match shape {
                Shape::Text { y, shown, .. } if shown == name => Some(*y),
                Shape::Text { .. }
                | Shape::Box { .. }
                | Shape::Arrow { .. }
                | Shape::Stripe { .. } => None,
            });
            found.expect("the host")
        };
        assert!(frame.contains(&at("smtp-relay.smtp.example.com")));
        assert!(!frame.contains(&at("sender-id.example.com")));
    }

    #[test]
    fn arrows_point_down_and_boxes_do_not_overlap() {
        for (name, analysis) in sample::all() {
            let hops = hops(&analysis);
            let canvas = Canvas::of(&Path::of(&analysis, &hops));
            let mut end = 0;
            for shape in &canvas.shapes {
                match shape {
                    Shape::Box {
                        y, height, class, ..
                    } => {
                        let inside = class.contains("missed") || class.contains("within");
                        assert!(*y >= end || inside, "{name}: {shape:?}");
                        assert!(
                            y + height <= end || !class.contains("within"),
                            "{name}: {shape:?}"
                        );
                        end = end.max(y + height);
                    }
                    Shape::Arrow { from, to, .. } => assert!(from < to, "{name}: {shape:?}"),
                    Shape::Text { .. } | Shape::Stripe { .. } => {}
                }
            }
        }
    }
}
