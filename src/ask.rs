//! What a user asks, once: every option that says what is expected, who is who and who is
//! believed (contract section 2), for the command line, HTTP, configuration and library users.
//!
//! An [`Ask`] becomes an [`Expectation`], which is what messages are held against. Options come
//! one by one as text ([`Ask::set`]), all at once as serde has them, or typed, in the fields. A
//! value means the same by each of these ways, and what is wrong with it is one [`AskError`].
//!
//! Files are not read here: a policy and a connector come as what they hold. Knows nothing of
//! messages, and nothing of how options are written in one place or another.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::analysis::ExpectedSource;
use crate::catalogue::Catalogue;
use crate::host::HostSpec;
use crate::policy::{AuthservId, Connector, Expectation, Plan, Policy, Vouching};

/// What a user asks.
///
/// ```
/// use smarthop::{Ask, Catalogue};
///
/// let mut ask = Ask::default();
/// ask.smart_hosts.push("smtp-relay.example.com".parse()?);
/// ask.sender = Some("newsletter@example.org".to_owned());
/// let expectation = ask.expectation(Catalogue::builtin())?;
/// assert_eq!(expectation.connectors().len(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// With serde its keys are the options' names:
///
/// ```
/// # use smarthop::Ask;
/// let ask: Ask = serde_json::from_str(
///     r#"{"smart-host": ["192.0.2.0/24", "*.out.example.com"], "mine": "route-test-7f3a9c"}"#,
/// )?;
/// assert!(ask.expects());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
#[non_exhaustive]
pub struct Ask {
    /// Hosts and networks of the connector, alternatives of one another.
    #[serde(rename = "smart-host", with = "texts")]
    pub smart_hosts: Vec<HostSpec>,
    /// The expected route; with a connector it goes without saying.
    pub expect: Option<Route>,
    /// What becomes of senders that no row of the policy covers.
    pub unlisted: Option<Unlisted>,
    /// How closely a pass must know the client.
    pub require: Option<Require>,
    /// The sender, in place of the header's From.
    pub sender: Option<String>,
    /// Outgoing servers of the Exchange platform.
    #[serde(rename = "exchange-host", with = "texts")]
    pub exchange_hosts: Vec<HostSpec>,
    /// The only platform of the catalogue that counts as the Exchange.
    pub platform: Option<String>,
    /// The recipient's border servers.
    #[serde(rename = "receiver", with = "texts")]
    pub receivers: Vec<HostSpec>,
    /// Servers whose stamps are believed.
    #[serde(with = "texts")]
    pub trust: Vec<HostSpec>,
    /// Authentication services whose results are believed below the border's stamp.
    #[serde(rename = "authserv-id", with = "texts")]
    pub authserv_ids: Vec<AuthservId>,
    /// Who received the messages, where no believed server says so.
    #[serde(rename = "recipient")]
    pub recipients: Vec<String>,
    /// Whether the user sent the message himself.
    #[serde(with = "mine")]
    pub mine: Vouching,
    /// What is expected of which sender, as a policy's file holds it.
    #[serde(skip)]
    pub policy: Option<Policy>,
    /// The connector, as the platform's API gives it.
    #[serde(skip)]
    pub connector: Option<Connector>,
}

/// An option with a few words for its value.
macro_rules! choice {
    ($(#[$meta:meta])* $name:ident of $option:ident { $($(#[$vmeta:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[non_exhaustive]
        pub enum $name { $($(#[$vmeta])* #[serde(rename = $word)] $variant),+ }
        impl $name {
            /// The words that it may be.
            pub const WORDS: &'static [&'static str] = &[$($word),+];

            fn of(value: &str) -> Result<Self, AskError> {
                match value {
                    $($word => Ok(Self::$variant),)+
                    _ => Err(AskError::Choice {
                        option: AskOption::$option,
                        value: value.to_owned(),
                        known: Self::WORDS,
                    }),
                }
            }
        }
    };
}

choice! {
    /// A route that can be expected.
    Route of Expect {
        /// Through the smart host.
        Connector = "connector",
        /// Through the platform's own outgoing server.
        Exchange = "exchange",
    }
}
choice! {
    /// What becomes of senders that no row of a policy covers.
    Unlisted of Unlisted {
        /// Nothing is expected of them: unchecked.
        Ignore = "ignore",
    }
}
choice! {
    /// How closely a pass must know the client.
    Require of Require {
        /// As the user's own account at the provider.
        Account = "account",
    }
}

/// An option of an [`Ask`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AskOption {
    /// [`Ask::smart_hosts`]
    SmartHost,
    /// [`Ask::expect`]
    Expect,
    /// [`Ask::unlisted`]
    Unlisted,
    /// [`Ask::require`]
    Require,
    /// [`Ask::sender`]
    Sender,
    /// [`Ask::exchange_hosts`]
    ExchangeHost,
    /// [`Ask::platform`]
    Platform,
    /// [`Ask::receivers`]
    Receiver,
    /// [`Ask::trust`]
    Trust,
    /// [`Ask::authserv_ids`]
    AuthservId,
    /// [`Ask::recipients`]
    Recipient,
    /// [`Ask::mine`]
    Mine,
    /// [`Ask::policy`]
    Policy,
    /// [`Ask::connector`]
    Connector,
}

impl AskOption {
    /// All of them.
    pub const ALL: &'static [Self] = &[
        Self::SmartHost,
        Self::Expect,
        Self::Unlisted,
        Self::Require,
        Self::Sender,
        Self::ExchangeHost,
        Self::Platform,
        Self::Receiver,
        Self::Trust,
        Self::AuthservId,
        Self::Recipient,
        Self::Mine,
        Self::Policy,
        Self::Connector,
    ];

    /// Its name: on the command line behind two hyphens.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::SmartHost => "smart-host",
            Self::Expect => "expect",
            Self::Unlisted => "unlisted",
            Self::Require => "require",
            Self::Sender => "sender",
            Self::ExchangeHost => "exchange-host",
            Self::Platform => "platform",
            Self::Receiver => "receiver",
            Self::Trust => "trust",
            Self::AuthservId => "authserv-id",
            Self::Recipient => "recipient",
            Self::Mine => "mine",
            Self::Policy => "policy",
            Self::Connector => "connector",
        }
    }

    /// The option of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|option| option.name() == name)
    }

    /// How the command line is told of it: `--smart-host <HOST>`.
    #[must_use]
    pub const fn usage(self) -> &'static str {
        match self {
            Self::SmartHost => "--smart-host <HOST>",
            Self::Expect => "--expect <ROUTE>",
            Self::Unlisted => "--unlisted <WHAT>",
            Self::Require => "--require <SCOPE>",
            Self::Sender => "--sender <ADDRESS>",
            Self::ExchangeHost => "--exchange-host <HOST>",
            Self::Platform => "--platform <NAME>",
            Self::Receiver => "--receiver <HOST>",
            Self::Trust => "--trust <HOST>",
            Self::AuthservId => "--authserv-id <ID[:METHODS]>",
            Self::Recipient => "--recipient <ADDRESS>",
            Self::Mine => "--mine[=<TOKEN>]",
            Self::Policy => "--policy <FILE>",
            Self::Connector => "--connector <FILE>",
        }
    }

    /// Whether it is about what is expected, and so none of `smarthop trace`.
    #[must_use]
    pub const fn is_of_expectation(self) -> bool {
        match self {
            Self::SmartHost
            | Self::Expect
            | Self::Unlisted
            | Self::Require
            | Self::Sender
            | Self::Policy
            | Self::Connector => true,
            Self::ExchangeHost
            | Self::Platform
            | Self::Receiver
            | Self::Trust
            | Self::AuthservId
            | Self::Recipient
            | Self::Mine => false,
        }
    }

    /// Whether its value is what a file holds.
    #[must_use]
    pub const fn is_document(self) -> bool {
        matches!(self, Self::Policy | Self::Connector)
    }
}

/// Why what a user asks means nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum AskError {
    /// A value that the option does not take.
    Value {
        /// Of this option.
        option: AskOption,
        /// As it was given.
        value: String,
        /// What is wrong, and what would help.
        says: String,
    },
    /// A value that is none of a few words.
    Choice {
        /// Of this option.
        option: AskOption,
        /// As it was given.
        value: String,
        /// The words.
        known: &'static [&'static str],
    },
    /// A file's content that cannot be read.
    Document {
        /// Of this option.
        option: AskOption,
        /// Where, what is wrong, and what would help.
        says: String,
    },
    /// Several values of an option that has one.
    Twice {
        /// Of this option.
        option: AskOption,
    },
    /// Two options of which only one can hold.
    Conflict {
        /// This one,
        option: AskOption,
        /// and that one.
        with: AskOption,
    },
    /// No option says what is expected.
    Nothing,
    /// The connector route is expected, and no connector is named.
    NoConnector,
    /// A policy's senders are spoken of, and there is no policy.
    NoPolicy,
    /// A platform that the catalogue does not know.
    Platform {
        /// The option that names it: a policy may, too.
        option: AskOption,
        /// As it was given.
        value: String,
        /// Those that the catalogue knows.
        known: Vec<String>,
    },
}

impl AskError {
    /// The option that it is about, where it is about one.
    #[must_use]
    pub const fn option(&self) -> Option<AskOption> {
        match self {
            Self::Value { option, .. }
            | Self::Choice { option, .. }
            | Self::Document { option, .. }
            | Self::Twice { option }
            | Self::Conflict { option, .. }
            | Self::Platform { option, .. } => Some(*option),
            Self::Nothing => None,
            Self::NoConnector => Some(AskOption::Expect),
            Self::NoPolicy => Some(AskOption::Unlisted),
        }
    }

    /// What it says where options are called otherwise than on the command line.
    #[must_use]
    pub fn says(&self, called: &dyn Fn(AskOption) -> String) -> String {
        match self {
            Self::Value {
                option,
                value,
                says,
            } => format!("invalid value '{value}' for {}: {says}", called(*option)),
            Self::Choice {
                option,
                value,
                known,
            } => {
                let option = called(*option);
                let wrong = match value.is_empty() {
                    true => format!("a value is required for {option} but none was supplied"),
                    false => format!("invalid value '{value}' for {option}"),
                };
                let tip = match similar(value, known) {
                    Some(word) => format!(" tip: a similar value exists: '{word}'"),
                    None => String::new(),
                };
                format!("{wrong} [possible values: {}]{tip}", known.join(", "))
            }
            Self::Document { says, .. } => says.clone(),
            Self::Twice { option } => format!(
                "the argument {} cannot be used multiple times",
                called(*option)
            ),
            Self::Conflict { option, with } => format!(
                "the argument {} cannot be used with {}",
                called(*option),
                called(*with)
            ),
            Self::Nothing => "nothing is expected: add --smart-host HOST, --connector FILE, \
                              --policy FILE or --expect exchange, or use `smarthop trace`"
                .to_owned(),
            Self::NoConnector => "--expect connector needs the connector: add --smart-host HOST \
                                  or --connector FILE"
                .to_owned(),
            Self::NoPolicy => {
                "--unlisted is about a policy's senders: add --policy FILE".to_owned()
            }
            Self::Platform {
                option,
                value,
                known,
            } => {
                let known = known.join(", ");
                match *option == AskOption::Policy {
                    true => {
                        format!("the policy's platform {value:?} is not known; known are {known}")
                    }
                    false => {
                        let name = option.name();
                        format!("--{name} {value:?} is not known; known are {known}")
                    }
                }
            }
        }
    }
}

impl fmt::Display for AskError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.says(&|option| format!("'{}'", option.usage())))
    }
}

impl std::error::Error for AskError {}

/// How alike two words are at least (Jaro's measure), for one to be a slip of the other: as the
/// command line has it.
const SIMILAR: f64 = 0.7;

/// The longest value that is compared.
const SIMILAR_MAX: usize = 64;

/// The word that was perhaps meant.
fn similar(value: &str, known: &[&'static str]) -> Option<&'static str> {
    let likeness = |word: &str| strsim::jaro(value, word);
    known
        .iter()
        .copied()
        .filter(|word| value.len() <= SIMILAR_MAX && likeness(word) > SIMILAR)
        .max_by(|a, b| likeness(a).total_cmp(&likeness(b)))
}

impl Ask {
    /// Takes one value of an option, as text; one that is repeatable is given again.
    ///
    /// ```
    /// use smarthop::ask::{Ask, AskOption};
    ///
    /// let mut ask = Ask::default();
    /// ask.set(AskOption::SmartHost, "a.example.com,b.example.com")?;
    /// assert_eq!(ask.smart_hosts.len(), 2);
    /// let error = ask.set(AskOption::Trust, "*.com").unwrap_err();
    /// assert_eq!(error.option(), Some(AskOption::Trust));
    /// # Ok::<(), smarthop::ask::AskError>(())
    /// ```
    ///
    /// # Errors
    /// For a value that the option does not take, and for a second one where there can be one.
    pub fn set(&mut self, option: AskOption, value: &str) -> Result<(), AskError> {
        match option {
            AskOption::SmartHost => {
                for host in value.split(',') {
                    self.smart_hosts.push(parsed(option, host)?);
                }
            }
            AskOption::Expect => once(option, &mut self.expect, Route::of(value)?)?,
            AskOption::Unlisted => once(option, &mut self.unlisted, Unlisted::of(value)?)?,
            AskOption::Require => once(option, &mut self.require, Require::of(value)?)?,
            AskOption::Sender => once(option, &mut self.sender, mailbox(option, value)?)?,
            AskOption::ExchangeHost => self.exchange_hosts.push(parsed(option, value)?),
            AskOption::Platform => once(option, &mut self.platform, value.to_owned())?,
            AskOption::Receiver => self.receivers.push(parsed(option, value)?),
            AskOption::Trust => self.trust.push(parsed(option, value)?),
            AskOption::AuthservId => self.authserv_ids.push(parsed(option, value)?),
            AskOption::Recipient => self.recipients.push(mailbox(option, value)?),
            AskOption::Mine => {
                let mine = match is_on(value) {
                    Some(false) => return Ok(()),
                    Some(true) => Vouching::Every,
                    None => Vouching::with_token(value).map_err(wrong(option, value))?,
                };
                if self.mine != Vouching::None {
                    return Err(AskError::Twice { option });
                }
                self.mine = mine;
            }
            AskOption::Policy => {
                let policy = Policy::read(value.as_bytes(), option.name());
                once(option, &mut self.policy, policy.map_err(unread(option))?)?;
            }
            AskOption::Connector => {
                let connector = Connector::read(value.as_bytes(), option.name());
                once(
                    option,
                    &mut self.connector,
                    connector.map_err(unread(option))?,
                )?;
            }
        }
        Ok(())
    }

    /// Whether it says what is expected.
    #[must_use]
    pub const fn expects(&self) -> bool {
        self.policy.is_some()
            || self.connector.is_some()
            || self.expect.is_some()
            || !self.smart_hosts.is_empty()
    }

    /// The same, with the expectation of `defaults` where it has none of its own, and believing
    /// what `defaults` believes, too. Being strict (`require`) is for all.
    #[must_use]
    pub fn with_defaults(mut self, defaults: &Self) -> Self {
        self.require = self.require.or(defaults.require);
        if !self.expects() {
            self.smart_hosts.clone_from(&defaults.smart_hosts);
            self.expect = defaults.expect;
            self.unlisted = self.unlisted.or(defaults.unlisted);
            self.policy.clone_from(&defaults.policy);
            self.connector.clone_from(&defaults.connector);
        }
        self.believing(defaults)
    }

    /// The same, believing what `other` believes, too.
    #[must_use]
    pub fn believing(self, other: &Self) -> Self {
        fn both<T: Clone>(first: &[T], second: Vec<T>) -> Vec<T> {
            first.iter().cloned().chain(second).collect()
        }
        Self {
            exchange_hosts: both(&other.exchange_hosts, self.exchange_hosts),
            platform: self.platform.or_else(|| other.platform.clone()),
            receivers: both(&other.receivers, self.receivers),
            trust: both(&other.trust, self.trust),
            authserv_ids: both(&other.authserv_ids, self.authserv_ids),
            ..self
        }
    }

    /// What is expected and believed, for a check. Without an expectation it is an error, so that
    /// an empty variable in a script is no pass.
    ///
    /// ```
    /// use smarthop::{Ask, Catalogue, ask::AskError};
    ///
    /// let nothing = Ask::default().expectation(Catalogue::builtin());
    /// assert_eq!(nothing.unwrap_err(), AskError::Nothing);
    /// ```
    ///
    /// # Errors
    /// Where options are missing, wrong, or do not go together.
    pub fn expectation(mut self, catalogue: &Catalogue) -> Result<Expectation, AskError> {
        self.check()?;
        if self.unlisted.is_some() && self.policy.is_none() {
            return Err(AskError::NoPolicy);
        }
        let source = match self.connector {
            Some(_) => ExpectedSource::ConnectorFile,
            None => ExpectedSource::CommandLine,
        };
        let connector = self.take_connector();
        let with_plan = |plan| Expectation {
            plan,
            ..Expectation::default()
        };
        let expectation = match (self.policy.take(), self.expect, connector) {
            (Some(policy), _, _) => Expectation::policy(policy),
            (None, None | Some(Route::Connector), Some(connector)) => {
                with_plan(Plan::Connector(connector))
            }
            (None, Some(Route::Exchange), connector) => with_plan(Plan::Exchange(connector)),
            (None, Some(Route::Connector), None) => return Err(AskError::NoConnector),
            (None, None, None) => return Err(AskError::Nothing),
        };
        let expectation = Expectation {
            source,
            ignore_unlisted: self.unlisted == Some(Unlisted::Ignore),
            require_account: self.require == Some(Require::Account),
            ..expectation
        };
        self.believed(expectation, catalogue)
    }

    /// The one connector that is described: by names, by a file, or by both.
    fn take_connector(&mut self) -> Option<Connector> {
        let hosts = std::mem::take(&mut self.smart_hosts);
        let mut connector = match self.connector.take() {
            None if hosts.is_empty() => return None,
            connector => connector.unwrap_or_default(),
        };
        connector.smart_hosts.extend(hosts);
        Some(connector)
    }

    /// What is believed, with nothing expected: hops and evidence only. What it says of an
    /// expectation does not count.
    ///
    /// # Errors
    /// Where options are wrong.
    pub fn trace(self, catalogue: &Catalogue) -> Result<Expectation, AskError> {
        self.check()?;
        self.believed(Expectation::default(), catalogue)
    }

    /// What the types do not say.
    fn check(&self) -> Result<(), AskError> {
        if let Some(sender) = &self.sender {
            mailbox(AskOption::Sender, sender)?;
        }
        for recipient in &self.recipients {
            mailbox(AskOption::Recipient, recipient)?;
        }
        let conflict = |option, with| Err(AskError::Conflict { option, with });
        match &self.policy {
            Some(_) if !self.smart_hosts.is_empty() => {
                conflict(AskOption::SmartHost, AskOption::Policy)
            }
            Some(_) if self.expect.is_some() => conflict(AskOption::Expect, AskOption::Policy),
            Some(_) if self.connector.is_some() => {
                conflict(AskOption::Policy, AskOption::Connector)
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Adds what is believed to what a policy does.
    fn believed(
        self,
        mut expectation: Expectation,
        catalogue: &Catalogue,
    ) -> Result<Expectation, AskError> {
        let (option, platform) = match self.platform {
            Some(platform) => (AskOption::Platform, Some(platform)),
            None => (AskOption::Policy, expectation.platform),
        };
        let known = || catalogue.platforms().map(|platform| &*platform.id);
        if let Some(value) = &platform
            && !known().any(|known| known == value)
        {
            return Err(AskError::Platform {
                option,
                value: value.clone(),
                known: known().map(str::to_owned).collect(),
            });
        }
        expectation.platform = platform;
        expectation.exchange_hosts.extend(self.exchange_hosts);
        expectation.receivers.extend(self.receivers);
        expectation.trust.extend(self.trust);
        expectation.authserv_ids.extend(self.authserv_ids);
        expectation.recipients.extend(self.recipients);
        expectation.sender = self.sender;
        expectation.mine = self.mine;
        Ok(expectation)
    }
}

fn wrong<E: fmt::Display>(option: AskOption, value: &str) -> impl FnOnce(E) -> AskError {
    let value = value.to_owned();
    move |error| AskError::Value {
        option,
        value,
        says: error.to_string(),
    }
}

fn unread<E: fmt::Display>(option: AskOption) -> impl FnOnce(E) -> AskError {
    move |error| AskError::Document {
        option,
        says: error.to_string(),
    }
}

fn parsed<T: std::str::FromStr<Err: fmt::Display>>(
    option: AskOption,
    value: &str,
) -> Result<T, AskError> {
    value.parse().map_err(wrong(option, value))
}

fn mailbox(option: AskOption, value: &str) -> Result<String, AskError> {
    address(value).map_err(wrong(option, value))
}

fn once<T>(option: AskOption, place: &mut Option<T>, value: T) -> Result<(), AskError> {
    match place.replace(value) {
        None => Ok(()),
        Some(_) => Err(AskError::Twice { option }),
    }
}

/// A switch's value as text: that it is there says it, but who says no means no. `None` where it
/// is neither.
#[must_use]
pub fn is_on(value: &str) -> Option<bool> {
    match value {
        "" | "1" | "on" | "true" | "yes" => Some(true),
        "0" | "off" | "false" | "no" => Some(false),
        _ => None,
    }
}

/// A sender or recipient: `local@domain`, as it stands in an envelope.
///
/// # Errors
/// For what is none, with what would be one.
pub fn address(text: &str) -> Result<String, String> {
    let plain = text.trim();
    let (local, domain) = plain.rsplit_once('@').unwrap_or_default();
    let strange = |char: char| char.is_whitespace() || char.is_control() || "<>,;".contains(char);
    let several = local.contains('@') && !local.starts_with('"');
    if several || local.is_empty() || domain.is_empty() || plain.contains(strange) {
        return Err("give one bare address, such as newsletter@example.com".to_owned());
    }
    Ok(plain.to_owned())
}

/// Values as the texts that users write.
mod texts {
    use std::fmt::Display;
    use std::str::FromStr;

    use serde::de::Error as _;
    use serde::{Deserialize, Deserializer, Serializer};

    /// One alone needs no list.
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Given {
        One(String),
        Several(Vec<String>),
    }

    pub(super) fn serialize<T: Display, S: Serializer>(
        list: &[T],
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.collect_seq(list.iter().map(T::to_string))
    }

    pub(super) fn deserialize<'de, T, D>(from: D) -> Result<Vec<T>, D::Error>
    where
        T: FromStr<Err: Display>,
        D: Deserializer<'de>,
    {
        let list = match Given::deserialize(from)? {
            Given::One(text) => vec![text],
            Given::Several(list) => list,
        };
        let parsed = list
            .iter()
            .map(|text| text.parse().map_err(D::Error::custom));
        parsed.collect()
    }
}

/// `true`, `false` or a token.
mod mine {
    use serde::de::Error as _;
    use serde::{Deserialize, Deserializer, Serializer};

    use crate::policy::Vouching;

    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Given {
        Switch(bool),
        Token(String),
    }

    pub(super) fn serialize<S: Serializer>(mine: &Vouching, to: S) -> Result<S::Ok, S::Error> {
        match mine {
            Vouching::None => to.serialize_bool(false),
            Vouching::Every => to.serialize_bool(true),
            Vouching::Token(token) | Vouching::Sole { token, .. } => to.serialize_str(token),
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vouching, D::Error> {
        Ok(match Given::deserialize(from)? {
            Given::Switch(false) => Vouching::None,
            Given::Switch(true) => Vouching::Every,
            Given::Token(token) => Vouching::with_token(&token).map_err(D::Error::custom)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A value of each option that changes what is asked.
    fn sample(option: AskOption) -> &'static str {
        match option {
            AskOption::SmartHost => "relay.example.com",
            AskOption::Expect => "exchange",
            AskOption::Unlisted => "ignore",
            AskOption::Require => "account",
            AskOption::Sender => "a@example.com",
            AskOption::ExchangeHost => "192.0.2.0/24",
            AskOption::Platform => "ovhcloud",
            AskOption::Receiver => "mx.example.net",
            AskOption::Trust => "*.filter.example.net",
            AskOption::AuthservId => "mx.example.net:spf,dkim",
            AskOption::Recipient => "b@example.net",
            AskOption::Mine => "route-test-7f3a9c",
            AskOption::Policy => "[platform]\nname = \"ovhcloud\"\n",
            AskOption::Connector => "{\"id\": 29, \"smartHost\": \"relay.example.com\"}",
        }
    }

    fn asked(options: &[(AskOption, &str)]) -> Result<Ask, AskError> {
        let mut ask = Ask::default();
        for (option, value) in options {
            ask.set(*option, value)?;
        }
        Ok(ask)
    }

    #[test]
    fn every_key_is_an_option_and_its_text_means_the_same() {
        let keys = serde_json::to_value(Ask::default()).expect("it has a form");
        let keys = keys.as_object().expect("an object");
        let named: Vec<_> = keys.keys().map(|key| AskOption::named(key)).collect();
        assert!(!named.contains(&None), "{keys:?}");
        let documents = AskOption::ALL.iter().filter(|option| option.is_document());
        assert_eq!(keys.len() + documents.count(), AskOption::ALL.len());
        for option in AskOption::ALL.iter().copied() {
            let value = sample(option);
            let one = asked(&[(option, value)]).expect(value);
            assert_ne!(one, Ask::default(), "{option:?}");
            assert_eq!(AskOption::named(option.name()), Some(option));
            assert!(option.usage().starts_with(&format!("--{}", option.name())));
            if option.is_document() {
                continue;
            }
            let written = serde_json::json!({option.name(): value});
            let read: Ask = serde_json::from_value(written).unwrap_or_else(|_| {
                serde_json::from_value(serde_json::json!({option.name(): [value]})).expect(value)
            });
            assert_eq!(read, one, "{option:?}");
            let again = serde_json::to_string(&one).expect("it has a form");
            assert_eq!(serde_json::from_str::<Ask>(&again).expect(&again), one);
        }
        assert!(serde_json::from_str::<Ask>(r#"{"smart_host": "a.example"}"#).is_err());
    }

    #[test]
    fn every_option_reaches_the_expectation() {
        let catalogue = Catalogue::builtin();
        let meant = |options: &[(AskOption, &str)]| {
            let expectation = asked(options).and_then(|ask| ask.expectation(catalogue));
            format!("{:?}", expectation.expect("it means something"))
        };
        for option in AskOption::ALL.iter().copied() {
            let base: &[(AskOption, &str)] = match option {
                AskOption::Unlisted => &[(AskOption::Policy, "")],
                AskOption::SmartHost | AskOption::Connector => &[(AskOption::Expect, "exchange")],
                AskOption::Policy | AskOption::Expect => &[],
                AskOption::Require
                | AskOption::Sender
                | AskOption::ExchangeHost
                | AskOption::Platform
                | AskOption::Receiver
                | AskOption::Trust
                | AskOption::AuthservId
                | AskOption::Recipient
                | AskOption::Mine => &[(AskOption::SmartHost, "relay.example.com")],
            };
            let with = meant(&[base, &[(option, sample(option))]].concat());
            if base.is_empty() {
                continue;
            }
            assert_ne!(with, meant(base), "{option:?}");
        }
    }

    #[test]
    fn an_error_says_which_option_and_what_would_help() {
        let catalogue = Catalogue::builtin();
        let says = |options: &[(AskOption, &str)]| {
            let error = asked(options).and_then(|ask| ask.expectation(catalogue));
            error.expect_err("it is refused").to_string()
        };
        use AskOption::{
            Connector, Expect, Mine, Platform, Policy, Sender, SmartHost, Trust, Unlisted,
        };
        let nothing = "nothing is expected: add --smart-host HOST, --connector FILE, --policy FILE \
                       or --expect exchange, or use `smarthop trace`";
        for (options, expected) in [
            (&[][..], nothing),
            (&[(Trust, "a.example")], nothing),
            (
                &[(SmartHost, "*.com")],
                "invalid value '*.com' for '--smart-host <HOST>': `*.com` is a public suffix, \
                 under which anybody may have a host: name a domain below it",
            ),
            (
                &[(SmartHost, "a.example,")],
                "invalid value '' for '--smart-host <HOST>': empty host: give a host name, \
                 `*.domain`, an address or a network such as 192.0.2.0/24",
            ),
            (
                &[(Expect, "exchang")],
                "invalid value 'exchang' for '--expect <ROUTE>' [possible values: connector, \
                 exchange] tip: a similar value exists: 'exchange'",
            ),
            (
                &[(Expect, "")],
                "a value is required for '--expect <ROUTE>' but none was supplied [possible \
                 values: connector, exchange]",
            ),
            (
                &[(Expect, "exchange"), (Expect, "exchange")],
                "the argument '--expect <ROUTE>' cannot be used multiple times",
            ),
            (
                &[(Mine, "on"), (Mine, "route-test-7f3a9c")],
                "the argument '--mine[=<TOKEN>]' cannot be used multiple times",
            ),
            (
                &[(Sender, "A <a@example.com>")],
                "invalid value 'A <a@example.com>' for '--sender <ADDRESS>': give one bare \
                 address, such as newsletter@example.com",
            ),
            (
                &[(SmartHost, "a.example"), (Policy, "")],
                "the argument '--smart-host <HOST>' cannot be used with '--policy <FILE>'",
            ),
            (
                &[(Connector, sample(Connector)), (Policy, "")],
                "the argument '--policy <FILE>' cannot be used with '--connector <FILE>'",
            ),
            (
                &[(Expect, "connector")],
                "--expect connector needs the connector: add --smart-host HOST or --connector FILE",
            ),
            (
                &[(Unlisted, "ignore"), (Expect, "exchange")],
                "--unlisted is about a policy's senders: add --policy FILE",
            ),
            (
                &[(Platform, "nowhere"), (Expect, "exchange")],
                "--platform \"nowhere\" is not known; known are microsoft-365, ovhcloud",
            ),
        ] {
            assert_eq!(says(options), expected, "{options:?}");
        }
    }

    #[test]
    fn addresses_in_fields_are_looked_at_too() {
        let ask = Ask {
            recipients: vec!["nobody".to_owned()],
            ..Ask::default()
        };
        let error = ask.trace(Catalogue::builtin()).expect_err("it is refused");
        assert_eq!(error.option(), Some(AskOption::Recipient));
    }

    #[test]
    fn who_says_no_means_no() {
        for value in ["0", "off", "false", "no"] {
            let ask = asked(&[(AskOption::Mine, value), (AskOption::Mine, "")]).expect(value);
            assert_eq!(ask.mine, Vouching::Every);
        }
    }

    #[test]
    fn a_default_expectation_holds_where_there_is_none() {
        use AskOption::{Expect, Platform, Policy, Receiver, Require, Sender, SmartHost, Unlisted};
        let catalogue = Catalogue::builtin();
        let defaults = asked(&[
            (Policy, sample(Policy)),
            (Unlisted, "ignore"),
            (Require, "account"),
            (Receiver, "mx.example.net"),
            (Platform, "ovhcloud"),
        ]);
        let defaults = defaults.expect("it is right");
        let sender = asked(&[(Sender, "a@example.com"), (Receiver, "mx.example.org")]);
        let sender = sender.expect("it is right").with_defaults(&defaults);
        let sender = sender.expectation(catalogue).expect("it means something");
        assert!(matches!(sender.plan, Plan::Policy(_)), "{sender:?}");
        assert!(sender.ignore_unlisted && sender.require_account);
        let receivers: Vec<_> = sender.receivers.iter().map(HostSpec::to_string).collect();
        assert_eq!(receivers, ["mx.example.net", "mx.example.org"]);
        let own = asked(&[(SmartHost, "a.example"), (Platform, "microsoft-365")]);
        let own = own.expect("it is right").with_defaults(&defaults);
        let own = own.expectation(catalogue).expect("it means something");
        assert!(matches!(own.plan, Plan::Connector(_)), "{own:?}");
        assert!(!own.ignore_unlisted && own.require_account);
        assert_eq!(own.platform.as_deref(), Some("microsoft-365"));
        let trace = asked(&[(Expect, "exchange")]).expect("it is right");
        let trace = trace.believing(&defaults).trace(catalogue);
        let trace = trace.expect("it means something");
        assert!(matches!(trace.plan, Plan::Nothing), "{trace:?}");
        assert_eq!(trace.receivers.len(), 1);
    }

    #[test]
    fn a_platform_of_the_users_catalogue_is_known() {
        let entry = "id = \"example-exchange\"\nname = \"Example\"\nplatform = true\n\
                     confidence = \"confirmed\"\ndate = \"2026-01-01\"\n\
                     egress = [\"*.exchange.example.net\"]\nsources = [\"a test\"]\n";
        let own = Catalogue::with_overrides(entry).expect("an entry");
        let policy = "[platform]\nname = \"example-exchange\"\n";
        for (catalogue, known) in [(Catalogue::builtin(), false), (&own, true)] {
            let option = asked(&[
                (AskOption::Expect, "exchange"),
                (AskOption::Platform, "example-exchange"),
            ]);
            let option = option.and_then(|ask| ask.expectation(catalogue));
            assert_eq!(option.is_ok(), known, "{option:?}");
            let file = Policy::read_with(policy.as_bytes(), "p", catalogue);
            assert_eq!(file.is_ok(), known, "{file:?}");
        }
        let read = Policy::read_with(policy.as_bytes(), "p", &own).expect("a policy");
        let other = Ask {
            policy: Some(read),
            ..Ask::default()
        };
        let error = other
            .expectation(Catalogue::builtin())
            .expect_err("unknown");
        assert_eq!(
            error.to_string(),
            "the policy's platform \"example-exchange\" is not known; known are microsoft-365, \
             ovhcloud"
        );
    }
}
