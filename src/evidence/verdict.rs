//! What a receiving platform or a filter says it made of a message: name and body of one such
//! field in, what it says out, as facts.
//!
//! Read are Microsoft 365's fields, Exchange's own of who sent a message (`microsoft.rs`), and
//! those of SpamAssassin, rspamd, postgrey, Fastmail, Proofpoint and Mimecast that name the way it
//! took or why it waited (`filters.rs`). All of it explains and nothing identifies: whoever sends a
//! message can write the like. Codes that nobody documents are passed over. Knows nothing of who is
//! believed, nor of how a code is put in words.

use std::borrow::Cow;

use super::value::unfolded;

/// An enum of documented codes; their case does not matter.
macro_rules! codes {
    ($(#[$meta:meta])* $name:ident { $($variant:ident = $code:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum $name { $($variant),+ }

        impl $name {
            pub(super) fn of(code: &str) -> Option<Self> {
                let known = [$(($code, Self::$variant)),+];
                let own = known.iter().find(|(own, _)| own.eq_ignore_ascii_case(code));
                own.map(|(_, meaning)| *meaning)
            }

            /// The code as its program writes it.
            pub(crate) const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }
        }
    };
}

mod filters;
mod microsoft;

pub(crate) use filters::{Action, SpamScore};
pub(crate) use microsoft::{
    AuthAs, Category, Composite, Direction, Entity, Filtered, Folder, Listed, Report, ReverseDns,
};

/// Pairs of one field that are looked at; Microsoft writes some twenty.
const MAX_PAIRS: usize = 64;

/// Characters of a value that are kept.
const MAX_VALUE: usize = 80;

/// Which way a message went when the field was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// In, from outside.
    In,
    /// Out of the organisation that wrote it.
    Out,
    /// From one of its mailboxes to another.
    Within,
}

/// What one field says.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Verdict {
    /// Microsoft's report of one filtering.
    Report(Report),
    /// The spam confidence level, -1 to 10.
    SpamLevel(i8),
    /// The bulk complaint level, 0 to 9.
    BulkLevel(u8),
    /// The folder of the mailbox.
    Delivered(Folder),
    /// As whose an Exchange organisation took it.
    AuthAs(AuthAs),
    /// The Exchange server that said so.
    AuthSource(String),
    /// From what an Exchange Online organisation has it.
    Entity(Entity),
    /// Which way it went, as an Exchange organisation counts.
    Direction(Direction),
    /// The server of a customer from which Exchange Online took it.
    CustomersServer {
        /// Its address.
        ip: String,
        /// What it called itself.
        helo: Option<String>,
    },
    /// The id of the Exchange Online organisation that sent it.
    Tenant(String),
    /// The name of the connector that it went over.
    Connector(String),
    /// Whether a filter found it to be spam.
    Spam(SpamScore),
    /// What a filter takes for its source.
    SpamSource {
        /// The address.
        ip: String,
        /// The host.
        host: Option<String>,
    },
    /// What rspamd did with it.
    Action {
        /// What.
        action: Action,
        /// The module that said so before the others.
        module: Option<String>,
    },
    /// Greylisting put it off.
    Greylisted {
        /// For how long, as written.
        time: String,
        /// By which software.
        software: Option<String>,
    },
    /// Proofpoint filtered it.
    Proofpoint {
        /// On its way out.
        out: bool,
    },
    /// The domain of Mimecast's customer from whom Mimecast took it.
    MimecastOriginator(String),
    /// Mimecast's score.
    MimecastScore(i32),
}

impl Verdict {
    /// The one word of it, in lower case: a documented code or number, never free text.
    pub(crate) fn result(&self) -> Option<String> {
        let code = match self {
            Self::Report(report) => report.filtered?.code(),
            Self::Delivered(folder) => folder.code(),
            Self::AuthAs(auth_as) => auth_as.code(),
            Self::Entity(entity) => entity.code(),
            Self::Direction(direction) => direction.code(),
            Self::Spam(score) => score.word,
            Self::Action { action, .. } => action.code(),
            Self::Greylisted { .. } => "delayed",
            Self::SpamLevel(level) => return Some(level.to_string()),
            Self::BulkLevel(level) => return Some(level.to_string()),
            Self::MimecastScore(score) => return Some(score.to_string()),
            Self::AuthSource(_)
            | Self::CustomersServer { .. }
            | Self::Tenant(_)
            | Self::Connector(_)
            | Self::SpamSource { .. }
            | Self::Proofpoint { .. }
            | Self::MimecastOriginator(_) => return None,
        };
        Some(code.to_ascii_lowercase())
    }

    /// The client's address that it names.
    pub(crate) fn client(&self) -> Option<&str> {
        match self {
            Self::Report(report) => report.client.as_deref(),
            Self::CustomersServer { ip, .. } | Self::SpamSource { ip, .. } => Some(ip),
            Self::SpamLevel(_)
            | Self::BulkLevel(_)
            | Self::Delivered(_)
            | Self::AuthAs(_)
            | Self::AuthSource(_)
            | Self::Entity(_)
            | Self::Direction(_)
            | Self::Tenant(_)
            | Self::Connector(_)
            | Self::Spam(_)
            | Self::Action { .. }
            | Self::Greylisted { .. }
            | Self::Proofpoint { .. }
            | Self::MimecastOriginator(_)
            | Self::MimecastScore(_) => None,
        }
    }

    /// Which way the message went.
    pub(crate) const fn way(&self) -> Option<Way> {
        match self {
            Self::Report(report) => report.way,
            Self::AuthAs(AuthAs::Internal)
            | Self::Entity(Entity::Hosted | Entity::OnPremises)
            | Self::Direction(Direction::Originating)
            | Self::CustomersServer { .. }
            | Self::Tenant(_)
            | Self::Proofpoint { out: true }
            | Self::MimecastOriginator(_) => Some(Way::Out),
            Self::Entity(Entity::Internet) | Self::Direction(Direction::Incoming) => Some(Way::In),
            Self::SpamLevel(_)
            | Self::BulkLevel(_)
            | Self::Delivered(_)
            | Self::AuthAs(AuthAs::Anonymous | AuthAs::Partner | AuthAs::External)
            | Self::AuthSource(_)
            | Self::Connector(_)
            | Self::Spam(_)
            | Self::SpamSource { .. }
            | Self::Action { .. }
            | Self::Greylisted { .. }
            | Self::Proofpoint { out: false }
            | Self::MimecastScore(_) => None,
        }
    }
}

type Read = fn(&str) -> Option<Verdict>;

/// The fields by their names; Exchange writes some of them under two prefixes.
const FIELDS: [(&str, Read); 19] = [
    ("X-Forefront-Antispam-Report", microsoft::antispam_report),
    (
        "X-Forefront-Antispam-Report-Untrusted",
        microsoft::antispam_report,
    ),
    ("X-Microsoft-Antispam", microsoft::bulk_level),
    ("X-Microsoft-Antispam-Untrusted", microsoft::bulk_level),
    (
        "X-Microsoft-Antispam-Mailbox-Delivery",
        microsoft::mailbox_delivery,
    ),
    ("X-Spam-Status", filters::spam_status),
    ("X-Spam-Flag", filters::spam_status),
    ("X-Spam-Source", filters::spam_source),
    ("X-Rspamd-Action", filters::rspamd_action),
    ("X-Rspamd-Pre-Result", filters::rspamd_early),
    ("X-Spamd-Result", filters::rspamd_result),
    ("X-Greylist", filters::greylist),
    ("X-Proofpoint-Spam-Details", filters::proofpoint),
    ("X-Mimecast-Originator", filters::mimecast_originator),
    ("X-Mimecast-Spam-Score", filters::mimecast_score),
    ("X-MS-Exchange-Organization-SCL", microsoft::spam_level),
    (
        "X-MS-Exchange-Organization-MessageDirectionality",
        microsoft::directionality,
    ),
    (
        "X-MS-Exchange-CrossTenant-OriginalAttributedTenantConnectingIp",
        microsoft::customers_server,
    ),
    ("X-MS-Exchange-CrossTenant-Id", microsoft::tenant),
];

/// What stands behind `X-MS-Exchange-Organization-` and `X-MS-Exchange-CrossTenant-`.
const OF_EXCHANGE: [(&str, Read); 3] = [
    ("AuthAs", microsoft::auth_as),
    ("AuthSource", microsoft::auth_source),
    ("FromEntityHeader", microsoft::from_entity),
];

const PREFIXES: [&str; 2] = ["X-MS-Exchange-Organization-", "X-MS-Exchange-CrossTenant-"];

/// What a field says, if it is one of these and holds something that is known.
pub(crate) fn read(name: &str, body: &str) -> Option<Verdict> {
    let of_exchange = || {
        PREFIXES.iter().find_map(|prefix| {
            let (start, rest) = name.split_at_checked(prefix.len())?;
            start.eq_ignore_ascii_case(prefix).then_some(rest)
        })
    };
    let known = FIELDS
        .iter()
        .find(|(own, _)| own.eq_ignore_ascii_case(name))
        .map(|(_, read)| *read);
    let read = known.or_else(|| {
        let rest = of_exchange()?;
        let own = OF_EXCHANGE
            .iter()
            .find(|(own, _)| own.eq_ignore_ascii_case(rest));
        match own {
            Some((_, read)) => Some(*read),
            None => is_connector(rest).then_some(microsoft::connector as Read),
        }
    })?;
    read(&unfolded(body))
}

/// `OutboundConnector`, `ConnectorName`, `InboundConnectorId` …
fn is_connector(name: &str) -> bool {
    ["connector", "connectorname", "connectorid"]
        .iter()
        .any(|end| name.to_ascii_lowercase().ends_with(end))
}

/// A value that is one plain word, and not too long to be shown.
fn one_word(text: &str) -> Option<&str> {
    let plain = !text.is_empty()
        && text.len() <= MAX_VALUE
        && text.chars().all(|c| !c.is_whitespace() && !c.is_control());
    plain.then_some(text)
}

fn shortened(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(MAX_VALUE) {
        Some((end, _)) => Cow::Owned(format!("{}…", text.get(..end).unwrap_or_default())),
        None => Cow::Borrowed(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_makes_it_panic() {
        let names = FIELDS.iter().map(|(name, _)| (*name).to_owned());
        let of_exchange = OF_EXCHANGE
            .iter()
            .map(|(name, _)| format!("X-MS-Exchange-Organization-{name}"));
        for name in names.chain(of_exchange) {
            for piece in [
                "", ":", ";", "=", "é", "IP='", "CIP:", "[", "score=", "delayed ", "\u{0}", "'",
            ] {
                for count in [1, 2, 5000] {
                    let verdict = read(&name, &piece.repeat(count));
                    let length = verdict.map_or(0, |verdict| format!("{verdict:?}").len());
                    assert!(length < 1000, "{name}");
                }
            }
        }
    }
}
