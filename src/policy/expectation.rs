//! What one run expects, and what it believes: the meaning of the command line and of a policy.

use super::{AuthservId, Connector, Policy};
use crate::analysis::ExpectedSource;
use crate::host::HostSpec;

/// What is expected of the messages.
#[derive(Debug, Clone, Default)]
pub enum Plan {
    /// Nothing: hops and evidence only.
    #[default]
    Nothing,
    /// That they left through this connector.
    Connector(Connector),
    /// That they left through the Exchange platform, and not through this connector, if one is named.
    Exchange(Option<Connector>),
    /// What a policy says of each sender.
    Policy(Policy),
}

/// Whether the user vouches for a message: nobody forged what he sent himself (`--mine`).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Vouching {
    /// He does not.
    #[default]
    None,
    /// He does, for every message of the run.
    Every,
    /// For a message that holds this token in its Message-ID, or in the Subject of one that is
    /// neither a reply nor an automatic answer.
    Token(String),
    /// The same once all messages of a run were looked at ([`Holders`](crate::vouch::Holders)).
    Sole {
        /// The token.
        token: String,
        /// The Message-ID of the one message that holds it, empty where that has none; `None` where
        /// no message does, or more than one.
        holder: Option<String>,
    },
}

/// The fewest characters of a token: a shorter one stands in other messages by chance.
pub const TOKEN_MIN: usize = 8;

impl Vouching {
    /// For the messages that hold this token.
    ///
    /// # Errors
    /// For a text that is too short for one, with what would be one.
    pub fn with_token(text: &str) -> Result<Self, String> {
        let token = text.trim();
        if token.chars().count() < TOKEN_MIN || token.contains(char::is_control) {
            return Err(format!(
                "a token has at least {TOKEN_MIN} characters: take one that is in no other mail, \
                 such as route-test-7f3a9c"
            ));
        }
        Ok(Self::Token(token.to_owned()))
    }
}

/// What is expected, whom to believe, and what counts as the Exchange platform.
#[derive(Debug, Clone)]
pub struct Expectation {
    /// The expectation proper.
    pub plan: Plan,
    /// Where it was given: options, or a connector file.
    pub source: ExpectedSource,
    /// The Exchange platform's own outgoing servers; a bare name matches exactly.
    pub exchange_hosts: Vec<HostSpec>,
    /// The only built-in platform that counts, by its catalogue id; without it any counts.
    pub platform: Option<String>,
    /// Servers of which one must have stamped the border.
    pub receivers: Vec<HostSpec>,
    /// Servers whose stamps are believed once a believed stamp identifies them strongly.
    pub trust: Vec<HostSpec>,
    /// Authentication services whose results are believed directly below the border's stamp.
    pub authserv_ids: Vec<AuthservId>,
    /// The sender, in place of the header's From.
    pub sender: Option<String>,
    /// Who received the messages, where no believed stamp says so.
    pub recipients: Vec<String>,
    /// Whether the user sent the messages himself.
    pub mine: Vouching,
    /// A sender that no row of the policy covers is `unchecked` instead of `inconclusive`.
    pub ignore_unlisted: bool,
    /// A pass needs scope `account`.
    pub require_account: bool,
}

impl Default for Expectation {
    fn default() -> Self {
        Self {
            plan: Plan::Nothing,
            source: ExpectedSource::CommandLine,
            exchange_hosts: Vec::new(),
            platform: None,
            receivers: Vec::new(),
            trust: Vec::new(),
            authserv_ids: Vec::new(),
            sender: None,
            recipients: Vec::new(),
            mine: Vouching::None,
            ignore_unlisted: false,
            require_account: false,
        }
    }
}

impl Expectation {
    /// Expects that mail leaves through one connector, known by these alternative hosts.
    pub fn connector(smart_hosts: impl IntoIterator<Item = HostSpec>) -> Self {
        let connector = Connector {
            smart_hosts: smart_hosts.into_iter().collect(),
            ..Connector::default()
        };
        Self {
            plan: Plan::Connector(connector),
            ..Self::default()
        }
    }

    /// Expects that mail leaves through the Exchange platform's own outgoing server.
    pub fn exchange() -> Self {
        Self {
            plan: Plan::Exchange(None),
            ..Self::default()
        }
    }

    /// Expects what a policy says of each sender, and believes whom it names.
    pub fn policy(policy: Policy) -> Self {
        Self {
            exchange_hosts: policy.exchange_hosts.clone(),
            platform: policy.platform.clone(),
            receivers: policy.receivers.clone(),
            trust: policy.trust.clone(),
            authserv_ids: policy.authserv_ids.clone(),
            plan: Plan::Policy(policy),
            ..Self::default()
        }
    }

    /// The inner addresses among the hosts that were named: they identify nobody.
    pub fn inner_hosts(&self) -> Vec<&HostSpec> {
        let connectors = self.connectors().iter();
        let exits = connectors.flat_map(|own| own.smart_hosts.iter().chain(&own.egress));
        exits
            .chain(&self.exchange_hosts)
            .filter(|host| host.is_inner())
            .collect()
    }

    /// The policy, where one says what is expected.
    pub(crate) fn rows(&self) -> Option<&Policy> {
        match &self.plan {
            Plan::Policy(policy) => Some(policy),
            Plan::Nothing | Plan::Connector(_) | Plan::Exchange(_) => None,
        }
    }

    /// The connectors that are known, whichever is expected.
    pub fn connectors(&self) -> &[Connector] {
        match &self.plan {
            Plan::Connector(connector) | Plan::Exchange(Some(connector)) => {
                std::slice::from_ref(connector)
            }
            Plan::Policy(policy) => &policy.connectors,
            Plan::Nothing | Plan::Exchange(None) => &[],
        }
    }
}
