//! What a header says of SPF, DKIM, DMARC, ARC, the return path and Exchange: facts, each with
//! the field it came from. Which of them is believed is decided in `trust.rs`, never here.

use jiff::Timestamp;
use std::borrow::Cow;
use std::net::IpAddr;

use crate::header::{FieldName, HeaderSection};

mod authentication_results;
mod dkim;
pub(crate) mod fact;
mod marks;
mod return_path;
mod spf;
mod value;
pub(crate) mod verdict;

/// Where an authentication result was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResultField {
    /// `Authentication-Results` (RFC 8601).
    AuthenticationResults,
    /// `ARC-Authentication-Results` (RFC 8617 4.1.1).
    ArcAuthenticationResults,
    /// `Received-SPF` (RFC 7208 9.1).
    ReceivedSpf,
}

/// A method's result: the whole word outside comments, lower case; anything unknown is `Other`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResultCode {
    /// `pass`
    Pass,
    /// `fail` (and the obsolete `hardfail`)
    Fail,
    /// `softfail`
    SoftFail,
    /// `neutral`
    Neutral,
    /// `none`
    None,
    /// `temperror`
    TempError,
    /// `permerror`
    PermError,
    /// `policy`
    Policy,
    /// Any other word (`bestguesspass`, `unknown`, `discard` …).
    Other,
}

impl ResultCode {
    /// The code of a whole word; case does not matter.
    fn of(word: &str) -> Self {
        const CODES: [(&str, ResultCode); 9] = [
            ("pass", ResultCode::Pass),
            ("none", ResultCode::None),
            ("fail", ResultCode::Fail),
            ("softfail", ResultCode::SoftFail),
            ("neutral", ResultCode::Neutral),
            ("temperror", ResultCode::TempError),
            ("permerror", ResultCode::PermError),
            ("policy", ResultCode::Policy),
            ("hardfail", ResultCode::Fail),
        ];
        let code = CODES
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(word));
        code.map_or(Self::Other, |(_, code)| *code)
    }
}

/// The identity that an SPF result is about (RFC 7208 2.3, 2.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpfIdentity {
    /// The reverse-path's domain.
    MailFrom,
    /// The HELO name.
    Helo,
}

/// An SPF result.
#[derive(Debug, Clone, PartialEq)]
pub struct Spf<'x> {
    /// The result.
    pub result: ResultCode,
    /// The result word as written.
    pub word: &'x str,
    /// Its comment says that no record was checked: a `pass` is none then.
    pub nothing_checked: bool,
    /// Whose domain was checked.
    pub identity: SpfIdentity,
    /// The checked domain: after the last `@` outside quotes; the HELO for [`SpfIdentity::Helo`].
    /// `None` where the field names none, or where it can be read in two ways.
    pub domain: Option<Cow<'x, str>>,
    /// The client address as written, if the result names one.
    pub client: Option<Cow<'x, str>>,
    /// That address, IPv4-mapped as IPv4.
    pub client_ip: Option<IpAddr>,
    /// `helo=`, where written.
    pub helo: Option<Cow<'x, str>>,
    /// The recipient's domain, as Microsoft names it (`smtp.rcpttodomain`).
    pub recipient: Option<Cow<'x, str>>,
}

/// A DKIM result (RFC 8601 2.7.1).
#[derive(Debug, Clone, PartialEq)]
pub struct Dkim<'x> {
    /// The result.
    pub result: ResultCode,
    /// The result word as written.
    pub word: &'x str,
    /// `header.d`, else the domain of `header.i`, of this same result.
    pub domain: Option<Cow<'x, str>>,
    /// `header.s`
    pub selector: Option<Cow<'x, str>>,
    /// `header.b`: the beginning of the signature that the result is about (RFC 6008).
    pub signature: Option<Cow<'x, str>>,
}

/// A DMARC, ARC, or other result: shown, never decisive.
#[derive(Debug, Clone, PartialEq)]
pub struct OtherResult<'x> {
    /// `dmarc`, `arc`, `dkim-atps`, `auth`, … in lower case as known, else as written.
    pub method: Cow<'x, str>,
    /// The result word as written.
    pub word: &'x str,
    /// `header.from`, `header.d` or what else names a domain.
    pub domain: Option<Cow<'x, str>>,
    /// `reason`, as written.
    pub reason: Option<&'x str>,
}

/// One result of a field.
#[derive(Debug, Clone, PartialEq)]
pub enum MethodResult<'x> {
    /// SPF.
    Spf(Spf<'x>),
    /// DKIM.
    Dkim(Dkim<'x>),
    /// Any other method.
    Other(OtherResult<'x>),
}

/// One field of results.
#[derive(Debug, Clone, PartialEq)]
pub struct Results<'x> {
    /// Index of the field in the header section.
    pub field: usize,
    /// Which kind of field.
    pub kind: ResultField,
    /// The authserv-id (RFC 8601 2.5), where it is a plain token; for `Received-SPF` the
    /// `receiver=` or the name in its comment, for information only.
    pub authserv_id: Option<Cow<'x, str>>,
    /// ARC instance.
    pub instance: Option<u32>,
    /// The field is not what one server writes, so the client may have written some of it: it
    /// identifies nobody.
    pub unsound: bool,
    /// The results in the field's order.
    pub results: Vec<MethodResult<'x>>,
}

/// A DKIM-Signature field (RFC 6376 3.5): a claim, never evidence of passage.
#[derive(Debug, Clone, PartialEq)]
pub struct Signature<'x> {
    /// Index of the field in the header section.
    pub field: usize,
    /// `d=`
    pub domain: Option<Cow<'x, str>>,
    /// `s=`
    pub selector: Option<Cow<'x, str>>,
    /// `i=`
    pub identity: Option<Cow<'x, str>>,
    /// `a=`
    pub algorithm: Option<Cow<'x, str>>,
    /// `b=`, white space removed, its first characters (enough to match `header.b`).
    pub signature: Option<Cow<'x, str>>,
}

/// The Return-Path.
#[derive(Debug, Clone, PartialEq)]
pub struct ReturnPath<'x> {
    /// Index of the field in the header section.
    pub field: usize,
    /// The reverse-path, without `<` and `>`; empty for `<>`.
    pub address: Cow<'x, str>,
    /// Its domain: after the last `@` outside quotes.
    pub domain: Option<Cow<'x, str>>,
    /// The address that it carries inside (VERP, SRS, BATV), decoded.
    pub decoded: Option<String>,
}

/// Any other field that says something of the way the message took.
#[derive(Debug, Clone, PartialEq)]
pub enum Mark<'x> {
    /// `Message-ID` or `Origin-messageId`: the host after the `@`.
    MessageId {
        /// The id as written, without `<` and `>`.
        id: Cow<'x, str>,
        /// The domain part.
        host: Option<Cow<'x, str>>,
    },
    /// `Thread-Index` ([MS-OXOMSG] 2.2.1.3): the embedded time, where it decodes.
    ThreadIndex {
        /// When the conversation began.
        begun: Option<Timestamp>,
    },
    /// A field that Exchange writes (`X-MS-*`, `x-mclm-sbr-processed`, `X-OriginatorOrg` …).
    Exchange {
        /// The value, unfolded and trimmed.
        value: Cow<'x, str>,
    },
    /// Any other field whose name may be a provider's marker; the catalogue tells.
    Marker {
        /// The field's body as written: most of them are nobody's marker, and are not unfolded.
        body: &'x str,
    },
}

impl<'x> Mark<'x> {
    /// A marker's value, unfolded and trimmed.
    pub(crate) fn value_of(body: &'x str) -> Cow<'x, str> {
        value::unfolded(body)
    }
}

/// A [`Mark`] and the field it stands in.
#[derive(Debug, Clone, PartialEq)]
pub struct Marked<'x> {
    /// Index of the field in the header section.
    pub field: usize,
    /// What it is.
    pub mark: Mark<'x>,
}

/// Everything gathered, in the order of the header.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Evidence<'x> {
    /// Authentication results.
    pub results: Vec<Results<'x>>,
    /// DKIM-Signature fields.
    pub signatures: Vec<Signature<'x>>,
    /// Return-Path fields.
    pub return_paths: Vec<ReturnPath<'x>>,
    /// Message-ID, Thread-Index, Exchange's and others' marks.
    pub marks: Vec<Marked<'x>>,
    /// There are more results than are considered ([`MAX_RESULT_FIELDS`], [`MAX_RESULTS`]).
    pub limit_reached: bool,
}

/// Fields of results that are considered, the topmost first: the recipient's own stand above all
/// that the sender wrote. A hop adds a few; Exim's and sendmail's limit of hops is 30 and 25.
pub const MAX_RESULT_FIELDS: usize = 256;

/// Results that are considered in all of these fields together; a message with a hundred
/// signatures is strange already (RFC 6376 6.1 lets a verifier stop before).
pub const MAX_RESULTS: usize = 1024;

impl<'x> Evidence<'x> {
    fn add(&mut self, mut results: Results<'x>, known: &mut usize) {
        let room = MAX_RESULTS - *known;
        if self.results.len() >= MAX_RESULT_FIELDS || results.results.len() > room {
            self.limit_reached = true;
        }
        if self.results.len() < MAX_RESULT_FIELDS {
            results.results.truncate(room);
            *known += results.results.len();
            self.results.push(results);
        }
    }
}

/// The text of fields of results that are written as encoded words (RFC 2047). No server should
/// (RFC 2047 5 allows them in comments and phrases only), but Microsoft encodes the whole of such
/// a field where the domain of From is not ASCII.
#[derive(Debug, Clone, Default)]
pub struct Decoded(Vec<(usize, String)>);

impl Decoded {
    /// Decodes the fields of results of a section that need it.
    pub fn of(section: &HeaderSection<'_>) -> Self {
        let encoded = section.walk().filter(|(_, field)| {
            matches!(
                field.kind,
                FieldName::AuthenticationResults
                    | FieldName::ArcAuthenticationResults
                    | FieldName::ReceivedSpf
            ) && is_encoded(field.body)
        });
        let decoded = encoded.filter_map(|(index, field)| {
            let text = crate::message::unstructured(field.body)?;
            // Encoded line ends would be read as folds.
            (!text.contains(['\r', '\n'])).then_some((index, text))
        });
        Self(decoded.take(MAX_RESULT_FIELDS).collect())
    }

    fn body(&self, index: usize) -> Option<&str> {
        let own = self.0.iter().find(|(field, _)| *field == index);
        own.map(|(_, text)| text.as_str())
    }
}

/// Whether a body is encoded words and nothing else.
fn is_encoded(body: &str) -> bool {
    let mut words = body.split_ascii_whitespace().peekable();
    words.peek().is_some()
        && words.all(|word| {
            word.strip_prefix("=?")
                .and_then(|rest| rest.strip_suffix("?="))
                .is_some_and(|inner| inner.split('?').count() == 3)
        })
}

/// Gathers the facts of one header section.
pub fn gather<'x>(section: &HeaderSection<'x>) -> Evidence<'x> {
    const NONE: &Decoded = &Decoded(Vec::new());
    gather_decoded(section, NONE)
}

/// The same, with the text of the fields that are written as encoded words.
pub fn gather_decoded<'x>(section: &HeaderSection<'x>, decoded: &'x Decoded) -> Evidence<'x> {
    let mut evidence = Evidence {
        // Most fields are marks, and growing costs a copy each time.
        marks: Vec::with_capacity(section.fields().len()),
        ..Evidence::default()
    };
    let mut known = 0;
    for (index, field) in section.walk() {
        let body = decoded.body(index).unwrap_or(field.body);
        // Behind the limit a field is not even read.
        let full = evidence.results.len() >= MAX_RESULT_FIELDS || known >= MAX_RESULTS;
        match field.kind {
            FieldName::AuthenticationResults
            | FieldName::ArcAuthenticationResults
            | FieldName::ReceivedSpf
                if full =>
            {
                evidence.limit_reached = true;
            }
            FieldName::AuthenticationResults => {
                let kind = ResultField::AuthenticationResults;
                evidence.add(authentication_results::read(body, kind, index), &mut known);
            }
            FieldName::ArcAuthenticationResults => {
                let kind = ResultField::ArcAuthenticationResults;
                evidence.add(authentication_results::read(body, kind, index), &mut known);
            }
            FieldName::ReceivedSpf => evidence.add(spf::read(body, index), &mut known),
            FieldName::DkimSignature => evidence.signatures.push(dkim::read(body, index)),
            FieldName::ReturnPath => evidence.return_paths.push(return_path::read(body, index)),
            // Straight into its place: most fields come by here.
            FieldName::Other if marks::is_unknown(field.name) => evidence.marks.push(Marked {
                field: index,
                mark: Mark::Marker { body },
            }),
            FieldName::MessageId | FieldName::Other => {
                if let Some(mark) = marks::read(field.name, body) {
                    evidence.marks.push(Marked { field: index, mark });
                }
            }
            FieldName::Received
            | FieldName::From
            | FieldName::Sender
            | FieldName::To
            | FieldName::Subject
            | FieldName::Date => {}
        }
    }
    evidence
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: &str = "\
Return-Path: <bounces-249164590-newsletter=mydomain.ovh@sender-id.example.com>
Received-SPF: Pass (mailfrom) identity=mailfrom; client-ip=11.22.333.44; helo=sender-id.example.com; envelope-from=bounces-249164590-newsletter=mydomain.ovh@sender-id.example.com; receiver=john.smith@guides.ovh
Authentication-Results: in31.mail.ovh.net;
    dkim=pass (1024-bit key; unprotected) header.d=smtp.example.com header.i=@smtp.example.com header.b=\"HDetLEPl\";
    dkim-atps=neutral
DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=smtp.example.com;
    q=dns/txt; s=mail; bh=gZnUUk4TldsnAE7L+M9zwjuOeOmD6FwV4Yyq99XN2a0=;
    b=HDiySKAl0J78ByyGlPjCVc+zvEv/DP9NkfUdso8DkB5z1Lig4rfbqCLnD6SE6wh7sjsZMsae0gk
    Muy0Uur0tw2nWq
Subject: spf=pass
Message-Id: <12185193-354a-4762-b3ee-a40484d30975e@smtp-relay.smtp.example.com>
Origin-messageId: <167e568a947345aab7675f7fbd1e3dbd@mydomain.ovh>
Thread-Index: AQHZS0ljK1OFDltwD80S81Qo68wiBIQ==
x-mclm-sbr-processed: true
X-sib-id: 8dUZE2ztHUSpKwRy5O0f
";

    #[test]
    fn the_documented_sample() {
        let folded = SAMPLE.replace('\n', "\r\n");
        for text in [SAMPLE, &folded] {
            let section = HeaderSection::parse(text);
            let evidence = gather(&section);
            let fields: Vec<usize> = evidence
                .results
                .iter()
                .map(|results| results.field)
                .collect();
            assert_eq!(fields, [1, 2]);
            let first = evidence
                .results
                .first()
                .and_then(|results| results.results.first());
            let Some(MethodResult::Spf(spf)) = first else {
                panic!("{first:?}")
            };
            assert_eq!(spf.domain.as_deref(), Some("sender-id.example.com"));
            assert_eq!(
                (spf.client.as_deref(), spf.client_ip),
                (Some("11.22.333.44"), None)
            );
            let signature = evidence.signatures.first().expect("a signature");
            assert_eq!(
                (signature.field, signature.domain.as_deref()),
                (3, Some("smtp.example.com"))
            );
            let path = evidence.return_paths.first().expect("a return path");
            assert_eq!(
                (path.field, path.decoded.as_deref()),
                (0, Some("newsletter@mydomain.ovh"))
            );
            let marks: Vec<usize> = evidence.marks.iter().map(|mark| mark.field).collect();
            assert_eq!(marks, [5, 6, 7, 8, 9]);
        }
    }

    #[test]
    fn an_empty_section_has_no_evidence() {
        assert_eq!(gather(&HeaderSection::parse("")), Evidence::default());
    }
}
