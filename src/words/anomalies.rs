//! A sentence for each anomaly.

use super::{Pen, Sentence};
use crate::anomaly::{Anomaly, Leg};
use crate::input::Note;
use crate::input::mbox::Doubt;
use crate::vouch::NotMine;

/// What is odd.
pub(crate) fn anomaly(anomaly: &Anomaly<'_>) -> Sentence {
    let mut pen = Pen::default();
    pen.anomaly(anomaly);
    pen.written()
}

impl Pen {
    fn anomaly(&mut self, anomaly: &Anomaly<'_>) -> &mut Self {
        match anomaly {
            Anomaly::Input(what) => self.own(note(*what)),
            Anomaly::NoField => self.own("a line that is no header field ends the header here"),
            Anomaly::LongSection => self.own("the header is longer than is read of one"),
            Anomaly::ManyResults => {
                self.own("there are more authentication results than are considered")
            }
            Anomaly::UnsoundResults { field } => self.text(field).own(
                " is not written as one server writes it: some of it may be the sender's words, \
                 and it identifies nobody",
            ),
            Anomaly::NoReceived => self.own("there is no Received field"),
            Anomaly::LateReceived => {
                self.own("the newest Received field stands below From, To, Subject or Date")
            }
            Anomaly::UnparsedReceived => self.own("this Received field could not be read"),
            Anomaly::LongReceived => self.own("this Received field is longer than is read of one"),
            Anomaly::JoinedReceived => self
                .own("several Received fields stand in this one; only the first of them is read"),
            Anomaly::InvalidAddress { address } => {
                self.address(address).own(" is no valid address")
            }
            Anomaly::UnparsedDate => self.own("the date could not be read"),
            Anomaly::UnknownZone => {
                self.own("the date has no zone that is known, so it gives no instant")
            }
            Anomaly::ClockSkew { hops, most } => self.skew(hops, *most),
            Anomaly::ChainGap { hops } => self.gaps(hops),
            Anomaly::UntrustedClaim(claim) => self.claim(claim).own(
                ", but only below the last believed hop, where the sender may have written it",
            ),
            Anomaly::TlsMissing { connector, leg } => {
                let host = connector.smart_hosts.first();
                let name = host.map(ToString::to_string).unwrap_or_default();
                let leg = match leg {
                    Leg::Into => " requires TLS, and the hand-over to it shows none",
                    Leg::OutOf => " requires TLS, and this hand-over shows none",
                };
                self.own("the connector ").host(&name).own(leg)
            }
            Anomaly::NotMine(why) => self.own(not_mine(*why)),
            Anomaly::LikelySlip { name, slip } => {
                self.host(name)
                    .own(" is no smart host that is known: perhaps you meant ");
                match slip.smart_host {
                    Some(host) => self.own(host).own(", of "),
                    None => self.own("a smart host of "),
                }
                .own(&slip.provider.name)
            }
            Anomaly::InnerAddress { host } => self.address(&host.to_string()).own(
                " is an inner address: it says nothing outside its own network, and identifies \
                 nobody",
            ),
            Anomaly::UnauthenticatedSender => {
                self.own("no believed SPF or DKIM pass aligns with the domain of From")
            }
            Anomaly::DuplicateField { name } => self.own(name).own(" stands here more than once"),
            Anomaly::LongAddresses => {
                self.own("a field of addresses is longer than is read of one")
            }
        }
    }

    fn skew(&mut self, hops: &[u32], most: i64) -> &mut Self {
        let most = most.to_string();
        match hops {
            [one] => self
                .own("hop ")
                .own(&one.to_string())
                .own(" is ")
                .own(&most)
                .own(" s earlier than the one before it"),
            all => self
                .own("hops ")
                .own(&numbers(all))
                .own(" are earlier than the ones before them, by up to ")
                .own(&most)
                .own(" s"),
        }
    }

    fn gaps(&mut self, hops: &[u32]) -> &mut Self {
        match hops {
            [one] => self
                .own("the client of hop ")
                .own(&one.to_string())
                .own(" is not the server of hop ")
                .own(&one.saturating_sub(1).to_string()),
            all => self
                .own("the clients of hops ")
                .own(&numbers(all))
                .own(" are not the servers of the hops before them"),
        }
    }
}

/// `2, 3 and 5`
fn numbers(all: &[u32]) -> String {
    let mut numbers: Vec<String> = all.iter().map(u32::to_string).collect();
    let last = numbers.pop().unwrap_or_default();
    match numbers.is_empty() {
        true => last,
        false => [&numbers.join(", "), " and ", &last].concat(),
    }
}

/// Why the token of `--mine` does not count.
const fn not_mine(why: NotMine) -> &'static str {
    match why {
        NotMine::Several => {
            "the token of --mine is in more than one message, so it makes none of them yours: this \
             one is judged as anybody's"
        }
        NotMine::Missing => {
            "the token of --mine is not in the Message-ID, nor in the Subject of a message that is \
             no reply: this one is judged as anybody's"
        }
    }
}

/// What was done to an input, or found in it.
const fn note(note: Note) -> &'static str {
    match note {
        Note::MessageInside => {
            "the mail carries another as an attachment: that is the one to look at, perhaps \
             (--inside)"
        }
        Note::ByteOrderMark => "a UTF-8 byte-order mark was taken away",
        Note::Utf16 => "the text was UTF-16 and was converted",
        Note::Latin1 => "bytes that are no UTF-8 were read as Latin-1",
        Note::CarriageReturns => "the lines end in CR alone; they were read as lines",
        Note::DoubledReturns => "the lines end in CR CR LF; they were read as lines",
        Note::BannerBefore => "the line that Outlook writes before the header was left out",
        Note::BinaryBefore => "what stands before the header and is no text was left out",
        Note::LengthBefore => "the length that Apple Mail writes before the header was left out",
        Note::MboxLineBefore => "an mbox's From line before the header was left out",
        Note::BlankLinesBefore => "blank lines before the header were left out",
        Note::LinesBefore => "lines before the header were left out",
        Note::Html => "the HTML around the header was taken away",
        Note::DoubleSpacing => "an empty line after every line was left out",
        Note::Indent => "the indent was taken away",
        Note::ValuesBelow => "a value on the line after its field's name was joined to it",
        Note::OddSpaces => "no-break and zero-width spaces were made ordinary ones or left out",
        Note::LineNumbers => "line numbers were left out",
        Note::DiffMarks => "the marks of a diff were left out",
        Note::Links => "links that repeat the name before them were taken away",
        Note::Defanged => {
            "names and addresses that were written so that nobody follows them were restored"
        }
        Note::Quoting => "the quoting was taken away",
        Note::Entities => "HTML entities were undone",
        Note::Folding => "lines without white space were joined to the field above",
        Note::StrayLine => {
            "this line is no field and continues none; the header was read up to here"
        }
        Note::LinksElsewhere => {
            "names of this field stand beside links to elsewhere: what they were is not known"
        }
        Note::Boundary(doubt) => boundary(doubt),
        Note::SectionLimit => {
            "the header section is longer than is considered; its end was not read"
        }
    }
}

/// Why a message of an mbox may be none of its own.
pub(super) const fn boundary(doubt: Doubt) -> &'static str {
    match doubt {
        Doubt::ContentLength => {
            "Content-Length and the mbox's From lines do not agree on where messages begin; \
             the sender may have written both"
        }
        Doubt::Separator => {
            "an mbox's From line without an empty line above it, or without a date, begins or \
             ends this message; it may be part of a body"
        }
        Doubt::Encoding => {
            "another message seems to follow this one in UTF-16, which is not read there: \
             save the whole mbox in one encoding"
        }
    }
}
