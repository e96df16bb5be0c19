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

/// Why a token does not make this message the user's, where one was given.
pub(crate) fn not_mine(section: &HeaderSection<'_>, vouching: &Vouching) -> Option<&'static str> {
    match vouching {
        Vouching::None | Vouching::Every => None,
        Vouching::Token(token) | Vouching::Sole { token, .. } => {
            Some(match holds(section, token) {
                true => {
                    "the token of --mine is in more than one message, so it makes none of them \
                     yours: this one is judged as anybody's"
                }
                false => {
                    "the token of --mine is not in the Message-ID, nor in the Subject of a message \
                     that is no reply: this one is judged as anybody's"
                }
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
    subject.contains(token) && !is_answer(section, &subject)
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

/// Whether a message answers or passes on another one, or was made by a machine of one
/// (RFC 5322 3.6.4 and 3.6.5, RFC 3834 5, RFC 3798 3): its subject is then another's.
fn is_answer(section: &HeaderSection<'_>, subject: &str) -> bool {
    section.fields().iter().any(is_of_answer) || is_quoted(subject)
}

/// Whether a field is one of an answer's.
fn is_of_answer(field: &Field<'_>) -> bool {
    let value = || message::text(field).trim().to_ascii_lowercase();
    let named = |name: &str| field.name.eq_ignore_ascii_case(name);
    if field.kind == FieldName::ReturnPath {
        // The null reverse-path is that of notices and automatic answers (RFC 5321 4.5.5).
        return value() == "<>";
    }
    if field.kind != FieldName::Other {
        return false;
    }
    match field.name.len() {
        11 if named("In-Reply-To") => !value().is_empty(),
        // RFC 3834 5: parameters may follow the keyword.
        14 if named("Auto-Submitted") => {
            let value = value();
            value.split([';', ' ', '\t']).next() != Some("no")
        }
        // Of servers that know no Auto-Submitted.
        10 if named("Precedence") => matches!(&*value(), "auto_reply" | "auto-reply"),
        12 if named("Content-Type") => value().starts_with("multipart/report"),
        _ => [
            "X-Autoreply",
            "X-Auto-Reply",
            "X-Autoreply-From",
            "X-Auto-Reply-From",
            "X-Autorespond",
            "X-Autoresponder",
            "X-Autogenerated",
            "X-Mail-Autoreply",
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
    "réponse automatique",
    "absence",
    "risposta automatica",
    "respuesta automática",
    "resposta automática",
    "automatisch antwoord",
    "autosvar",
    "automatyczna odpowiedź",
    "undeliverable",
    "undelivered",
    "unzustellbar",
    "non remis",
    "non recapitabile",
    "no se puede entregar",
    "onbestelbaar",
    "delivery status notification",
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

/// Subjects are looked at no further for what stands before them.
const TAGS_MAX: usize = 8;

/// Whether a subject begins as another one's does that it quotes, also behind the tags of lists
/// and filters: `[tag] Re: …`, `***SPAM*** AW: …`.
fn is_quoted(subject: &str) -> bool {
    let mut rest = subject.trim_start();
    for _ in 0..TAGS_MAX {
        let is_prefix = rest
            .split_once([':', '\u{ff1a}'])
            .is_some_and(|(before, _)| PREFIXES.contains(&&*counted(before).to_lowercase()));
        if is_prefix {
            return true;
        }
        let tagged = match rest.chars().next() {
            Some('[') => rest.split_once(']'),
            Some('(') => rest.split_once(')'),
            Some('{') => rest.split_once('}'),
            Some('*') => rest
                .trim_start_matches('*')
                .split_once('*')
                .map(|(tag, behind)| (tag, behind.trim_start_matches('*'))),
            _ => None,
        };
        match tagged {
            Some((_, behind)) => rest = behind.trim_start_matches([' ', '\t', ':', '-']),
            None => return false,
        }
    }
    true
}

/// A prefix without what counts the answers: `Re[2]`, `Re(2)`, `Re^2`, `Re*2`, `Re2`, `Re 2`.
fn counted(before: &str) -> &str {
    let is_count = |char: char| char.is_ascii_digit() || "[](){}^* \t.".contains(char);
    before.trim().trim_end_matches(is_count)
}
