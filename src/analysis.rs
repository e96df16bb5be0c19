//! The result of an analysis, in the shape of the JSON contract (schema version 1).
//!
//! Wire types: their names, order and nullability are the contract's. The JSON Schema is made
//! from them.

use schemars::JsonSchema;
use serde::Serialize;

pub use crate::words::Sentence;

/// The version of the JSON shape.
pub const SCHEMA_VERSION: u32 = 1;

macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
        pub enum $name { $($(#[$vmeta])* #[serde(rename = $word)] $variant),+ }
        impl $name {
            /// The stable word for it.
            pub const fn as_str(self) -> &'static str { match self { $(Self::$variant => $word),+ } }
            /// All of them, in the contract's order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str(self.as_str()) }
        }
    };
}

words! {
    /// The answer to "did it go the expected way?".
    Outcome {
        /// It did, and a believed stamp identifies the client strongly.
        Pass = "pass",
        /// It did not.
        Fail = "fail",
        /// The header does not settle it.
        Inconclusive = "inconclusive",
        /// Nothing was expected.
        Unchecked = "unchecked",
        /// The input could not be analysed.
        Error = "error",
    }
}
words! {
    /// A route that can be expected.
    ExpectedRoute {
        /// Through the smart host of a send connector.
        Connector = "connector",
        /// Through the Exchange platform's own outgoing server.
        Exchange = "exchange",
    }
}
words! {
    /// The route that was observed.
    ObservedRoute {
        /// Through a known connector.
        Connector = "connector",
        /// Through the platform's own outgoing server.
        Exchange = "exchange",
        /// Through a stranger.
        Other = "other",
        /// Not to be told.
        Unknown = "unknown",
    }
}
words! {
    /// Where an expectation came from.
    ExpectedSource {
        /// Options.
        CommandLine = "command-line",
        /// `--connector FILE`.
        ConnectorFile = "connector-file",
        /// A policy's account row.
        PolicyAccount = "policy-account",
        /// A policy's domain row.
        PolicyDomain = "policy-domain",
    }
}
words! {
    /// How closely the client is known.
    Scope {
        /// A host or network that the user named.
        Host = "host",
        /// Any host of the smart host's organisation, whose operator a believed DKIM pass shows.
        Organisation = "organisation",
        /// Any customer of that provider would look so.
        Provider = "provider",
        /// The user's own account at the provider.
        Account = "account",
    }
}
words! {
    /// How the user vouches for a message.
    Mine {
        /// By `--mine` for this one message.
        Vouched = "vouched",
        /// By a token that the message holds.
        Token = "token",
    }
}
words! {
    /// How the border was found.
    Border {
        /// Named with `--receiver`.
        Named = "named",
        /// A platform's border stamp.
        Platform = "platform",
        /// By reading down from the newest hop.
        Found = "found",
        /// Uncertain.
        Guessed = "guessed",
    }
}
words! {
    /// How the client at the border was identified.
    Identity {
        /// Its address lies in a named or exclusive network.
        Network = "network",
        /// Its verified reverse-DNS name matches.
        ReverseDns = "reverse-dns",
        /// A believed SPF pass for its address.
        Spf = "spf",
        /// A believed DKIM pass: passage, not the client.
        Dkim = "dkim",
        /// The HELO name alone: weak.
        Helo = "helo",
    }
}
words! {
    /// Whose server wrote a hop.
    Party {
        /// The recipient's side, or a trusted server.
        Receiver = "receiver",
        /// A connector's smart host.
        Connector = "connector",
        /// The Exchange platform.
        Exchange = "exchange",
        /// Anybody else.
        Other = "other",
    }
}
words! {
    /// The form of the source.
    SourceFormat {
        /// A single message in a file.
        Eml = "eml",
        /// An mbox.
        Mbox = "mbox",
        /// A Maildir.
        Maildir = "maildir",
        /// An Outlook message.
        Msg = "msg",
        /// A message of a mailbox on a server (IMAP, POP3).
        Mailbox = "mailbox",
        /// Standard input.
        Stdin = "stdin",
    }
}
words! {
    /// The kind of an evidence item.
    EvidenceKind {
        /// An SPF result.
        Spf = "spf",
        /// A DKIM result.
        Dkim = "dkim",
        /// A DMARC result.
        Dmarc = "dmarc",
        /// An ARC result.
        Arc = "arc",
        /// A DKIM-Signature field.
        DkimSignature = "dkim-signature",
        /// The Return-Path.
        ReturnPath = "return-path",
        /// A Message-ID or Origin-messageId.
        MessageId = "message-id",
        /// The HELO of the client at the border.
        Helo = "helo",
        /// A field that a provider or Exchange adds.
        Marker = "marker",
        /// Exchange's Thread-Index.
        ThreadIndex = "thread-index",
        /// What a platform or a filter says it made of the message, or of the way it took.
        Verdict = "verdict",
    }
}
words! {
    /// An anomaly's stable code.
    WarningCode {
        /// A client address that is none.
        InvalidIp = "invalid-ip",
        /// A Received field that could not be read.
        UnparsedReceived = "unparsed-received",
        /// A date that could not be read, or whose zone is unknown.
        UnparsedDate = "unparsed-date",
        /// A hop earlier than the one before it.
        ClockSkew = "clock-skew",
        /// The server of one hop is not the client of the next.
        ChainGap = "chain-gap",
        /// A host that we look for appears only below the last believed hop.
        UntrustedClaim = "untrusted-claim",
        /// The newest Received stands below From, To, Subject or Date.
        LateReceived = "late-received",
        /// No believed SPF or DKIM pass aligns with From.
        UnauthenticatedSender = "unauthenticated-sender",
        /// The connector requires TLS, and a hand-over to or from it had none.
        TlsMissing = "tls-missing",
        /// From, Date or Message-ID more than once.
        DuplicateField = "duplicate-field",
        /// Several Received fields stand in one.
        JoinedReceived = "joined-received",
        /// A field of results that no service writes so: it identifies nobody.
        UnsoundResults = "unsound-results",
        /// A name that is almost that of a known smart host.
        LikelySlip = "likely-slip",
        /// The token of `--mine` is not in this message: it is judged as without it.
        NotMine = "not-mine",
        /// An inner address was named; it identifies nobody.
        InnerAddress = "inner-address",
        /// The mail carries another as an attachment, which is the one to look at, perhaps.
        MessageInside = "message-inside",
        /// Lost folding was repaired.
        RepairedFolding = "repaired-folding",
        /// HTML entities were undone.
        RepairedEntities = "repaired-entities",
        /// Quoting was removed.
        RepairedQuoting = "repaired-quoting",
        /// Indents, stray lines, or values on the next line were repaired.
        RepairedLayout = "repaired-layout",
        /// A byte-order mark, UTF-16 or Latin-1 was converted.
        RepairedEncoding = "repaired-encoding",
        /// Messages of an mbox that the sender may have split.
        MboxBoundary = "mbox-boundary",
        /// No Received field.
        NoReceived = "no-received",
        /// The input ends inside the header section's bounds.
        Truncated = "truncated",
        /// A documented limit was reached.
        Limit = "limit",
    }
}

words! {
    /// A reason's stable code.
    ReasonCode {
        /// It left through the expected connector; or, where Exchange was expected, through a
        /// connector.
        LeftThroughConnector = "left-through-connector",
        /// It left through the Exchange platform's own outgoing server.
        LeftThroughExchange = "left-through-exchange",
        /// It left through another connector than the expected one.
        LeftThroughOtherConnector = "left-through-other-connector",
        /// It left through a host that is no known exit.
        LeftThroughStranger = "left-through-stranger",
        /// Exchange's own stamp stands right below the border.
        ExchangeByStructure = "exchange-by-structure",
        /// Nothing was expected.
        NothingExpected = "nothing-expected",
        /// No row of the policy covers the sender.
        UnlistedSender = "unlisted-sender",
        /// Which row of the policy holds is not to be told.
        UndecidedSender = "undecided-sender",
        /// There is no Received field.
        NoReceived = "no-received",
        /// The newest Received stands below From, To, Subject or Date.
        LateReceived = "late-received",
        /// All hops are on the recipient's side.
        NoHandOver = "no-hand-over",
        /// The border is not stamped by a server named with `--receiver`.
        OtherReceiver = "other-receiver",
        /// The header breaks off before the hand-over.
        CutShort = "cut-short",
        /// Where the recipient's side begins is not sure.
        GuessedBorder = "guessed-border",
        /// The border's stamp names two clients.
        DoubtfulClient = "doubtful-client",
        /// The border's stamp names no client.
        NoClient = "no-client",
        /// The client at the border has an inner address.
        InnerClient = "inner-client",
        /// Two strong identities name different exits.
        IdentitiesDisagree = "identities-disagree",
        /// Nothing shows that a provider took the message from this sender.
        ExitNotShown = "exit-not-shown",
        /// Two connectors of the policy cannot be told apart.
        ConnectorsAlike = "connectors-alike",
        /// The exit may be the recipient's entrance.
        RecipientNotKnown = "recipient-not-known",
        /// A forwarder or list may have sent the message on.
        ResentPerhaps = "resent-perhaps",
        /// The account that was asked for is not shown.
        AccountNotShown = "account-not-shown",
        /// The client is an exit by its HELO alone.
        HeloOnly = "helo-only",
        /// Something contradicts the client's HELO.
        HeloContradicted = "helo-contradicted",
        /// A host in the smart host's domain, whose operator nothing shows.
        OperatorNotShown = "operator-not-shown",
        /// From which hosts the expected mail arrives is not known.
        EgressUnknown = "egress-unknown",
        /// What is expected is only claimed below the border.
        ClaimedBelow = "claimed-below",
        /// What would decide may stand behind a limit.
        Limit = "limit",
        /// Nobody but the mbox says that this is a message of its own.
        MboxBoundary = "mbox-boundary",
        /// No rule decides.
        Undecided = "undecided",
        /// The account's row of the policy.
        PolicyAccount = "policy-account",
        /// A domain's row of the policy.
        PolicyDomain = "policy-domain",
        /// The hand-over to the recipient's side.
        HandOver = "hand-over",
        /// A believed SPF pass for the client.
        SpfPass = "spf-pass",
        /// A believed SPF fail or softfail for the client.
        SpfFail = "spf-fail",
        /// A believed DKIM pass.
        DkimPass = "dkim-pass",
        /// The Return-Path is at the connector's domain.
        ReturnPath = "return-path",
        /// A provider's marker carries the client's address.
        MarkerAgrees = "marker-agrees",
        /// A provider's marker carries another address.
        MarkerDisagrees = "marker-disagrees",
        /// The connector requires TLS, and the hand-over shows none.
        TlsMissing = "tls-missing",
    }
}
words! {
    /// What settles an inconclusive: an option of the command line, or a key of the policy.
    Setting {
        /// The user sent the message himself.
        Mine = "--mine",
        /// The recipient's MX.
        Receiver = "--receiver",
        /// A server whose stamps are believed.
        Trust = "--trust",
        /// A host or network of the connector.
        SmartHost = "--smart-host",
        /// A host or network of the Exchange platform.
        ExchangeHost = "--exchange-host",
        /// The sender.
        Sender = "--sender",
        /// Who received it.
        Recipient = "--recipient",
        /// A service whose results are believed.
        AuthservId = "--authserv-id",
        /// What becomes of senders without a row.
        Unlisted = "--unlisted",
        /// A connector's smart host.
        PolicySmartHost = "smart-host",
        /// A connector's further hosts.
        Egress = "egress",
        /// A connector's envelope domains.
        BounceDomains = "bounce-domains",
        /// A connector's signing domains.
        Dkim = "dkim",
    }
}

/// A warning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Warning {
    /// The stable code.
    pub code: WarningCode,
    /// 1-based line of the input as given.
    pub line: Option<u32>,
    /// What is strange, in a sentence.
    pub says: Sentence,
}

/// The program that made the analysis.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Tool {
    /// `smarthop`.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
    /// The version of the provider catalogue.
    pub catalogue: String,
}

/// Where a message came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Source {
    /// The path as given, `null` for standard input.
    pub path: Option<String>,
    /// 0-based number within an mbox, 0 elsewhere.
    pub message: u64,
    /// The form.
    pub format: SourceFormat,
}

impl Default for Source {
    fn default() -> Self {
        Self {
            path: None,
            message: 0,
            format: SourceFormat::Stdin,
        }
    }
}

/// What the message says of itself. Addresses are `local@domain`, decoded.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Message {
    /// Message-ID without `<` and `>`.
    pub message_id: Option<String>,
    /// The addresses of From.
    pub from: Vec<String>,
    /// The address of Sender.
    pub sender: Option<String>,
    /// The reverse-path, without `<` and `>`.
    pub return_path: Option<String>,
    /// The addresses of To.
    pub to: Vec<String>,
    /// The decoded subject.
    pub subject: Option<String>,
    /// Date: RFC 3339, UTC, whole seconds.
    pub date: Option<String>,
    /// Whether the user vouches for this message, and by what.
    pub mine: Option<Mine>,
}

/// Which connector.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ConnectorRef {
    /// The platform API's id.
    pub id: Option<u64>,
    /// Its display name.
    pub name: Option<String>,
    /// The smart host.
    pub smart_host: Option<String>,
}

/// What was expected of this message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Expected {
    /// The route.
    pub route: ExpectedRoute,
    /// The connector, where that is the route.
    pub connector: Option<ConnectorRef>,
    /// The sender that the expectation is for.
    pub sender: Option<String>,
    /// Where it comes from.
    pub source: ExpectedSource,
}

/// TLS of a connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TlsInfo {
    /// The version as written.
    pub version: Option<String>,
    /// The cipher as written.
    pub cipher: Option<String>,
}

/// The route that was observed, and on what ground.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Observed {
    /// The route; `null` with an error.
    pub route: Option<ObservedRoute>,
    /// Which known connector it was.
    pub connector: Option<ConnectorRef>,
    /// The client at the deciding hop: verified reverse-DNS name, else HELO.
    pub host: Option<String>,
    /// Its address as written.
    pub ip: Option<String>,
    /// The catalogue's provider or platform.
    pub provider: Option<String>,
    /// How closely it is known.
    pub scope: Option<Scope>,
    /// The number of the deciding hop.
    pub hop: Option<u32>,
    /// That hop's date: RFC 3339, UTC, whole seconds.
    pub date: Option<String>,
    /// That hop's TLS.
    pub tls: Option<TlsInfo>,
    /// How the border was found.
    pub border: Option<Border>,
    /// Connector, exchange: a strong identity; other: a believed stamp. `null` with an error.
    pub attested: Option<bool>,
    /// How the client was identified.
    pub identity: Option<Identity>,
    /// The host that stamped the deciding hop, or the authserv-id where DKIM alone decides.
    pub attested_by: Option<String>,
}

/// Why, in one sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Reason {
    /// A stable word.
    pub code: String,
    /// The line it rests on, 1-based in the input as given.
    pub line: Option<u32>,
    /// The sentence.
    pub says: Sentence,
}

/// An option that would settle an inconclusive, ready to be pasted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Settle {
    /// `--receiver`, `--trust`, …
    pub option: String,
    /// Its value; `null` where only the user can know it.
    pub value: Option<String>,
    /// When it settles the message, in words.
    pub says: Sentence,
}

/// The client of a hop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct HopFrom {
    /// HELO or EHLO, as written.
    pub helo: Option<String>,
    /// The name that the server gives for the address.
    pub reverse_dns: Option<String>,
    /// The server looked that name up and confirmed it.
    pub reverse_dns_verified: bool,
    /// The address as written.
    pub ip: Option<String>,
    /// It is a valid address.
    pub ip_valid: bool,
}

/// The server of a hop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct HopBy {
    /// Its name.
    pub host: Option<String>,
    /// Its address.
    pub ip: Option<String>,
}

/// One Received field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct HopInfo {
    /// 1 is the origin.
    pub number: u32,
    /// 1-based line of the input as given.
    pub line: u32,
    /// The client.
    pub from: Option<HopFrom>,
    /// The server.
    pub by: Option<HopBy>,
    /// The protocol.
    pub with: Option<String>,
    /// TLS.
    pub tls: Option<TlsInfo>,
    /// The queue id.
    pub id: Option<String>,
    /// The recipient.
    #[serde(rename = "for")]
    pub for_: Option<String>,
    /// The reverse-path.
    pub envelope_from: Option<String>,
    /// The authenticated sender.
    pub authenticated_as: Option<String>,
    /// The server's software.
    pub software: Option<String>,
    /// RFC 3339, UTC, whole seconds.
    pub date: Option<String>,
    /// Seconds since the hop before it; negative where that hop is later.
    pub delay_seconds: Option<i64>,
    /// Stamped by the recipient's side, or by a trusted host that was identified strongly.
    pub believed: bool,
    /// Whose server wrote it.
    pub party: Party,
    /// The field's body, unfolded.
    pub raw: String,
    /// Its client is somebody else than the server of the hop before it; not in the JSON, where a
    /// warning says it once for all such hops.
    #[serde(skip)]
    pub gap: bool,
}

/// One fact, where it stands, and what it is worth.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct EvidenceItem {
    /// Its kind.
    pub kind: EvidenceKind,
    /// 1-based line of the input as given.
    pub line: u32,
    /// The field's name as written.
    pub field: String,
    /// The result word.
    pub result: Option<String>,
    /// The domain it is about.
    pub domain: Option<String>,
    /// The DKIM selector.
    pub selector: Option<String>,
    /// The client address it is about.
    pub ip: Option<String>,
    /// Written by the recipient's side.
    pub attested: bool,
    /// Where it points.
    pub points_to: Option<ObservedRouteHint>,
    /// In a sentence.
    pub says: Sentence,
}

words! {
    /// Where a piece of evidence points.
    ObservedRouteHint {
        /// To a connector.
        Connector = "connector",
        /// To the platform's own outgoing server.
        Exchange = "exchange",
        /// Elsewhere.
        Other = "other",
    }
}

/// Why a message could not be analysed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ErrorInfo {
    /// A stable word.
    pub code: String,
    /// What, where, and what would help.
    pub says: String,
}

/// The analysis of one message: one JSON object of the contract.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Analysis {
    /// 1.
    #[schemars(extend("const" = SCHEMA_VERSION))]
    pub schema_version: u32,
    /// The program.
    pub tool: Tool,
    /// The source.
    pub source: Source,
    /// The message; with an error its lists are empty and its values `null`.
    pub message: Message,
    /// What was expected, `null` where nothing was.
    pub expected: Option<Expected>,
    /// What was observed; with an error all its values are `null`.
    pub observed: Observed,
    /// The answer.
    pub outcome: Outcome,
    /// Why, the deciding reason first.
    pub reasons: Vec<Reason>,
    /// What would settle an inconclusive.
    pub settle: Vec<Settle>,
    /// The hops, origin first.
    pub hops: Vec<HopInfo>,
    /// The evidence, in the header's order.
    pub evidence: Vec<EvidenceItem>,
    /// The anomalies.
    pub warnings: Vec<Warning>,
    /// Why there is no analysis.
    pub error: Option<ErrorInfo>,
}

/// How many messages had which outcome.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Summary {
    /// All records, those with an error included.
    pub messages: u64,
    /// Those that went the expected way.
    pub pass: u64,
    /// Those that did not.
    pub fail: u64,
    /// Those whose header does not settle it.
    pub inconclusive: u64,
    /// Those of which nothing was expected.
    pub unchecked: u64,
    /// The inputs that could not be analysed.
    pub error: u64,
}

impl Summary {
    /// Counts one more outcome.
    pub fn count(&mut self, outcome: Outcome) {
        self.messages += 1;
        match outcome {
            Outcome::Pass => self.pass += 1,
            Outcome::Fail => self.fail += 1,
            Outcome::Inconclusive => self.inconclusive += 1,
            Outcome::Unchecked => self.unchecked += 1,
            Outcome::Error => self.error += 1,
        }
    }
}

/// The last line of output with `--summary`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SummaryLine {
    /// 1.
    #[schemars(extend("const" = SCHEMA_VERSION))]
    pub schema_version: u32,
    /// The counts.
    pub summary: Summary,
}

impl From<Summary> for SummaryLine {
    fn from(summary: Summary) -> Self {
        Self {
            schema_version: SCHEMA_VERSION,
            summary,
        }
    }
}
