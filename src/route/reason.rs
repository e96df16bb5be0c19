//! Why a verdict is what it is: reasons as facts, each with its stable code.
//!
//! Knows no sentence: those are in [`crate::words`].

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a code asks for one of two or three kinds"
)]

use std::net::IpAddr;

use super::claims::Claim;
use super::client::{Contradiction, Ground, Match, Organisation};
use super::exit::{Entrance, Resent, Unshown};
use super::expected::{ExpectedRow, Unlisted};
use super::rules::Who;
use crate::analysis::{Border, ExpectedRoute, ExpectedSource, ReasonCode};
use crate::catalogue::Provider;
use crate::evidence::{ResultCode, SpfIdentity};
use crate::input::mbox;
use crate::policy::{Connector, Lookup};
use crate::trust::{Doubt, Handover, Unseen};

/// A reason, and where it stands.
#[derive(Debug, Clone)]
pub(crate) struct Cited<'a> {
    /// The reason.
    pub(crate) reason: Reason<'a>,
    /// The line it rests on, of the text.
    pub(crate) line: Option<u32>,
    /// It rests on a field that the recipient did not write, and the user vouches for it.
    pub(crate) vouched: bool,
}

impl<'a> Cited<'a> {
    pub(crate) fn at(line: Option<u32>, reason: Reason<'a>) -> Self {
        Self {
            reason,
            line,
            vouched: false,
        }
    }
}

/// A client as it is called: by the name that the stamping server verified, else the HELO, and by
/// its address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Peer<'a> {
    pub(crate) name: Option<&'a str>,
    pub(crate) address: Option<&'a str>,
}

/// Who took the message from whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Took<'a> {
    /// The server's name, else its address.
    pub(crate) server: Option<&'a str>,
    /// The client; `None` where the stamp names none.
    pub(crate) client: Option<Peer<'a>>,
}

impl<'a> Took<'a> {
    pub(crate) fn of(border: &Handover<'a, '_>) -> Self {
        let by = border.hop.hop.by.as_ref();
        Self {
            server: by.and_then(|by| by.host.as_deref().or(by.ip.as_deref())),
            client: border.client().map(|client| Peer {
                name: border.client_name().or(client.helo.as_deref()),
                address: client.address.as_ref().map(|address| &*address.text),
            }),
        }
    }
}

/// The exit that is expected.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Wanted<'a> {
    Connector(&'a Connector),
    Exchange,
}

impl<'a> Wanted<'a> {
    pub(crate) fn of(row: &ExpectedRow<'a>) -> Self {
        match (row.route, row.connector) {
            (ExpectedRoute::Connector, Some(connector)) => Self::Connector(connector),
            (ExpectedRoute::Connector, None) | (ExpectedRoute::Exchange, _) => Self::Exchange,
        }
    }
}

/// The exit that was found.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Through<'a> {
    /// A connector's host.
    Connector(&'a Connector),
    /// Not the host that was named, but one of the same operator.
    Organisation(&'a str, Organisation<'a>, &'a Connector),
    /// One of several connectors that cannot be told apart.
    SomeConnector,
    /// The Exchange platform's, and by what it is known.
    Exchange(Ground<'a>),
}

/// What is to be added to the exit that was found.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Beside<'a> {
    /// It is the one that was expected.
    Expected,
    /// The same; mail that this host only forwards to this domain looks the same.
    Forwards(&'a str),
    /// This one was expected.
    NotThrough(Wanted<'a>),
}

/// What Exchange's own stamp right below the border comes to.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Structure<'a> {
    /// The user vouches for it, and Exchange is expected.
    Honest,
    /// The user vouches for it, and this was expected.
    HonestNotThrough(Wanted<'a>),
    /// Nobody says whose server it is.
    Whose,
    /// A believed DKIM pass shows passage through what is expected, too.
    Signed(Wanted<'a>),
    /// It is not what was expected.
    NotThrough(Wanted<'a>),
    /// From which hosts the expected connector's mail arrives is not known.
    EgressUnknown(Wanted<'a>),
    /// What is expected is claimed below it.
    Claimed(Wanted<'a>, Claim<'a>),
}

/// What a stranger comes to.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Strange<'a> {
    /// From which hosts the expected connector's mail arrives is not known.
    EgressUnknown,
    /// It has a name of the sender's own domain.
    OwnServer,
    /// It is not what was expected.
    NotIt,
    /// What is expected is claimed below it.
    Claimed(Claim<'a>),
}

/// What is said where nothing is expected.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Glance<'a> {
    /// No hand-over is seen.
    Unseen(Unseen, Option<&'a str>),
    /// Where the recipient's side begins is not sure.
    Unsure,
    /// The hand-over.
    Took(Took<'a>),
}

/// Why.
#[derive(Debug, Clone)]
pub(crate) enum Reason<'a> {
    /// Nothing was expected.
    NothingExpected(Glance<'a>),
    /// No row of the policy covers the sender.
    UnlistedSender(Unlisted<'a>),
    /// Rows exist, but which of them holds is not to be told.
    UndecidedSender(Option<Lookup<'a>>),
    /// No hand-over is seen; the server at which it was looked for.
    Unseen(Unseen, Option<&'a str>),
    /// The header breaks off right below a server of the recipient's; whether its client has an
    /// inner address.
    CutShort(Took<'a>, bool),
    /// Where the recipient's side begins is not sure.
    GuessedBorder(Doubt, Took<'a>),
    /// The border's stamp names no client.
    NoClient(Took<'a>),
    /// The client has an inner address.
    InnerClient(Took<'a>),
    /// Two strong identities name different exits.
    IdentitiesDisagree {
        took: Took<'a>,
        connector: Match<'a>,
        exchange: Match<'a>,
    },
    /// A provider that also receives for others, of which nothing shows that it took the message
    /// from this sender.
    ExitNotShown(Took<'a>, &'a Provider, Unshown<'a>),
    /// A host of the smart host's organisation that takes mail in from outside; that client.
    TakesIn(Took<'a>, Option<&'a str>),
    /// Two connectors that cannot be told apart.
    ConnectorsAlike(Took<'a>, Match<'a>),
    /// The host may be the recipient's entrance.
    RecipientNotKnown(Took<'a>, Match<'a>, Entrance),
    /// The message may have been sent on again.
    ResentPerhaps(Took<'a>, Match<'a>, Resent<'a>),
    /// It left there.
    Left {
        took: Took<'a>,
        through: Through<'a>,
        found: Match<'a>,
        beside: Beside<'a>,
    },
    /// It left through the expected exit, but the account that was asked for is not shown.
    AccountNotShown(Through<'a>, Match<'a>),
    /// The client is one of the exits by its HELO alone.
    HeloOnly(Took<'a>, Who<'a>),
    /// The expected exit's HELO, which something contradicts.
    HeloContradicted(Took<'a>, &'a str, Contradiction<'a>),
    /// A host in the smart host's domain, whose operator nothing believed shows.
    OperatorNotShown(Took<'a>, Organisation<'a>),
    /// Exchange's own stamp stands right below the border.
    ByStructure(Took<'a>, Structure<'a>),
    /// The client is nobody that is known as an exit; the provider that it belongs to.
    Stranger {
        took: Took<'a>,
        provider: Option<&'a Provider>,
        wanted: Wanted<'a>,
        strange: Strange<'a>,
    },
    /// Perhaps it is no message of its own; the line of the input where it begins.
    Boundary(mbox::Doubt, Option<u32>),
    /// No rule decides.
    Undecided,
    /// What would decide may stand behind a limit.
    Limit,
    /// The row of the policy that expects it.
    PolicyRow(Lookup<'a>, String),
    /// The hand-over, how it was found, and whether the client's name was verified.
    HandOver {
        took: Took<'a>,
        how: Border,
        verified: bool,
    },
    /// A HELO of one of the exits, which something contradicts.
    Contradicted(&'a str, Contradiction<'a>),
    /// A believed SPF result about the client.
    Spf {
        result: ResultCode,
        word: String,
        identity: SpfIdentity,
        domain: Option<&'a str>,
    },
    /// A believed DKIM pass.
    DkimPass(&'a str),
    /// The Return-Path is at the connector's domain; the address it holds, and whether that is the
    /// sender's.
    ReturnPath {
        domain: &'a str,
        holds: Option<(&'a str, bool)>,
    },
    /// A marker that carries an address; the client's.
    Marker {
        field: &'a str,
        carries: IpAddr,
        client: IpAddr,
    },
    /// The connector requires TLS, and the hand-over shows none.
    TlsMissing(Wanted<'a>),
    /// What is expected is only claimed below the border.
    OnlyClaimed(Wanted<'a>, Claim<'a>),
}

impl Reason<'_> {
    /// The stable code.
    pub(crate) fn code(&self) -> ReasonCode {
        use ReasonCode as Code;
        match self {
            Self::NothingExpected(_) => Code::NothingExpected,
            Self::UnlistedSender(_) => Code::UnlistedSender,
            Self::UndecidedSender(_) => Code::UndecidedSender,
            Self::Unseen(unseen, _) => match unseen {
                Unseen::NoReceived => Code::NoReceived,
                Unseen::Late => Code::LateReceived,
                Unseen::Inside => Code::NoHandOver,
                Unseen::OtherReceiver(_) => Code::OtherReceiver,
            },
            Self::CutShort(_, true) => Code::CutShort,
            Self::GuessedBorder(Doubt::TwoClients, _) => Code::DoubtfulClient,
            Self::CutShort(_, false) | Self::GuessedBorder(..) => Code::GuessedBorder,
            Self::NoClient(_) => Code::NoClient,
            Self::InnerClient(_) => Code::InnerClient,
            Self::IdentitiesDisagree { .. } => Code::IdentitiesDisagree,
            Self::ExitNotShown(..) | Self::TakesIn(..) => Code::ExitNotShown,
            Self::ConnectorsAlike(..) => Code::ConnectorsAlike,
            Self::RecipientNotKnown(..) => Code::RecipientNotKnown,
            Self::ResentPerhaps(..) => Code::ResentPerhaps,
            Self::Left {
                through, beside, ..
            } => match (through, beside) {
                (Through::Exchange(_), _) => Code::LeftThroughExchange,
                (_, Beside::NotThrough(Wanted::Connector(_))) => Code::LeftThroughOtherConnector,
                _ => Code::LeftThroughConnector,
            },
            Self::AccountNotShown(..) => Code::AccountNotShown,
            Self::HeloOnly(..) => Code::HeloOnly,
            Self::HeloContradicted(..) | Self::Contradicted(..) => Code::HeloContradicted,
            Self::OperatorNotShown(..) => Code::OperatorNotShown,
            Self::ByStructure(_, structure) => match structure {
                Structure::Honest | Structure::HonestNotThrough(_) => Code::LeftThroughExchange,
                Structure::EgressUnknown(_) => Code::EgressUnknown,
                Structure::Whose
                | Structure::Signed(_)
                | Structure::NotThrough(_)
                | Structure::Claimed(..) => Code::ExchangeByStructure,
            },
            Self::Stranger { strange, .. } => match strange {
                Strange::EgressUnknown | Strange::OwnServer => Code::EgressUnknown,
                Strange::NotIt => Code::LeftThroughStranger,
                Strange::Claimed(_) => Code::ClaimedBelow,
            },
            Self::Boundary(..) => Code::MboxBoundary,
            Self::Undecided => Code::Undecided,
            Self::Limit => Code::Limit,
            Self::PolicyRow(lookup, _) => match lookup.source() {
                Some(ExpectedSource::PolicyAccount) => Code::PolicyAccount,
                _ => Code::PolicyDomain,
            },
            Self::HandOver { .. } => Code::HandOver,
            Self::Spf { result, .. } => match result {
                ResultCode::Pass => Code::SpfPass,
                _ => Code::SpfFail,
            },
            Self::DkimPass(_) => Code::DkimPass,
            Self::ReturnPath { .. } => Code::ReturnPath,
            Self::Marker {
                carries, client, ..
            } => match carries == client {
                true => Code::MarkerAgrees,
                false => Code::MarkerDisagrees,
            },
            Self::TlsMissing(_) => Code::TlsMissing,
            Self::OnlyClaimed(..) => Code::ClaimedBelow,
        }
    }
}
