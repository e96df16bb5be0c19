//! Which messages the user sent himself, by what he says of them (`--mine`): a token that he put
//! into a mail of his tells it from what others sent him.
//!
//! Whoever answers a mail, by hand or by a machine, quotes its subject, and may quote its
//! Message-ID in fields of his own: so the token counts in the Message-ID, which is nobody else's,
//! and in the Subject of a message that is no answer. A token that two messages hold is none. Knows
//! nothing of hops or results.

use std::borrow::Cow;

use crate::analysis::Mine;
use crate::header::{Field, FieldName, HeaderSection};
use crate::input::RawMessage;
use crate::message;
use crate::policy::{TOKEN_MIN, Vouching};

/// A look at all messages of a run: which of them hold the token.
#[derive(Debug, Clone)]
pub struct Holders {
    token: String,
    /// The Message-ID of the first that holds it; empty where it has none.
    first: Option<String>,
    /// Another message holds it too.
    several: bool,
}

impl Holders {
    /// Before any message is looked at.
    pub fn of(token: &str) -> Self {
        Self {
            token: token.to_owned(),
            first: None,
            several: false,
        }
    }

    /// Looks at one message. The same mail may come twice, as from two folders.
    pub fn look(&mut self, raw: &RawMessage<'_>) {
        let section = HeaderSection::parse(&raw.text);
        if !holds(&section, &self.token) {
            return;
        }
        let id = message_id(&section).unwrap_or_default();
        match &self.first {
            // Two without one are two messages, or one of them twice: nobody knows.
            Some(first) => self.several |= *first != id || id.is_empty(),
            None => self.first = Some(id.into_owned()),
        }
    }

    /// What the token says once all are looked at.
    pub fn vouching(self) -> Vouching {
        Vouching::Sole {
            token: self.token,
            holder: self.first.filter(|_| !self.several),
        }
    }
}

/// Whether the user vouches for this message, and by what.
pub(crate) fn vouched(section: &HeaderSection<'_>, vouching: &Vouching) -> Option<Mine> {
    let is_mine = match vouching {
        Vouching::None => false,
        Vouching::Every => return Some(Mine::Vouched),
        Vouching::Token(token) => holds(section, token),
        Vouching::Sole { token, holder } => {
            let id = message_id(section).unwrap_or_default();
            holder.as_deref() == Some(&*id) && holds(section, token)
        }
    };
    is_mine.then_some(Mine::Token)
}

/// Why a token does not make a message the user's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotMine {
    /// Several messages hold it.
    Several,
    /// This one does not hold it where only its author writes.
    Missing,
}

/// Why the token that was given does not make this message the user's, where it does not.
pub(crate) fn not_mine(section: &HeaderSection<'_>, vouching: &Vouching) -> Option<NotMine> {
    match vouching {
        _ if vouched(section, vouching).is_some() => None,
        Vouching::None | Vouching::Every => None,
        Vouching::Token(token) | Vouching::Sole { token, .. } => {
            Some(match holds(section, token) {
                true => NotMine::Several,
                false => NotMine::Missing,
            })
        }
    }
}

/// Whether a message holds the token where only its author writes: in its Message-ID, or in the
/// Subject of one that is neither a reply nor an automatic answer.
pub(crate) fn holds(section: &HeaderSection<'_>, token: &str) -> bool {
    if token.chars().count() < TOKEN_MIN || fields(section, FieldName::MessageId).count() > 1 {
        return false;
    }
    if message_id(section).is_some_and(|id| id.contains(token)) {
        return true;
    }
    let mut subjects = fields(section, FieldName::Subject).map(message::text);
    let (Some(subject), None) = (subjects.next(), subjects.next()) else {
        return false;
    };
    let before = subject.split_once(token).map(|(before, _)| before);
    before.is_some_and(|before| !is_quoted(before) && !is_of_answer(section))
}

fn fields<'s, 'x>(
    section: &'s HeaderSection<'x>,
    kind: FieldName,
) -> impl Iterator<Item = &'s Field<'x>> {
    let all = section.fields().iter();
    all.filter(move |field| field.kind == kind)
}

/// What stands between `<` and `>` of the Message-ID, where there is one of these (RFC 5322 3.6.4);
/// a comment behind it is no part of it.
fn message_id<'x>(section: &HeaderSection<'x>) -> Option<Cow<'x, str>> {
    let field = fields(section, FieldName::MessageId).next()?;
    let inside = |text: &'x str| -> &'x str {
        let behind = text.split_once('<').map_or(text, |(_, behind)| behind);
        behind.split_once('>').map_or(behind, |(id, _)| id).trim()
    };
    let id: Cow<'x, str> = match field.unfolded() {
        Cow::Borrowed(text) => Cow::Borrowed(inside(text)),
        Cow::Owned(_) => Cow::Owned(inside(field.body).split_whitespace().collect()),
    };
    (!id.is_empty()).then_some(id)
}

/// Whether a message answers another one, or was made by a machine of one (RFC 5322 3.6.4,
/// RFC 3834 5, RFC 3798 3): its subject is then another's.
fn is_of_answer(section: &HeaderSection<'_>) -> bool {
    section.fields().iter().any(is_answers)
}

/// Whether a field is one of an answer's.
fn is_answers(field: &Field<'_>) -> bool {
    let value = || message::text(field).trim().to_ascii_lowercase();
    let dense = || -> String { value().split_whitespace().collect() };
    let named = |name: &str| field.name.eq_ignore_ascii_case(name);
    match field.kind {
        // The null reverse-path is that of notices and automatic answers (RFC 5321 4.5.5); a comment
        // may follow it.
        FieldName::ReturnPath => return dense().starts_with("<>"),
        // The mail system's own name (RFC 5321 4.5.5, RFC 2142).
        FieldName::From => return value().contains("mailer-daemon@"),
        FieldName::Other => {}
        FieldName::Received
        | FieldName::AuthenticationResults
        | FieldName::ArcAuthenticationResults
        | FieldName::ReceivedSpf
        | FieldName::DkimSignature
        | FieldName::Sender
        | FieldName::To
        | FieldName::Subject
        | FieldName::Date
        | FieldName::MessageId => return false,
    }
    match field.name.len() {
        // One of them alone is an answer's, too.
        11 if named("In-Reply-To") => !value().is_empty(),
        10 if named("References") => !value().is_empty(),
        // RFC 3834 5: parameters may follow the keyword.
        14 if named("Auto-Submitted") => {
            let value = value();
            value.split([';', ' ', '\t']).next() != Some("no")
        }
        // Of servers that know no Auto-Submitted.
        10 if named("Precedence") => matches!(&*value(), "auto_reply" | "auto-reply"),
        12 if named("Content-Type") => dense().starts_with("multipart/report"),
        // Exim's notices of failure.
        19 if named("X-Failed-Recipients") => true,
        _ => [
            "X-Autoreply",
            "X-Auto-Reply",
            "X-Autoreply-From",
            "X-Auto-Reply-From",
            "X-Autorespond",
            "X-Autoresponder",
            "X-Autogenerated",
            "X-Mail-Autoreply",
            "X-FC-MachineGenerated",
        ]
        .into_iter()
        .any(|name| named(name) && value() != "no"),
    }
}

/// What programs put before the subject of a mail that they answer, pass on or report of, in lower
/// case and without what counts them (`Re[2]`): RFC 5322's and those of their translations.
const PREFIXES: &[&str] = &[
    // Replies.
    "re",
    "ré",
    "rép",
    "réf",
    "aw",
    "antw",
    "antwort",
    "antwoord",
    "sv",
    "svar",
    "vs",
    "ang",
    "r",
    "rif",
    "res",
    "resp",
    "ref",
    "odp",
    "odg",
    "ynt",
    "yan",
    "vá",
    "válasz",
    "atb",
    "ats",
    "bls",
    "balas",
    "tl",
    "αδ",
    "απ",
    "απάντηση",
    "σχετ",
    "на",
    "ha",
    "ответ",
    "отв",
    "відп",
    "відповідь",
    "回复",
    "回覆",
    "回復",
    "答复",
    "答覆",
    "返信",
    "답장",
    "회신",
    "ตอบ",
    "ตอบกลับ",
    "رد",
    "השב",
    "תשובה",
    // Forwards.
    "fwd",
    "fw",
    "wg",
    "tr",
    "i",
    "inoltra",
    "rv",
    "enc",
    "doorst",
    "vb",
    "vl",
    "pd",
    "ilt",
    "i̇lt",
    "tov",
    "továbbítás",
    "fs",
    "πρθ",
    "προώθ",
    "пересл",
    "пер",
    "转发",
    "轉寄",
    "轉發",
    "転送",
    "전달",
    "إعادة توجيه",
    "העבר",
    "הועבר",
    // Machines, where no field says so.
    "auto",
    "autoreply",
    "auto-reply",
    "auto reply",
    "automatic reply",
    "automatische antwort",
    "abwesend",
    "abwesenheitsnotiz",
    "abwesenheit",
    "out of office",
    "out of office autoreply",
    "out of the office",
    "out-of-office",
    "ooo",
    "away",
    "away from my mail",
    "vacation",
    "vacation reply",
    "autoresponse",
    "auto-response",
    "auto response",
    "autoresponder",
    "autoantwort",
    "auto-antwort",
    "réponse automatique",
    "absence",
    "absence du bureau",
    "absent du bureau",
    "absent",
    "risposta automatica",
    "fuori sede",
    "fuori ufficio",
    "assente",
    "respuesta automática",
    "fuera de la oficina",
    "fuera de oficina",
    "resposta automática",
    "ausente do escritório",
    "ausente",
    "automatisch antwoord",
    "niet aanwezig",
    "afwezig",
    "afwezigheidsassistent",
    "autosvar",
    "automatiskt svar",
    "automatisk svar",
    "automaattinen vastaus",
    "automatyczna odpowiedź",
    "odpowiedź automatyczna",
    "poza biurem",
    "automatická odpověď",
    "automatikus válasz",
    "автоответ",
    "автоматический ответ",
    "自动答复",
    "自动回复",
    "自動回覆",
    "自動応答",
    "자동 회신",
    "undeliverable",
    "undeliverable mail",
    "undelivered",
    "undelivered mail",
    "unzustellbar",
    "nicht zustellbar",
    "non remis",
    "non distribuable",
    "non recapitabile",
    "mancato recapito",
    "no se puede entregar",
    "no entregado",
    "não entregue",
    "onbestelbaar",
    "delivery failure",
    "delivery failed",
    "delivery delayed",
    "delivery status notification",
    "mail delivery failed",
    "mail delivery failure",
    "mail delivery delayed",
    "message delivery failed",
    "failure notice",
    "rejected",
    "returned mail",
    "read",
    "gelesen",
    "lu",
    "letto",
    "leído",
    "gelezen",
    "not read",
    "ungelesen",
    "delivered",
    "zugestellt",
    "accepted",
    "declined",
    "tentative",
    "angenommen",
    "abgelehnt",
    "accepté",
    "recall",
];

/// Whether what stands before a subject's token begins as another one's does that it quotes, also
/// behind the tags of lists and filters, and behind words of other languages that are not known:
/// `[tag] Re: …`, `***SPAM*** AW: …`, `Externe: Re: …`, `EXTERNAL | Re: …`.
fn is_quoted(before: &str) -> bool {
    let before: String = before.chars().filter(|char| !is_invisible(*char)).collect();
    let mut parts = before.split(COLONS);
    // What stands behind the last colon is the subject proper.
    parts.next_back();
    parts.any(|part| {
        let part = counted(part);
        let behind_tag = part.rsplit(TAG_ENDS).next().unwrap_or_default();
        let behind_dash = ["- ", "\u{2013} ", "\u{2014} "]
            .into_iter()
            .filter_map(|dash| Some(behind_tag.rsplit_once(dash)?.1));
        behind_dash.chain([behind_tag]).any(|word| {
            let word = word.trim().to_lowercase();
            PREFIXES.contains(&word.as_str())
        })
    })
}

/// The colon, and the signs that stand for it in other scripts.
const COLONS: [char; 6] = [
    ':', '\u{ff1a}', '\u{fe55}', '\u{fe13}', '\u{a789}', '\u{2236}',
];

/// What ends a tag before a subject, or begins a quotation of one.
const TAG_ENDS: [char; 18] = [
    '[', ']', '(', ')', '{', '}', '<', '>', '*', '|', '"', '\'', '#', '\u{201c}', '\u{201d}',
    '\u{201e}', '\u{ab}', '\u{bb}',
];

/// A character without a width: programs put marks of the direction of writing before a subject.
fn is_invisible(char: char) -> bool {
    matches!(char,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// A prefix without what counts the answers: `Re[2]`, `Re(2)`, `Re^2`, `Re*2`, `Re2`, `Re 2`.
fn counted(before: &str) -> &str {
    let is_count = |char: char| char.is_ascii_digit() || "[](){}^* \t.".contains(char);
    before.trim().trim_end_matches(is_count)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::Repair;

    const TOKEN: &str = "route-7f3a9c";

    fn held(header: &str) -> bool {
        holds(&HeaderSection::parse(header), TOKEN)
    }

    #[test]
    fn a_token_counts_where_only_the_author_writes() {
        for header in [
            "Message-ID: <route-7f3a9c.1@example.com>\n",
            "Message-ID:\n <1.route-7f3a9c@example.com>\n",
            "Subject: a test, route-7f3a9c\n",
            "Subject: Route test: route-7f3a9c\n",
            "Subject: [list] route-7f3a9c\n",
            "Subject: =?utf-8?B?cm91dGUtN2YzYTlj?=\n",
            "Subject: =?utf-8?Q?route-7f?=\n =?utf-8?Q?3a9c?=\n",
            "Subject: route-7f3a9c\nAuto-Submitted: no\nReturn-Path: <a@example.com>\n",
            "Message-ID: <route-7f3a9c@example.com>\nIn-Reply-To: <1@example.net>\n",
        ] {
            assert!(held(header), "{header}");
        }
    }

    #[test]
    fn a_token_does_not_count_where_others_quote_it() {
        for header in [
            "Message-ID: <1@example.com>\nSubject: another\n",
            "References: <route-7f3a9c@example.com>\nMessage-ID: <1@example.com>\n",
            "In-Reply-To: <route-7f3a9c@example.com>\nMessage-ID: <1@example.com>\n",
            "Message-ID: <1@example.com> (route-7f3a9c)\n",
            "Subject: route-7F3A9C\n",
            "Message-ID: <route-7f3a9c@example.com>\nMessage-ID: <1@example.com>\n",
            "Subject: route-7f3a9c\nSubject: another\n",
            "Comments: route-7f3a9c\n",
            "Subject: route-7f3a9c\nIn-Reply-To: <1@example.com>\n",
            "Subject: route-7f3a9c\nAuto-Submitted: auto-replied (vacation)\n",
            "Subject: route-7f3a9c\nAuto-Submitted: auto-generated; a=b\n",
            "Subject: route-7f3a9c\nX-Autoreply: yes\n",
            "Subject: route-7f3a9c\nPrecedence: auto_reply\n",
            "Subject: route-7f3a9c\nReturn-Path: <>\n",
            "Subject: route-7f3a9c\nContent-Type: multipart/report; boundary=x\n",
            "Subject: route-7f3a9c\nContent-Type: multipart / report; boundary=x\n",
            "Subject: route-7f3a9c\nReturn-Path: <> (notice)\n",
            "Subject: route-7f3a9c\nReferences: <1@example.com>\n",
            "Subject: route-7f3a9c\nX-Failed-Recipients: mary@example.net\n",
            "Subject: route-7f3a9c\nFrom: Mail Delivery System <Mailer-Daemon@mx.example.net>\n",
        ] {
            assert!(!held(header), "{header}");
        }
        assert!(!holds(
            &HeaderSection::parse("Subject: a-token\n"),
            "a-token"
        ));
    }

    #[test]
    fn an_answer_is_one_in_every_language() {
        for prefix in [
            "Re:",
            "RE :",
            "re[2]:",
            "Re(3):",
            "Re^2:",
            "Re: Re:",
            "AW:",
            "Antw:",
            "SV:",
            "R:",
            "Odp:",
            "Rif:",
            "VS:",
            "Ynt:",
            "RES:",
            "R\u{c9}:",
            "\u{412}\u{406}: AW:",
            "回复：",
            "答复:",
            "Ответ:",
            "[list] Re:",
            "***SPAM*** AW:",
            "[EXT] [list] Fwd:",
            "WG:",
            "TR:",
            "Automatic reply:",
            "Automatische Antwort:",
            "Undeliverable:",
            "Gelesen:",
            "EXTERNAL | Re:",
            "EXTERN - AW:",
            "EXTERN \u{2013} Auto-Reply:",
            "<EXT> Re:",
            "\"Re:",
            "\u{200b}Re:",
            "\u{200f}Re:",
            "\u{feff}Re:",
            "Re\u{fe55}",
            "Re\u{2236}",
            "Absence du bureau :",
            "Fuera de la oficina:",
            "Mail delivery failed:",
            "Nicht zustellbar:",
        ] {
            let held = held(&format!("Subject: {prefix} route-7f3a9c\n"));
            assert!(!held, "{prefix}");
        }
    }

    fn after(headers: &[&str]) -> Vec<Option<Mine>> {
        let mut holders = Holders::of(TOKEN);
        for header in headers {
            holders.look(&RawMessage::new(header.as_bytes(), Repair::Encoding));
        }
        let vouching = holders.vouching();
        let each = headers.iter();
        each.map(|header| vouched(&HeaderSection::parse(header), &vouching))
            .collect()
    }

    #[test]
    fn of_two_messages_that_hold_it_it_makes_neither_the_users() {
        let own = "Message-ID: <route-7f3a9c@example.com>\n";
        let other = "Message-ID: <2.route-7f3a9c@example.net>\n";
        let subject = "Message-ID: <3@example.net>\nSubject: route-7f3a9c\n";
        let nameless = "Subject: route-7f3a9c\n";
        let stranger = "Message-ID: <4@example.net>\n";
        assert_eq!(after(&[own, stranger]), [Some(Mine::Token), None]);
        assert_eq!(
            after(&[stranger, own, own]),
            [None, Some(Mine::Token), Some(Mine::Token)]
        );
        assert_eq!(after(&[nameless, stranger]), [Some(Mine::Token), None]);
        for pair in [
            [own, other],
            [own, subject],
            [subject, nameless],
            [nameless, nameless],
        ] {
            assert_eq!(after(&pair), [None, None], "{pair:?}");
        }
        let sole = Vouching::Sole {
            token: TOKEN.to_owned(),
            holder: None,
        };
        let section = HeaderSection::parse(own);
        assert_eq!(not_mine(&section, &sole), Some(NotMine::Several));
        let token = Vouching::Token(TOKEN.to_owned());
        assert_eq!(not_mine(&section, &token), None);
    }
}
