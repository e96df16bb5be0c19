//! Why a call failed: what the API says, with its class and the number by which OVHcloud finds
//! the request again, and what would help.
//!
//! There are two forms: `{"errorCode", "httpCode", "message"}`, and `{"class", "message",
//! "details"}`, whose details name the rights that are missing. No message shows a secret: what
//! the server wrote is cleaned of every one that was sent.

use std::fmt;

use serde_json::Value;
use smarthop::report::printable;

/// How much of an answer that is no JSON is shown, in characters.
const SHOWN: usize = 200;

/// A call that failed.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Trouble {
    /// `GET /email/exchange`
    pub(crate) call: String,
    pub(crate) why: Why,
    /// What would help, where that is known.
    pub(crate) help: Option<String>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Why {
    /// The API's answer.
    Api(Box<ApiError>),
    /// No answer, or half of one.
    Lost(String),
    /// An answer that is not what the schema says.
    Strange(String),
}

/// What the API says of a call that it refuses.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct ApiError {
    pub(crate) status: u16,
    /// `Client::Forbidden`
    pub(crate) class: Option<String>,
    /// `NOT_GRANTED_CALL`
    pub(crate) code: Option<String>,
    pub(crate) message: String,
    pub(crate) query_id: Option<String>,
    /// IAM actions that the account's policies do not allow.
    pub(crate) missing_by_iam: Vec<String>,
    /// IAM actions that the credentials do not allow.
    pub(crate) missing_by_authentication: Vec<String>,
}

impl ApiError {
    pub(crate) fn parse(status: u16, query_id: Option<String>, body: &str) -> Self {
        let mut error = Self {
            status,
            query_id,
            ..Self::default()
        };
        let Ok(value) = serde_json::from_str::<Value>(body) else {
            // A proxy's page, say.
            error.message = body.chars().take(SHOWN).collect();
            return error;
        };
        let text = |key: &str| {
            let found = value.get(key).and_then(Value::as_str);
            found.filter(|text| !text.is_empty()).map(str::to_owned)
        };
        error.class = text("class");
        error.code = text("errorCode").or_else(|| text("error"));
        error.message = text("message")
            .or_else(|| text("error_description"))
            .unwrap_or_default();
        let listed = |key: &str| -> Vec<String> {
            match value.get("details").and_then(|details| details.get(key)) {
                Some(Value::Array(items)) => items
                    .iter()
                    .filter_map(Value::as_str)
                    .map(str::to_owned)
                    .collect(),
                // The details are strings in some answers.
                Some(Value::String(items)) => items
                    .split([',', ' '])
                    .filter(|item| !item.is_empty())
                    .map(str::to_owned)
                    .collect(),
                _ => Vec::new(),
            }
        };
        error.missing_by_iam = listed("unauthorizedActionsByIAM");
        error.missing_by_authentication = listed("unauthorizedActionsByAuthentication");
        error
    }

    pub(crate) fn is(&self, code: &str) -> bool {
        self.code.as_deref() == Some(code)
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.status)?;
        for word in self.class.iter().chain(&self.code) {
            write!(f, " {}", printable(word))?;
        }
        if !self.message.is_empty() {
            write!(f, ": {}", printable(&self.message))?;
        }
        match &self.query_id {
            Some(id) => write!(f, " (query {})", printable(id)),
            None => Ok(()),
        }
    }
}

impl Trouble {
    pub(crate) fn strange(call: &str, says: impl Into<String>) -> Self {
        Self {
            call: call.to_owned(),
            why: Why::Strange(says.into()),
            help: None,
        }
    }

    /// The HTTP status, where the API answered.
    pub(crate) fn status(&self) -> Option<u16> {
        match &self.why {
            Why::Api(error) => Some(error.status),
            Why::Lost(_) | Why::Strange(_) => None,
        }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", printable(&self.call))?;
        match &self.why {
            Why::Api(error) => write!(f, "{error}")?,
            Why::Lost(says) => write!(f, "no answer: {}", printable(says))?,
            Why::Strange(says) => {
                write!(f, "an answer that is not understood: {}", printable(says))?
            }
        }
        match &self.help {
            Some(help) => write!(f, "\n  {}", printable(help)),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_of_an_error() {
        let old = ApiError::parse(
            403,
            Some("EU.ext-1.x".to_owned()),
            r#"{"errorCode":"NOT_GRANTED_CALL","httpCode":"403 Forbidden","message":"This call has not been granted"}"#,
        );
        assert_eq!(
            old.to_string(),
            "403 NOT_GRANTED_CALL: This call has not been granted (query EU.ext-1.x)"
        );
        let new = ApiError::parse(
            403,
            None,
            r#"{"class":"Client::Forbidden","message":"User not granted for this request","details":{"unauthorizedActionsByAuthentication":"","unauthorizedActionsByIAM":["emailExchange:apiovh:service/account/get"]}}"#,
        );
        assert_eq!(
            new.to_string(),
            "403 Client::Forbidden: User not granted for this request"
        );
        assert_eq!(
            new.missing_by_iam,
            ["emailExchange:apiovh:service/account/get"]
        );
        assert!(new.missing_by_authentication.is_empty());
        let page = ApiError::parse(502, None, "<html>\u{1b}[31m");
        assert_eq!(page.to_string(), "502: <html>\\u{1b}[31m");
    }
}
