//! `Return-Path` (RFC 5321 4.4): one field in, the reverse-path and the address that it carries
//! inside out.
//!
//! Read are VERP (`user=domain` behind what the sender's system put before it), SRS0 and SRS1,
//! Exchange Online's SRS, and BATV. There is no standard for any of them but BATV's draft: where
//! two readings are possible, none is taken. Knows nothing of providers.

use std::borrow::Cow;

use super::ReturnPath;
use super::value::{is_domain, is_unbroken, unfolded};
use crate::lex::{domain_of, quoted_end};

/// Reads the field.
///
/// ```text
/// Return-path-line  = "Return-Path:" FWS Reverse-path <CRLF>
/// Reverse-path      = Path / "<>"
/// ```
/// ```text
/// Return-Path: <bounces-249164590-newsletter=mydomain.ovh@sender-id.example.com>
/// ```
pub(super) fn read<'x>(body: &'x str, field: usize) -> ReturnPath<'x> {
    let address = match unfolded(body) {
        Cow::Borrowed(text) => Cow::Borrowed(bare_path(text)),
        Cow::Owned(text) => Cow::Owned(bare_path(&text).to_owned()),
    };
    let domain = match &address {
        Cow::Borrowed(text) => path_domain(text).map(Cow::Borrowed),
        Cow::Owned(text) => path_domain(text).map(|name| Cow::Owned(name.to_owned())),
    };
    let decoded = domain.is_some().then(|| decoded(&address)).flatten();
    ReturnPath {
        field,
        address,
        domain,
        decoded,
    }
}

/// The text between `<` and its `>`, or all of it (Exchange writes no brackets).
fn bare_path(text: &str) -> &str {
    let Some(inner) = text.strip_prefix('<') else {
        return text;
    };
    let mut index = 0;
    while let Some(byte) = inner.as_bytes().get(index) {
        match byte {
            b'"' => match quoted_end(inner, index) {
                Some(end) => index = end,
                None => break,
            },
            b'>' => return inner.get(..index).unwrap_or(inner),
            _ => index += 1,
        }
    }
    inner
}

fn path_domain(address: &str) -> Option<&str> {
    if !is_unbroken(address) {
        return None;
    }
    domain_of(address).filter(|name| is_domain(name))
}

/// The address inside, where the local part is plain and has only one reading.
fn decoded(address: &str) -> Option<String> {
    let (local, domain) = address.rsplit_once('@')?;
    if !local.bytes().all(is_plain) {
        return None;
    }
    if let Some(inner) = batv(local) {
        return is_user(inner).then(|| format!("{inner}@{domain}"));
    }
    let (user, domain) = srs(local).unwrap_or_else(|| verp(local))?;
    (is_user(user) && is_mail_domain(domain)).then(|| format!("{user}@{domain}"))
}

fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&byte)
}

fn is_user(user: &str) -> bool {
    !user.is_empty() && !user.starts_with(['.', '-', '=']) && !user.ends_with(['.', '='])
}

/// A domain as it stands in mail: two labels or more, the last one no number.
fn is_mail_domain(name: &str) -> bool {
    let top = name.rsplit('.').next().unwrap_or(name);
    name.contains('.')
        && !name.ends_with('.')
        && is_domain(name)
        && !top.bytes().all(|byte| byte.is_ascii_digit())
}

fn strip_prefix_no_case<'t>(text: &'t str, prefix: &str) -> Option<&'t str> {
    let (head, rest) = text.split_at_checked(prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then_some(rest)
}

/// `prvs=0123456789=user` (BATV), SparkPost's `msprvs1=…=user`, Barracuda's `btv1==…==user`.
fn batv(local: &str) -> Option<&str> {
    if let Some(rest) = strip_prefix_no_case(local, "btv1==") {
        return rest.split_once("==").map(|(_, inner)| inner);
    }
    let rest =
        strip_prefix_no_case(local, "prvs=").or_else(|| strip_prefix_no_case(local, "msprvs1="))?;
    let (tag, inner) = rest.split_once('=')?;
    (!tag.is_empty() && tag.bytes().all(|byte| byte.is_ascii_alphanumeric())).then_some(inner)
}

/// The user and the domain, where there are such.
type Inside<'t> = Option<(&'t str, &'t str)>;

/// `SRS0=hash=time=domain=user`, `SRS1=hash=forwarder==hash=time=domain=user`, and Exchange
/// Online's `user+SRS=hash=time=domain=user`, or `bounces+SRS=hash=time` with nobody inside.
///
/// The outer `None`: it is no SRS at all.
fn srs(local: &str) -> Option<Inside<'_>> {
    const SEPARATORS: [char; 3] = ['=', '+', '-'];
    if let Some(rest) = strip_prefix_no_case(local, "SRS0") {
        return Some(rest.strip_prefix(SEPARATORS).and_then(rewritten));
    }
    if let Some(rest) = strip_prefix_no_case(local, "SRS1") {
        let inner = rest.strip_prefix(SEPARATORS)?;
        let (_, inner) = inner.split_once('=')?;
        let (_, inner) = inner
            .split_once('=')
            .filter(|(forwarder, _)| is_domain(forwarder))?;
        return Some(inner.strip_prefix(SEPARATORS).and_then(rewritten));
    }
    let lower = local
        .as_bytes()
        .windows(5)
        .position(|five| five.eq_ignore_ascii_case(b"+SRS="))?;
    Some(local.get(lower + 5..).and_then(rewritten))
}

/// `hash=time=domain=user`; the user may hold a `=` of his own.
fn rewritten(text: &str) -> Inside<'_> {
    let mut parts = text.splitn(4, '=');
    let (_hash, _time, domain, user) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    Some((user, domain))
}

/// `prefix user=domain`: the domain follows the last `=`, and where the user begins is a matter of
/// who wrote it.
fn verp(local: &str) -> Inside<'_> {
    let (head, domain) = local.rsplit_once('=')?;
    if head.contains('=') {
        return None;
    }
    let user = match head.split_once('+') {
        Some((_, behind)) if behind.contains('+') => return None,
        Some((prefix, behind)) => behind_plus(prefix, behind)?,
        None => behind_tokens(head)?,
    };
    Some((user, domain))
}

/// Behind a `+`: SendGrid's `bounces+848413-e276-user`, Mailgun's `bounce+a1b2c3.d4e5f6-user`, a
/// list's `list-bounces+user`.
fn behind_plus<'t>(prefix: &str, behind: &'t str) -> Option<&'t str> {
    let Some((first, rest)) = behind.split_once('-').filter(|(first, _)| is_tag(first)) else {
        return Some(behind);
    };
    if !is_bounce(prefix) {
        return Some(behind);
    }
    if first.contains('.') {
        return Some(rest);
    }
    // SendGrid's hash may well be four letters, as no other tag.
    match rest.split_once('-') {
        Some((hash, user)) if hash.len() == 4 && is_hexadecimal(hash) => Some(user),
        _ => behind_tags(behind),
    }
}

/// Without a `+`: Brevo's `bounces-249164590-user`, ezmlm's `list-return-1234-user`, a bare `user`.
fn behind_tokens(head: &str) -> Option<&str> {
    let Some((first, behind)) = head.split_once('-') else {
        return Some(head);
    };
    // `list-return-`, `bounces-`: words before the number are the list's.
    let mut rest = behind;
    while let Some((token, more)) = rest.split_once('-') {
        if is_tag(token) {
            return behind_tags(rest);
        }
        rest = more;
    }
    // No number to end the prefix: `bounces-user` is plain, anything longer is not.
    (is_bounce(first) && !behind.contains('-')).then_some(behind)
}

/// The user behind a run of numbers and hashes. Where another one stands further on
/// (`bounces-123-a-456-b`), the prefix may reach that far.
fn behind_tags(text: &str) -> Option<&str> {
    let mut rest = text;
    while let Some((token, more)) = rest.split_once('-') {
        if !is_tag(token) {
            break;
        }
        rest = more;
    }
    let mut later = rest;
    while let Some((token, more)) = later.split_once('-') {
        if is_tag(token) {
            return None;
        }
        later = more;
    }
    Some(rest)
}

fn is_bounce(word: &str) -> bool {
    ["bounce", "bounces"]
        .iter()
        .any(|known| known.eq_ignore_ascii_case(word))
}

/// A number, or a hash: hexadecimal with digits in it, six characters or longer. A dot joins two
/// hashes (Mailgun). Shorter ones are as likely a part of the user's name.
fn is_tag(token: &str) -> bool {
    let digits = token.bytes().filter(u8::is_ascii_digit).count();
    let number = digits > 0 && digits == token.len();
    number || (digits > 0 && token.len() >= 6 && token.split('.').all(is_hexadecimal))
}

fn is_hexadecimal(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_inside() {
        for (path, wanted) in [
            // Brevo: the documented sample
            (
                "bounces-249164590-newsletter=mydomain.ovh@sender-id.example.com",
                Some("newsletter@mydomain.ovh"),
            ),
            (
                "bounces-249164590-jane-doe=contoso.example@sender-id.example.com",
                Some("jane-doe@contoso.example"),
            ),
            (
                "bounces-249164590-jane.doe=contoso.example@aa.d.sender-sib.com",
                Some("jane.doe@contoso.example"),
            ),
            (
                "bounces-249164590-john-2023=contoso.example@r.example",
                Some("john-2023@contoso.example"),
            ),
            // SendGrid
            (
                "bounces+848413-e276-jane.doe=contoso.example@sendgrid.net",
                Some("jane.doe@contoso.example"),
            ),
            (
                "bounces+848413-beef-jane-doe=contoso.example@em1.contoso.example",
                Some("jane-doe@contoso.example"),
            ),
            (
                "bounces+848413-1234-5678-x=contoso.example@em1.contoso.example",
                Some("5678-x@contoso.example"),
            ),
            // Mailgun
            (
                "bounce+a1b2c3.d4e5f6-jane-doe=contoso.example@mg.contoso.example",
                Some("jane-doe@contoso.example"),
            ),
            (
                "bounce+a1b2c3.d4e5f6-123456-x=contoso.example@mg.contoso.example",
                Some("123456-x@contoso.example"),
            ),
            (
                "jane.doe=contoso.example@mg.contoso.example",
                Some("jane.doe@contoso.example"),
            ),
            // lists
            (
                "list-bounces+jane-doe=contoso.example@list.example",
                Some("jane-doe@contoso.example"),
            ),
            (
                "list+jane.doe=contoso.example@list.example",
                Some("jane.doe@contoso.example"),
            ),
            (
                "list-return-1234-jane=contoso.example@list.example",
                Some("jane@contoso.example"),
            ),
            (
                "bounces-jane=contoso.example@list.example",
                Some("jane@contoso.example"),
            ),
            // SRS
            (
                "SRS0=hhh=tt=contoso.example=jane@fwd.example",
                Some("jane@contoso.example"),
            ),
            (
                "SRS0+hhh=tt=contoso.example=a=b@fwd.example",
                Some("a=b@contoso.example"),
            ),
            (
                "srs0-hhh=tt=contoso.example=jane@fwd.example",
                Some("jane@contoso.example"),
            ),
            (
                "SRS1=hhh=fwd-1.example==hhh=tt=contoso.example=jane@fwd2.example",
                Some("jane@contoso.example"),
            ),
            (
                "jane+SRS=fIbw4=7W=contoso.example=jane@tenant.example",
                Some("jane@contoso.example"),
            ),
            ("bounces+SRS=fIbw4=7W@contoso.onmicrosoft.com", None),
            ("SRS0=hhh=tt@fwd.example", None),
            ("SRS1=hhh=fwd.example=jane@fwd2.example", None),
            // BATV
            (
                "prvs=0123456789=jane@contoso.example",
                Some("jane@contoso.example"),
            ),
            (
                "msprvs1=18000abcDEF=bounces-12345@bounce.contoso.example",
                Some("bounces-12345@bounce.contoso.example"),
            ),
            (
                "btv1==01234abcdef==jane.doe@contoso.example",
                Some("jane.doe@contoso.example"),
            ),
            ("prvs==jane@contoso.example", None),
            // Two readings, or none
            ("bounces-123-john-456-smith=contoso.example@r.example", None),
            ("jane-doe=contoso.example@mg.contoso.example", None),
            ("list-owner-jane=contoso.example@list.example", None),
            ("a+b+jane=contoso.example@list.example", None),
            ("a=b=contoso.example@list.example", None),
            ("bounces-123-=contoso.example@list.example", None),
            ("bounces-123-jane=localhost@list.example", None),
            ("bounces-123-jane=192.0.2.1@list.example", None),
            ("\"bounces-123-jane=contoso.example\"@list.example", None),
            ("jane.doe@contoso.example", None),
            ("edff2bf1.AVIAAGMvUGQ@a3031119.bnc3.mailjet.com", None),
            (
                "bounce-md_30504962.6787a3a4.v1-2b7afc3f@bounce.contoso.example",
                None,
            ),
            ("bounces-123-jane=contoso.example", None),
        ] {
            for body in [
                format!("<{path}>"),
                path.to_owned(),
                format!(" <{path}>\r\n"),
                format!("\r\n\t<{path}>"),
            ] {
                let read = read(&body, 2);
                assert_eq!(read.decoded.as_deref(), wanted, "{body}");
                assert_eq!((read.address.as_ref(), read.field), (path, 2));
            }
        }
    }

    #[test]
    fn domains() {
        for (body, address, domain) in [
            (
                "<x@contoso.example>",
                "x@contoso.example",
                Some("contoso.example"),
            ),
            (
                "x@contoso.example",
                "x@contoso.example",
                Some("contoso.example"),
            ),
            (
                "<x@contoso.example> (comment@evil.example)",
                "x@contoso.example",
                Some("contoso.example"),
            ),
            ("<>", "", None),
            ("", "", None),
            (
                "<\"x@relay.example.com\"@evil.example>",
                "\"x@relay.example.com\"@evil.example",
                Some("evil.example"),
            ),
            (
                "<\">@relay.example.com\"@evil.example>",
                "\">@relay.example.com\"@evil.example",
                Some("evil.example"),
            ),
            ("<\"x@relay.example.com>", "\"x@relay.example.com>", None),
            ("<x@[192.0.2.1]>", "x@[192.0.2.1]", None),
            ("<x@contoso.example\u{7}>", "x@contoso.example\u{7}", None),
            (
                "x@evil.example x@relay.example.com",
                "x@evil.example x@relay.example.com",
                None,
            ),
        ] {
            let read = read(body, 0);
            assert_eq!(read.address, address, "{body}");
            assert_eq!(read.domain.as_deref(), domain, "{body}");
        }
    }
}
