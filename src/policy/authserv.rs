//! An authentication service that a user names (`--authserv-id`, `authserv-ids` of a policy): one
//! text in, its id and the methods that it writes in fields of their own out.

use std::fmt;
use std::str::FromStr;

/// A method whose results a service writes in a field of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// SPF.
    Spf,
    /// DKIM.
    Dkim,
    /// DMARC.
    Dmarc,
    /// ARC.
    Arc,
}

impl Method {
    const ALL: [Self; 4] = [Self::Spf, Self::Dkim, Self::Dmarc, Self::Arc];

    /// Its name in the IANA registry.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Spf => "spf",
            Self::Dkim => "dkim",
            Self::Dmarc => "dmarc",
            Self::Arc => "arc",
        }
    }
}

/// An authentication service (RFC 8601 2.5) whose results are believed directly below the border's
/// stamp.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthservId {
    /// The id under which it writes.
    pub id: String,
    /// The methods that it always writes, each in a field of its own; none where it writes one
    /// field for all.
    pub methods: Vec<Method>,
}

impl FromStr for AuthservId {
    type Err = String;

    /// `ID` or `ID:spf,dkim`. Of RFC 8601's `value` only a plain token is taken (RFC 2045 5.1).
    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let (id, list) = match text.split_once(':') {
            Some((id, list)) => (id.trim_end(), Some(list)),
            None => (text, None),
        };
        let token = |byte: u8| byte.is_ascii_graphic() && !b"()<>@,;:\\\"/[]?=".contains(&byte);
        if id.is_empty() || !id.bytes().all(token) {
            return Err("give a plain token, such as mx.example.com".to_owned());
        }
        let mut methods = Vec::new();
        for name in list.into_iter().flat_map(|list| list.split(',')) {
            let name = name.trim();
            let known = Method::ALL
                .into_iter()
                .find(|method| method.name().eq_ignore_ascii_case(name));
            let Some(method) = known else {
                return Err(format!(
                    "behind the `:` stand the methods that {id} writes in fields of their own, such as {id}:spf,dkim; \
                     known are spf, dkim, dmarc and arc"
                ));
            };
            if !methods.contains(&method) {
                methods.push(method);
            }
        }
        let id = id.to_owned();
        Ok(Self { id, methods })
    }
}

impl fmt::Display for AuthservId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.id)?;
        for (index, method) in self.methods.iter().enumerate() {
            let separator = if index == 0 { ":" } else { "," };
            write!(f, "{separator}{}", method.name())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_and_its_methods() {
        for (text, shown) in [
            ("mx.example.net", "mx.example.net"),
            (" mx.example.net ", "mx.example.net"),
            ("mx.example.net:spf,dkim", "mx.example.net:spf,dkim"),
            ("mx.example.net: DKIM, dkim ,Spf", "mx.example.net:dkim,spf"),
        ] {
            let id: AuthservId = text.parse().expect(text);
            assert_eq!(id.to_string(), shown);
            assert_eq!(shown.parse(), Ok(id));
        }
        for text in [
            "",
            " ",
            "a b",
            "\"a\"",
            "mx.example.net:",
            "mx.example.net:spf,",
            ":spf",
            "mx.example.net:spf;dkim",
            "mx.example.net:25",
            "mx.example.net:spf:dkim",
        ] {
            assert!(text.parse::<AuthservId>().is_err(), "{text}");
        }
    }

    #[test]
    fn an_error_says_what_to_write() {
        assert_eq!(
            "mx.example.net:25".parse::<AuthservId>(),
            Err(
                "behind the `:` stand the methods that mx.example.net writes in fields of their own, \
                 such as mx.example.net:spf,dkim; known are spf, dkim, dmarc and arc"
                    .to_owned()
            )
        );
        assert_eq!(
            "a b".parse::<AuthservId>(),
            Err("give a plain token, such as mx.example.com".to_owned())
        );
    }
}
