//! What each code of an analysis means, why it matters, and what to do: `smarthop explain`, and
//! `docs/codes.md`.
//!
//! A code without an explanation does not compile.

use crate::analysis::{Outcome, ReasonCode, Setting, WarningCode};

/// Of which list of an analysis a code is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `outcome`
    Outcome,
    /// `reasons`
    Reason,
    /// `settle`
    Setting,
    /// `warnings`
    Warning,
}

impl Kind {
    /// All of them, in the order in which they are listed.
    pub const ALL: &'static [Self] = &[Self::Outcome, Self::Reason, Self::Setting, Self::Warning];

    /// What one of the kind is called.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Outcome => "outcome",
            Self::Reason => "reason",
            Self::Setting => "settles a doubt",
            Self::Warning => "warning",
        }
    }

    const fn title(self) -> &'static str {
        match self {
            Self::Outcome => "Outcomes",
            Self::Reason => "Reasons",
            Self::Setting => "What settles a doubt",
            Self::Warning => "Warnings",
        }
    }

    const fn about(self) -> &'static str {
        match self {
            Self::Outcome => "The answer to \"did it go the expected way?\".",
            Self::Reason => {
                "Why the answer is what it is. The first reason decided; those behind it speak for \
                 it, or against it."
            }
            Self::Setting => {
                "Options of the command line, and keys of the policy, that would make an \
                 inconclusive a pass or a fail. Each is offered with its condition: it is right \
                 only where that holds."
            }
            Self::Warning => {
                "What is odd about the message or the input. A warning alone decides nothing."
            }
        }
    }
}

/// One code, explained.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Explanation {
    /// The code as it stands in the JSON.
    pub code: &'static str,
    /// Of which list it is.
    pub kind: Kind,
    /// What it means.
    pub means: &'static str,
    /// Why it matters.
    pub matters: &'static str,
    /// What to do.
    pub to_do: &'static str,
}

/// All codes, by kind.
pub fn all() -> impl Iterator<Item = Explanation> {
    let of = |code, kind, [means, matters, to_do]: Says| Explanation {
        code,
        kind,
        means,
        matters,
        to_do,
    };
    let outcomes = Outcome::ALL.iter();
    let outcomes = outcomes.map(move |own| of(own.as_str(), Kind::Outcome, outcome(*own)));
    let reasons = ReasonCode::ALL.iter();
    let reasons = reasons.map(move |own| of(own.as_str(), Kind::Reason, reason(*own)));
    let settings = Setting::ALL.iter();
    let settings = settings.map(move |own| of(own.as_str(), Kind::Setting, setting(*own)));
    let warnings = WarningCode::ALL.iter();
    let warnings = warnings.map(move |own| of(own.as_str(), Kind::Warning, warning(*own)));
    outcomes.chain(reasons).chain(settings).chain(warnings)
}

/// What is called so, as a code of several kinds perhaps; of an option also without its dashes.
pub fn of(code: &str) -> Vec<Explanation> {
    let bare = |code: &str| code.trim_start_matches('-').to_ascii_lowercase();
    let wanted = bare(code);
    all().filter(|known| bare(known.code) == wanted).collect()
}

/// The code that is nearest to one that is none.
pub fn nearest(code: &str) -> Option<&'static str> {
    /// No code is longer; what is far from all of them is no slip.
    const LONGEST: usize = 40;
    let code = code.to_ascii_lowercase();
    if code.len() > LONGEST {
        return None;
    }
    let distances = all().map(|known| (strsim::osa_distance(&code, known.code), known.code));
    let begins = all().find(|known| code.len() >= 4 && known.code.starts_with(&code));
    let near = distances.min().filter(|(distance, _)| *distance <= 3);
    near.map(|(_, known)| known)
        .or_else(|| begins.map(|known| known.code))
}

/// An explanation as text, 80 columns wide.
pub fn text(known: &Explanation) -> String {
    let mut text = format!("{} ({})\n", known.code, known.kind.name());
    wrapped("  ", known.means, &mut text);
    for (label, says) in [
        ("Why it matters: ", known.matters),
        ("What to do: ", known.to_do),
    ] {
        text.push('\n');
        wrapped("  ", &[label, says].concat(), &mut text);
    }
    text
}

/// All codes as text: each with what it means.
pub fn list() -> String {
    let mut text = String::new();
    for kind in Kind::ALL {
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(kind.title());
        text.push('\n');
        for known in all().filter(|known| known.kind == *kind) {
            text.push_str(&["  ", known.code, "\n"].concat());
            wrapped("      ", known.means, &mut text);
        }
    }
    text
}

/// All codes as the documentation has them.
pub fn markdown() -> String {
    let mut text = String::from(
        "# Codes\n\n\
         What each code of an analysis means, why it matters, and what to do. `smarthop explain CODE` \
         prints the same for one of them, and `smarthop explain` lists them all. This page is made \
         from the program; a test compares the two.\n",
    );
    for kind in Kind::ALL {
        let head = format!("\n## {}\n\n{}\n", kind.title(), kind.about());
        text.push_str(&head);
        for known in all().filter(|known| known.kind == *kind) {
            let Explanation {
                code,
                means,
                matters,
                to_do,
                ..
            } = known;
            text.push_str(&format!(
                "\n### `{code}`\n\n{means}\n\n- **Why it matters:** {matters}\n- **What to do:** {to_do}\n"
            ));
        }
    }
    text
}

/// Writes words into lines of at most 80 columns.
fn wrapped(indent: &str, words: &str, text: &mut String) {
    const WIDTH: usize = 80;
    let mut column = 0;
    for word in words.split(' ') {
        let length = word.chars().count();
        if column > 0 && column + 1 + length > WIDTH {
            text.push('\n');
            column = 0;
        }
        match column {
            0 => {
                text.push_str(indent);
                column = indent.len();
            }
            _ => {
                text.push(' ');
                column += 1;
            }
        }
        text.push_str(word);
        column += length;
    }
    text.push('\n');
}

/// What it means, why it matters, what to do.
type Says = [&'static str; 3];

const fn outcome(outcome: Outcome) -> Says {
    match outcome {
        Outcome::Pass => [
            "The message went the expected way, and a stamp that the recipient's side wrote shows it.",
            "This is the only outcome that proves something: nobody who wrote the message could have \
             made it up. How much it proves is the scope's to say: any customer of the same provider \
             passes with scope `provider`.",
            "Nothing. Where your own account must be shown, ask for `--require account`.",
        ],
        Outcome::Fail => [
            "The message did not go the expected way, and a believed stamp shows which way it went.",
            "The connector is not used for this sender, or another way out is: replies, bounces and \
             reputation do not go where you planned.",
            "Read the first reason: it names the host that handed the message over. Then look at the \
             connector's binding of that account or domain, and whether the sender is the one you \
             expected.",
        ],
        Outcome::Inconclusive => [
            "The header does not settle it: two stories, each told by honest servers, fit what is \
             believed.",
            "It is neither a pass nor a fail. Often the header is cut, or the recipient's provider \
             hides what happened before.",
            "Look at what would settle it: each line is an option to add, with the condition under \
             which it is right. If you sent the message yourself, `--mine` settles most of them.",
        ],
        Outcome::Unchecked => [
            "Nothing was expected of this message.",
            "It counts as neither a pass nor a fail: `trace` expects nothing, and `--unlisted ignore` \
             passes over senders that the policy does not cover.",
            "Give an expectation with `--smart-host`, `--connector`, `--expect` or `--policy`.",
        ],
        Outcome::Error => [
            "The input could not be analysed: it cannot be read, or there is no header in it.",
            "Nothing is known of that message; a run with an error has exit status 2.",
            "Read the error: it says what was found and what would help. Mostly the whole header has \
             to be taken anew, as \"show original\" gives it.",
        ],
    }
}

#[expect(clippy::too_many_lines, reason = "a table")]
const fn reason(code: ReasonCode) -> Says {
    match code {
        ReasonCode::LeftThroughConnector => [
            "The message left through a connector's smart host, by a strong identity of the client at \
             the border.",
            "With the connector expected this is a pass; with Exchange expected it is a fail, since \
             the address goes through a smart host that it should not use.",
            "Nothing after a pass. After a fail: see why this sender is bound to a connector, in the \
             account's row or the domain's default.",
        ],
        ReasonCode::LeftThroughExchange => [
            "The message left through the Exchange platform's own outgoing server.",
            "With Exchange expected this is a pass; with a connector expected it is a fail: the send \
             connector was not used.",
            "After a fail: see whether the account is bound to the connector, whether the connector is \
             enabled, and whether the change has been applied yet.",
        ],
        ReasonCode::LeftThroughOtherConnector => [
            "The message left through a connector of the policy, but not the one that is expected of \
             this sender.",
            "The wrong relay gets this sender's mail: its limits, its reputation, its signatures.",
            "Compare the account's row, or its domain's default, with the connector that the reason \
             names.",
        ],
        ReasonCode::LeftThroughStranger => [
            "The client at the border is neither the expected exit nor another that is known, and \
             nothing of what is expected is claimed below it.",
            "The message took a way that nobody planned: another mail server, a web site, a relay \
             that you did not name.",
            "Look at the client that the reason names. If it is yours or your relay's after all, name \
             it with `--smart-host` or `--exchange-host`.",
        ],
        ReasonCode::ExchangeByStructure => [
            "Exchange's own stamp stands right below the border, so the client is an Exchange \
             server's way out; by its name or address nobody knows it.",
            "On-premises servers announce another name than their internal one, so this is how they \
             look. Whose server it is does not show, and the stamp below is only claimed.",
            "If that host is your Exchange server's way out, name it with `--exchange-host`.",
        ],
        ReasonCode::NothingExpected => [
            "Nothing was expected; the reason says who handed the message over.",
            "There is no verdict to rely on.",
            "Give an expectation with `--smart-host`, `--connector`, `--expect` or `--policy`.",
        ],
        ReasonCode::UnlistedSender => [
            "No row of the policy covers the sender, or the message has no sender to look up.",
            "What is expected of him is not known, so no answer can be right.",
            "Add his row or his domain's to the policy, give the sender with `--sender`, or pass over \
             such senders with `--unlisted ignore`.",
        ],
        ReasonCode::UndecidedSender => [
            "The policy has rows for the sender, but does not say which route holds: its row is \
             undecided, or From has several addresses of which it expects different things.",
            "Either expectation would be a guess.",
            "Decide the row in the policy, or say with `--sender` who of them sent it.",
        ],
        ReasonCode::NoReceived => [
            "There is no Received field.",
            "No server says from whom it took the message: it was never delivered, or the fields are \
             missing.",
            "Take the whole header of the message as its recipient got it. A copy in \"Sent\" has \
             none.",
        ],
        ReasonCode::LateReceived => [
            "The newest Received field stands below From, To, Subject or Date.",
            "Servers put their stamps on top; what stands below those fields the author can have \
             written. Nobody delivered this message.",
            "Take the header of the message as its recipient got it, from the first line on.",
        ],
        ReasonCode::NoHandOver => [
            "Every client in the header is on the recipient's side.",
            "The place where the message came in from outside is not in it: the mail began inside, or \
             the older fields are missing.",
            "Take the whole header. If it is whole, name the recipient's MX with `--receiver`.",
        ],
        ReasonCode::OtherReceiver => [
            "The message was handed over to a server that is none of those named with `--receiver`.",
            "It came in by another door than you said, so what you said of the door does not hold \
             here.",
            "Name this server too, if it is one of the recipient's MX; or trust the client above with \
             `--trust`, if it is his filter, forwarder or list.",
        ],
        ReasonCode::CutShort => [
            "The header breaks off right below a server of the recipient's: from whom that one took \
             the message is missing.",
            "The hand-over is in what is missing.",
            "Take the header whole, with its line breaks, or save the mail as a file.",
        ],
        ReasonCode::GuessedBorder => [
            "Where the recipient's side begins is not sure: the client may be one of the recipient's \
             own servers, or anybody.",
            "All below the border can be forged, so a border that is only guessed carries no pass.",
            "Name the recipient's MX with `--receiver`, or his own servers with `--trust`. If you sent \
             the message yourself, `--mine`.",
        ],
        ReasonCode::DoubtfulClient => [
            "The stamp at the border names two client addresses, or has more clauses than one server \
             writes.",
            "The client's own words may stand where the server's are looked for, as in a HELO that is \
             made to look like an address. Nobody is identified by it.",
            "Take another message from the same way. Where the server always writes so, its form is \
             not known: report it.",
        ],
        ReasonCode::NoClient => [
            "The stamp at the border tells neither an address of its client nor a name that it \
             verified.",
            "Nobody is named, so nobody is known, and nobody is a stranger either.",
            "If that client is one of the recipient's servers, trust it; otherwise look at the \
             receiving server's log.",
        ],
        ReasonCode::InnerClient => [
            "The client at the border has an inner address (private, loopback, link-local, carrier \
             NAT).",
            "Such an address says nothing outside its own network: it may be the recipient's filter, \
             or anybody behind address translation.",
            "If it is one of the recipient's servers, give it with `--trust`; or name his MX with \
             `--receiver`.",
        ],
        ReasonCode::IdentitiesDisagree => [
            "The client is strongly known as the connector and as the Exchange platform.",
            "Only one can be true, and the header does not say which.",
            "Look at what you named: a network or SPF domain that both share. Name the hosts more \
             narrowly.",
        ],
        ReasonCode::ExitNotShown => [
            "The client belongs to a provider that also receives or forwards for others, and nothing \
             shows that it took this message from the sender.",
            "It may be the recipient's own filter, a redirection or a forwarder: the message may have \
             left anywhere before.",
            "Name the recipient's MX with `--receiver` where no filter stands before it, or his filter \
             with `--trust`. If you sent the message yourself, `--mine`.",
        ],
        ReasonCode::ConnectorsAlike => [
            "Two connectors of the policy stand for the same hosts, and nothing tells which of them it \
             was.",
            "One of them is right and one is wrong.",
            "Give each a domain of its own account in the policy: `bounce-domains` or `dkim`.",
        ],
        ReasonCode::RecipientNotKnown => [
            "The host that handed over may also take mail in for its own domain, and who received the \
             message is not known, or is of the sender's own domain.",
            "Then that host is the entrance, and not the exit, and says nothing of the way out.",
            "Test with a recipient outside; or say with `--recipient` who received it, if his address \
             is outside the sender's domains.",
        ],
        ReasonCode::ResentPerhaps => [
            "Something says that the message was sent on: a stamp in which Exchange hands over to \
             another server, a Resent or X-Forwarded field, a rewritten envelope.",
            "A forwarder or list may use the same provider, so its mail looks like yours.",
            "Show your own account with `dkim` or `bounce-domains` in the policy, or say `--mine` if \
             you sent it.",
        ],
        ReasonCode::AccountNotShown => [
            "It left through the expected exit, but nothing believed shows that it was your account, \
             which `--require account` asks for.",
            "Any customer of the provider could have sent it that way.",
            "Have the relay sign by a domain that only your account has, and put it into the policy's \
             `dkim`.",
        ],
        ReasonCode::HeloOnly => [
            "The client is a known exit by its HELO alone.",
            "The client chose that name itself: anybody can.",
            "If the host is yours or your relay's, name it by its address. Reverse DNS or SPF that \
             names it settles it for all mails.",
        ],
        ReasonCode::HeloContradicted => [
            "The client announced itself as a known exit, and something believed contradicts it: SPF, \
             its verified name, or its address.",
            "It is a forgery, or a relay with a general name, or a list of networks that has aged.",
            "If you know the host to be yours, name it by its address; otherwise take the name for a \
             lie.",
        ],
        ReasonCode::OperatorNotShown => [
            "The client's verified name lies in the smart host's domain, but no believed DKIM pass \
             shows that the operator of that domain sent it.",
            "Customers of a hosting company have names in its domain, too.",
            "If you know that host to be your relay's, name it with `--smart-host`; or all of its kind \
             as `*.out.example.net`.",
        ],
        ReasonCode::EgressUnknown => [
            "The client is not known to be the expected exit, but neither is it known from which hosts \
             that one's mail arrives.",
            "Relays send from other hosts than they take mail at, so this may be the right one.",
            "If you know the client to be your relay's, name it with `--smart-host`; if it is your \
             Exchange server's, with `--exchange-host`. The relay's documentation lists its networks.",
        ],
        ReasonCode::ClaimedBelow => [
            "What is expected appears only below the border, where the sender may have written it.",
            "A forwarder looks so, a relay under another name, and a forgery.",
            "If the client is the recipient's filter, forwarder or list, give it with `--trust`; if it \
             is your relay under another name, with `--smart-host`.",
        ],
        ReasonCode::Limit => [
            "The header is longer than is read of one.",
            "What would decide may stand in the rest, so neither a pass nor a fail is said.",
            "See what makes the header so long: thousands of fields or addresses are no usual mail.",
        ],
        ReasonCode::MboxBoundary => [
            "In the mbox a line that begins a message may be the text of the one before it.",
            "Then somebody wrote this \"message\" into the body of another, with whatever header he \
             liked; so nothing of it is believed.",
            "Export the messages as single files, or as a Maildir.",
        ],
        ReasonCode::Undecided => [
            "No rule decides this message.",
            "This should not happen.",
            "Report it, with the header redacted by `--redact`.",
        ],
        ReasonCode::PolicyAccount => [
            "The expectation comes from the sender's own row in the policy.",
            "It is what the verdict is held against.",
            "Where it is wrong, correct that row.",
        ],
        ReasonCode::PolicyDomain => [
            "The expectation comes from a row for a domain: the default of the sender's, or that of \
             the recipients.",
            "A default holds for accounts that have no row of their own.",
            "Where it is wrong for this account, give it a row of its own.",
        ],
        ReasonCode::HandOver => [
            "Who handed the message over to the recipient's side, and how that place was found.",
            "All above it is believed; all below it is only claimed.",
            "Nothing. Where the place is wrong, say which server is the recipient's with \
             `--receiver`.",
        ],
        ReasonCode::SpfPass => [
            "The recipient's side found that the domain allows this client to send for it.",
            "It identifies the client where the domain is that of an exit, and nobody else's.",
            "Nothing.",
        ],
        ReasonCode::SpfFail => [
            "The recipient's side found that the domain does not allow this client.",
            "It contradicts a HELO of that domain.",
            "If the client is your relay, add it to the domain's SPF record.",
        ],
        ReasonCode::DkimPass => [
            "The recipient's side verified a signature of this domain.",
            "It shows that the message passed there, not who handed it over; that of your own domain \
             identifies nobody.",
            "Nothing.",
        ],
        ReasonCode::ReturnPath => [
            "The envelope sender is at the connector's domain.",
            "Bounces go there. It corroborates, and identifies nobody.",
            "Nothing.",
        ],
        ReasonCode::MarkerAgrees => [
            "A field that the provider adds carries the client's own address.",
            "It corroborates; the field itself could be anybody's.",
            "Nothing.",
        ],
        ReasonCode::MarkerDisagrees => [
            "A field that the provider adds carries another address than the client's.",
            "The message passed another host after the provider, or the field is copied.",
            "Look at the hops between them: a forwarder or filter, perhaps.",
        ],
        ReasonCode::TlsMissing => [
            "The connector requires TLS, and the hand-over shows none.",
            "The message may have crossed the Internet in the clear.",
            "See whether the server writes its TLS into the field at all; if it does, look at the \
             relay's TLS settings.",
        ],
    }
}

const fn setting(setting: Setting) -> Says {
    match setting {
        Setting::Mine => [
            "You sent this message yourself.",
            "Nobody forged it then, so its fields below the border count as written by the servers \
             they name.",
            "Give it only for a message that you sent; for several, `--mine=TOKEN` with a token of \
             your own in each subject.",
        ],
        Setting::Receiver => [
            "The recipient's MX: all his mail comes in through this server.",
            "It says where the recipient's side begins. A filter before it would be taken for the \
             sender's exit.",
            "Give it if that server is his MX, and no filter or forwarder of his stands before it.",
        ],
        Setting::Trust => [
            "A server whose stamps are believed: an inbound filter, a list, a forwarder.",
            "The search for the border goes on below it. A server that does not stamp what it takes \
             would make the field below, which anybody can write, believed.",
            "Give it if that server is the recipient's, and always writes a Received field.",
        ],
        Setting::SmartHost => [
            "A host or network of the connector.",
            "What you name counts as the connector, in whatever mail.",
            "Give the client's name or address if you know it to be your relay's, and nobody else's.",
        ],
        Setting::ExchangeHost => [
            "A host or network of the Exchange platform's own outgoing servers.",
            "On-premises servers are known by nobody else's word.",
            "Give the client's name or address if you know it to be your Exchange server's way out.",
        ],
        Setting::Sender => [
            "The sender, in place of the header's From.",
            "He is looked up in the policy, and you vouch for him.",
            "Give the address that sent the message, if you know it.",
        ],
        Setting::Recipient => [
            "Who received the message.",
            "With a recipient outside, a host that also takes mail in for its own domain was the exit, \
             and not the entrance.",
            "Give the address that received it.",
        ],
        Setting::AuthservId => [
            "An authentication service whose results are believed below the border's stamp, too.",
            "Its field stands where the sender could have written one.",
            "Give it if that service writes its results directly below the receiving server's stamp, \
             always, and removes forged ones.",
        ],
        Setting::Unlisted => [
            "What becomes of senders that no row of the policy covers.",
            "Without it they are inconclusive, so a forgotten row shows.",
            "`--unlisted ignore`, if such senders are to be passed over.",
        ],
        Setting::PolicySmartHost => [
            "The smart host of a connector in the policy.",
            "A name that is a letter off stands for a host that nobody has.",
            "Correct it, if it was a slip.",
        ],
        Setting::Egress => [
            "Further hosts and networks from which a connector's mail arrives (a key of the policy).",
            "Relays send from other hosts than they take mail at.",
            "Add the client's name or address if you know it to be your relay's.",
        ],
        Setting::BounceDomains => [
            "Envelope domains that the relay sets for you (a key of the policy).",
            "A believed SPF pass of such a domain shows the connector.",
            "Add the domain if the relay sets it for you alone; never your own.",
        ],
        Setting::Dkim => [
            "Domains by which the relay signs for you (a key of the policy).",
            "A believed DKIM pass by such a domain shows your account.",
            "Add the domain if the relay signs by it for you alone; never the sender's own.",
        ],
    }
}

#[expect(clippy::too_many_lines, reason = "a table")]
const fn warning(code: WarningCode) -> Says {
    match code {
        WarningCode::InvalidIp => [
            "The address that a Received field gives for its client is none.",
            "It identifies nobody. Some documentation and some redaction makes such addresses.",
            "Take the header as it was received.",
        ],
        WarningCode::UnparsedReceived => [
            "A Received field could not be read.",
            "Its hop names no client and no server.",
            "Look at the field: pasting may have broken it. If it is whole, its form is not known: \
             report it.",
        ],
        WarningCode::UnparsedDate => [
            "A date could not be read, or its zone is not known.",
            "That hop has no time, and no delay is counted from it.",
            "Nothing: dates decide nothing.",
        ],
        WarningCode::ClockSkew => [
            "A hop is at least a minute earlier than the one before it.",
            "A clock is wrong, or the fields are not in the order in which they were written.",
            "Look at the hops' servers. Where you forged nothing, it is mostly a clock.",
        ],
        WarningCode::ChainGap => [
            "The server of one hop is not the client of the next.",
            "A hop is missing, servers go by several names, or what stands below is made up.",
            "Below the border it decides nothing; look at both names.",
        ],
        WarningCode::UntrustedClaim => [
            "A host that we look for appears only below the last believed hop.",
            "There the sender may have written it, so it shows nothing.",
            "Look at the reasons: they say who really handed the message over.",
        ],
        WarningCode::LateReceived => [
            "The newest Received field stands below From, To, Subject or Date.",
            "The author can have written it; nobody delivered this message.",
            "Take the header of the message as its recipient got it.",
        ],
        WarningCode::UnauthenticatedSender => [
            "No believed SPF or DKIM pass aligns with the domain of From.",
            "Anybody may have written that From; DMARC would fail.",
            "Have the relay sign by your domain, or set SPF up for its envelope. Where the recipient \
             checks nothing, nothing can be seen.",
        ],
        WarningCode::TlsMissing => [
            "The connector requires TLS, and a hand-over to it or from it shows none.",
            "The message may have crossed the Internet in the clear.",
            "See whether that server writes its TLS into the field at all; if it does, look at the \
             connector's settings.",
        ],
        WarningCode::DuplicateField => [
            "From, Date or Message-ID stands in the header more than once.",
            "Programs differ in which of them they show, which forgers use.",
            "Look at all of them.",
        ],
        WarningCode::JoinedReceived => [
            "Several Received fields stand in one.",
            "Only the first is read: what follows may be the client's words.",
            "Where pasting joined them, take the header anew.",
        ],
        WarningCode::UnsoundResults => [
            "A field of results is not written as one server writes it.",
            "Some of it may be the sender's words, so it identifies nobody.",
            "Look at the field. Where your own server writes so, report its form.",
        ],
        WarningCode::LikelySlip => [
            "A smart host that was named is almost that of a known provider.",
            "A name that nobody has is never matched, so every mail would fail or stay open.",
            "Correct the name, if it was a slip.",
        ],
        WarningCode::NotMine => [
            "The token of `--mine` does not count for this message.",
            "It is judged as anybody's.",
            "Put the token into the subject of a message that is no reply, and of one message only.",
        ],
        WarningCode::InnerAddress => [
            "An inner address was named as a host.",
            "It says nothing outside its own network, and identifies nobody.",
            "Name the public address or the name from which the mail arrives.",
        ],
        WarningCode::MessageInside => [
            "The mail carries another as an attachment.",
            "That one may be what you meant: a mail that was forwarded as a file.",
            "`--inside` looks at it.",
        ],
        WarningCode::RepairedFolding => [
            "Continuation lines had lost their indent.",
            "The repair is a guess at which lines belong together.",
            "Nothing; or save the mail as a file in place of pasting it.",
        ],
        WarningCode::RepairedEntities => [
            "HTML entities such as `&lt;` were undone.",
            "The header was copied from a page's source.",
            "Nothing; or save the mail as a file.",
        ],
        WarningCode::RepairedQuoting => [
            "Quoting such as `> ` was removed from the lines.",
            "The header was copied from a reply.",
            "Nothing; or save the mail as a file.",
        ],
        WarningCode::RepairedLayout => [
            "Indents, stray lines, or values on the line below their name were repaired.",
            "The repair is a guess at what the header was.",
            "Nothing; or save the mail as a file.",
        ],
        WarningCode::RepairedEncoding => [
            "A byte-order mark, UTF-16 or Latin-1 was converted.",
            "Nothing is lost by it.",
            "Nothing.",
        ],
        WarningCode::MboxBoundary => [
            "Where a message of the mbox begins is not sure.",
            "The sender of the one before it may have written this one; nothing of it is believed.",
            "Export the messages as single files, or as a Maildir.",
        ],
        WarningCode::NoReceived => [
            "There is no Received field.",
            "No server says from whom it took the message.",
            "Take the whole header of the message as its recipient got it.",
        ],
        WarningCode::Truncated => [
            "The header ends at a line that is no header field, or before its empty line.",
            "Fields may be missing, of which one may decide.",
            "Take the header whole, from its first line to the empty one.",
        ],
        WarningCode::Limit => [
            "A documented limit was reached.",
            "What lies beyond it is not read, so neither a pass nor a fail rests on it.",
            "See what makes the header so long.",
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_says_three_things() {
        for known in all() {
            for says in [known.means, known.matters, known.to_do] {
                let ends = says.ends_with('.') && !says.contains("  ");
                assert!(ends, "{}: {says}", known.code);
            }
        }
    }

    #[test]
    fn lines_are_short() {
        let long = all().map(|known| text(&known)).chain([list()]);
        for text in long {
            assert!(
                text.lines().all(|line| line.chars().count() <= 80),
                "{text}"
            );
        }
    }

    #[test]
    fn a_slip_leads_to_the_code() {
        for (given, meant) in [
            ("helo-onyl", Some("helo-only")),
            ("left-through-conector", Some("left-through-connector")),
            ("recipient", Some("--recipient")),
            ("resent", Some("resent-perhaps")),
            ("nothing of the kind", None),
            ("", None),
        ] {
            assert_eq!(nearest(given), meant, "{given}");
        }
        let found: Vec<_> = of("TLS-missing").iter().map(|own| own.kind).collect();
        assert_eq!(found, [Kind::Reason, Kind::Warning]);
        assert_eq!(of("mine").len(), 1);
        assert!(of("mined").is_empty());
    }
}
