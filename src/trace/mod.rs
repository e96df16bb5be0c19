//! Trace fields: what each server wrote about the client it took the message from.

pub mod chain;
pub mod date;
pub mod dialect;
pub mod received;

use jiff::Timestamp;
use std::borrow::Cow;
use std::net::IpAddr;

/// One `Received` field (RFC 5321 4.4) as one dialect reads it: one server's stamp that it took
/// the message from a client. Strings are as written; nothing here is believed yet.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Hop<'x> {
    /// The client, or `None` where the field names none.
    pub from: Option<Client<'x>>,
    /// The server that wrote the field.
    pub by: Option<Server<'x>>,
    /// The protocol, without comments, versions or `via`.
    pub with: Option<Cow<'x, str>>,
    /// TLS as the server tells it.
    pub tls: Option<Tls<'x>>,
    /// The queue or session id, without `<` and `>`.
    pub id: Option<Cow<'x, str>>,
    /// The recipient, without `<` and `>`.
    pub for_: Option<Cow<'x, str>>,
    /// The reverse-path, where the server writes it into the field.
    pub envelope_from: Option<Cow<'x, str>>,
    /// The authenticated sender.
    pub authenticated_as: Option<Cow<'x, str>>,
    /// The server's software and version, as written.
    pub software: Option<Cow<'x, str>>,
    /// When, or `None` with [`Hop::date_standing`] saying why.
    pub date: Option<Timestamp>,
    /// How far the date can be relied on.
    pub date_standing: DateStanding,
    /// The family of servers whose form this is.
    pub family: Family,
    /// How the server came by the message.
    pub intake: Intake,
    /// The field could be read in no sensible way.
    pub unparsed: bool,
    /// What one server writes once stands there twice (a second `from` or `by`, clauses behind the
    /// date, two client addresses): a HELO may have broken out of its place, so neither the
    /// client's address nor its name counts as the server's word, and the host in [`Hop::by`] may
    /// be the client's invention.
    pub doubtful: bool,
    /// Two places name different client addresses: one of them may be a HELO's.
    pub rivals: bool,
    /// Several fields were joined into this one: behind the first stamp stands a second
    /// `from … by …`. Only the first is read, and a HELO may have written it ([`Hop::doubtful`]).
    pub joined: bool,
    /// The field is longer, or has more words, than is read of one ([`received::MAX_FIELD`],
    /// [`received::MAX_TOKENS`]): what stands beyond was passed over.
    pub limit_reached: bool,
}

/// Whether a protocol word says that the client authenticated (RFC 3848, RFC 6531), or that a
/// mailbox took the message itself (`mapi`).
pub(crate) fn is_submission_word(with: &str) -> bool {
    const WORDS: &[&str] = &[
        "ESMTPA",
        "ESMTPSA",
        "SMTPA",
        "SMTPSA",
        "UTF8SMTPA",
        "UTF8SMTPSA",
        "mapi",
    ];
    WORDS.iter().any(|word| with.eq_ignore_ascii_case(word))
}

impl Hop<'_> {
    /// The client's address from the TCP-info part: what the server's own socket said. One that may
    /// be a HELO is none, and a doubtful stamp has none.
    pub(crate) fn client_ip(&self) -> Option<IpAddr> {
        let address = self.sound()?.from.as_ref()?.address.as_ref()?;
        address
            .ip
            .filter(|_| address.place == AddressPlace::TcpInfo)
    }

    /// The client's name that the server verified; a doubtful stamp has none.
    pub(crate) fn client_name(&self) -> Option<&str> {
        let client = self.sound()?.from.as_ref()?;
        let name = client.reverse_dns.as_deref();
        name.filter(|_| client.reverse_dns_verified)
    }

    /// The name or phrase that the server gives itself; that of a doubtful stamp may be the
    /// client's invention, and is none.
    pub(crate) fn server_name(&self) -> Option<&str> {
        self.sound()?.by.as_ref()?.host.as_deref()
    }

    fn sound(&self) -> Option<&Self> {
        (!self.doubtful).then_some(self)
    }

    /// Whether the message began here: the client authenticated (it is named, or the protocol word
    /// ends so, RFC 3848), or the stamp is a mailbox's own (`mapi`).
    pub fn is_submission(&self) -> bool {
        self.authenticated_as.is_some() || self.with.as_deref().is_some_and(is_submission_word)
    }

    /// Whether this is the stamp of an Exchange server's transport or mailbox (2007 and newer).
    /// `Microsoft SMTPSVC` is Windows' own SMTP service, and no Exchange of today.
    pub fn is_exchange_transport(&self) -> bool {
        self.family == Family::Exchange
            && !self
                .with
                .as_deref()
                .is_some_and(|with| with.starts_with("Microsoft SMTPSVC"))
    }

    /// Whether it was made over TLS: it says so, or by its protocol word (RFC 3848, RFC 6531 4.3:
    /// the `S`).
    pub fn has_tls(&self) -> bool {
        const WORDS: [&str; 10] = [
            "ESMTPS",
            "ESMTPSA",
            "LMTPS",
            "LMTPSA",
            "SMTPS",
            "UTF8SMTPS",
            "UTF8SMTPSA",
            "UTF8LMTPS",
            "UTF8LMTPSA",
            "HTTPS",
        ];
        let with = self.with.as_deref().unwrap_or_default();
        self.tls.is_some() || WORDS.iter().any(|word| with.eq_ignore_ascii_case(word))
    }
}

/// The client of a hop: what it called itself, and what the server saw.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Client<'x> {
    /// The HELO or EHLO argument (address literals with their brackets); the client's own claim.
    pub helo: Option<Cow<'x, str>>,
    /// A name that the server looked up for the address, or prints in its place.
    pub reverse_dns: Option<Cow<'x, str>>,
    /// The server confirmed that name by a forward look-up (contract: "verified reverse DNS").
    pub reverse_dns_verified: bool,
    /// The client's address.
    pub address: Option<ClientAddress<'x>>,
}

impl Client<'_> {
    /// Whether the stamp tells nothing of who the client was: neither a valid address nor a name
    /// (`from unknown by …`, `from unknown (unknown [xxx.xxx.xxx.xxx]) by …`).
    pub fn names_nobody(&self) -> bool {
        self.helo.is_none()
            && self.reverse_dns.is_none()
            && self
                .address
                .as_ref()
                .is_none_or(|address| address.ip.is_none())
    }
}

/// An address as a server wrote it.
#[derive(Debug, Clone, PartialEq)]
pub struct ClientAddress<'x> {
    /// As written, without brackets and `IPv6:`; a zone is kept (`fe80::1%4`).
    pub text: Cow<'x, str>,
    /// The address, IPv4-mapped IPv6 as IPv4, without zone; `None` where the text is none.
    pub ip: Option<IpAddr>,
    /// Where it stood.
    pub place: AddressPlace,
}

/// Where an address stood in the field, hence who vouches for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressPlace {
    /// In the TCP-info part: what the server's own socket said.
    TcpInfo,
    /// In the place of a name, with no TCP-info beside it: it may be the client's HELO.
    Bare,
}

/// The server of a hop.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Server<'x> {
    /// Its name, or the phrase it puts there.
    pub host: Option<Cow<'x, str>>,
    /// Its address, where it writes a valid one: canonical text, a zone kept.
    pub ip: Option<Cow<'x, str>>,
}

/// TLS of the connection, as the server tells it; either part may be unknown.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Tls<'x> {
    /// `TLSv1.3`, `TLS1_2`, … as written.
    pub version: Option<Cow<'x, str>>,
    /// The cipher suite as written.
    pub cipher: Option<Cow<'x, str>>,
}

/// How far a hop's date can be relied on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DateStanding {
    /// No date in the field.
    #[default]
    Missing,
    /// Read, with its zone.
    Known,
    /// Read, but the zone is missing or unknown: no instant is given.
    ZoneUnknown,
    /// There is text in the place of the date that is none.
    Unreadable,
}

/// How a server came by the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Intake {
    /// From a client over the network, or said in no other way.
    #[default]
    Client,
    /// Written on the server itself: pickup, `invoked by uid`, `with local`, an Exchange mailbox.
    Local,
    /// A mailbox was emptied: IMAP, POP3, fetchmail, getmail. No hand-over.
    Retrieval,
}

/// The family of servers whose form a field has: one row of the table of families each. Those that
/// other rooms ask for have a variant of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Family {
    /// None that we know: read by the generic rules. A name in it is never verified.
    #[default]
    Generic,
    /// Postfix.
    Postfix,
    /// Exim.
    Exim,
    /// sendmail.
    Sendmail,
    /// qmail, netqmail and what descends from it.
    Qmail,
    /// Microsoft Exchange transport: `with Microsoft SMTP Server`, `mapi`, `HTTPS`.
    Exchange,
    /// Google's servers.
    Gmail,
    /// amavis, a filter beside another server.
    Amavis,
    /// Any other family that we know, by its name.
    Named(&'static str),
}
