//! For people: the page with its form, and its answers. With script the page asks for `/report`
//! and puts the answer below the form; without, the form's own answer is a page. What a report
//! looks like is the library's (`smarthop::report`); here is only what stands around it.

use std::io;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use smarthop::ask::{AskError, AskOption};
use smarthop::policy::Vouching;
use smarthop::report::{Html, Record, Report as _, Tally, html, markup, printable};
use smarthop::{Analysis, RawMessage};

use super::options::{Loaded, Task};
use super::refusal::Refusal;
use super::request::Asked;
use super::work::{self, Answer, Done};
use super::{REPORTS_MAX, Server};

const FRAME: &str = include_str!("frame.html");
const FORM: &str = include_str!("form.html");
const STYLE: &str = include_str!("app.css");
const SCRIPT: &str = include_str!("app.js");

/// What the page has more than one value of in a field: separated by blanks or commas.
const LISTS: &[&str] = &[
    "smart-host",
    "exchange-host",
    "receiver",
    "trust",
    "authserv-id",
    "recipient",
];

/// What the fields of options are called.
const LABELS: &[(&str, &str)] = &[
    ("smart-host", "Smart host"),
    ("sender", "Sender, in place of From"),
    ("mine", "I sent this message myself"),
    (
        "token",
        "Only the one with this in its Message-ID or Subject",
    ),
    ("recipient", "Who received it"),
    ("receiver", "The recipient’s border server"),
    ("trust", "Servers whose stamps are believed"),
    ("authserv-id", "Authentication services that are believed"),
    ("exchange-host", "Exchange’s own outgoing servers"),
    ("platform", "Built-in platform that counts"),
    ("policy", "Policy file (TOML)"),
    ("connector", "Connector file (the API’s answer)"),
    ("require", "A pass must know the account"),
    (
        "unlisted",
        "Senders that the policy does not list are not checked",
    ),
    ("repair", "Repair pasted text in files too"),
    (
        "redact",
        "Replace what is personal, to show the report to others",
    ),
];

pub(super) async fn page(State(server): State<Arc<Server>>) -> Response {
    let (loaded, described, description) = match server.loaded.description() {
        Some(says) => (
            "<option value=\"loaded\" selected>as this server was told</option>",
            " aria-describedby=\"loaded\"",
            format!(
                "<small id=\"loaded\">It was told: {}.</small>",
                markup(&says)
            ),
        ),
        None => ("", "", String::new()),
    };
    let platforms = server.loaded.catalogue().platforms();
    let platforms: String = platforms
        .map(|platform| {
            let id = markup(platform.id.as_ref()).into_owned();
            format!("<option value=\"{id}\">{id}</option>")
        })
        .collect();
    let form = FORM
        .replace("<!-- loaded -->", loaded)
        .replace("<!-- described -->", described)
        .replace("<!-- description -->", &description)
        .replace("<!-- platforms -->", &platforms);
    let mut response = page_of(framed(
        "did this mail leave through the smart host?",
        "Paste the header of the mail as it was received. It stays on this machine and is not \
         stored.",
        &form,
    ));
    // With no-referrer a browser would say `Origin: null` of the form, which is refused; no other
    // origin is told anything either way.
    let policy = HeaderValue::from_static("same-origin");
    response
        .headers_mut()
        .insert(header::REFERRER_POLICY, policy);
    response
}

pub(super) async fn style() -> Response {
    let text = format!("{}\n{STYLE}", html::STYLE);
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], text).into_response()
}

pub(super) async fn script() -> Response {
    let text = format!("{}\n{SCRIPT}", html::SCRIPT);
    (
        [(header::CONTENT_TYPE, "text/javascript; charset=utf-8")],
        text,
    )
        .into_response()
}

/// The answer to the script: what stands below the form.
pub(super) async fn report(State(server): State<Arc<Server>>, request: Request) -> Response {
    shown(&server, request, str::to_owned).await
}

/// The answer to the form: a page.
pub(super) async fn check(State(server): State<Arc<Server>>, request: Request) -> Response {
    shown(&server, request, around).await
}

/// A page of its own: the answer to the form.
fn around(inside: &str) -> String {
    let result = format!(
        "<section id=\"result\" class=\"result\" aria-label=\"Result\" tabindex=\"-1\">\n{inside}\n\
         </section>"
    );
    let note = "<a href=\"/\">Check another mail</a>";
    framed("the result", note, &result)
}

/// What every page has around its main part, which is put in last: nothing is looked for in it.
fn framed(title: &str, note: &str, main: &str) -> String {
    FRAME
        .replace("<!-- title -->", title)
        .replace("<!-- note -->", note)
        .replace("<!-- main -->", main)
}

async fn shown(server: &Arc<Server>, request: Request, around: fn(&str) -> String) -> Response {
    let done = answer(server, request, Messages::for_page()).await;
    match done.map(|done| done.answer.inside()) {
        Ok(Ok(inside)) => page_of(around(&inside)),
        Ok(Err(_)) => Refusal::internal().into_response(),
        Err(refusal) => told(&refusal, around(&trouble(&refusal))),
    }
}

/// A file to send on.
pub(super) async fn download(State(server): State<Arc<Server>>, request: Request) -> Response {
    let done = answer(&server, request, Messages::for_file()).await;
    match done.map(|done| done.answer.file()) {
        Ok(Ok(file)) => {
            let name = HeaderValue::from_static("attachment; filename=\"smarthop-report.html\"");
            let mut response = page_of(file);
            let headers = response.headers_mut();
            headers.insert(header::CONTENT_DISPOSITION, name);
            response
        }
        Ok(Err(_)) => Refusal::internal().into_response(),
        Err(refusal) => told(&refusal, around(&trouble(&refusal))),
    }
}

async fn answer<A: Answer>(
    server: &Arc<Server>,
    request: Request,
    answer: A,
) -> Result<Done<A>, Refusal> {
    let asked = Asked::read(server, request).await?;
    let (task, asked) = meant(&server.loaded, asked)?;
    work::answer(server, task, asked, REPORTS_MAX, answer).await
}

/// What a form means: fields that are left empty say nothing, unlike options of the interface.
fn meant(loaded: &Loaded, mut asked: Asked) -> Result<(Task, Asked), Refusal> {
    let options = &mut asked.options;
    let (mut choice, mut mine, mut token) = (String::new(), false, String::new());
    let mut pairs: Vec<(String, String)> = Vec::new();
    for (name, value) in std::mem::take(&mut options.pairs) {
        if name == "expect" {
            choice = value;
        } else if name == "mine" {
            mine = true;
        } else if name == "token" {
            token = value.trim().to_owned();
        } else if LISTS.contains(&name.as_str()) {
            let values = value.split(|char: char| char.is_whitespace() || ",;".contains(char));
            let values = values.filter(|value| !value.is_empty());
            pairs.extend(values.map(|value| (name.clone(), value.to_owned())));
        } else if !value.trim().is_empty() {
            pairs.push((name, value));
        }
    }
    if mine {
        if !token.is_empty() {
            Vouching::with_token(&token).map_err(|says| {
                Refusal::from(AskError::Value {
                    option: AskOption::Mine,
                    value: token.clone(),
                    says,
                })
            })?;
        }
        pairs.push(("mine".to_owned(), token));
    }
    let mut drop_pairs = |names: &[&str]| pairs.retain(|(name, _)| !names.contains(&name.as_str()));
    let nothing = |says| Err(Refusal::bad("nothing-expected", says));
    // What is chosen counts, and what is left over in the form's other fields does not: a smart
    // host typed before would make a pass of another expectation.
    match choice.as_str() {
        "trace" => {
            drop_pairs(&["smart-host", "unlisted", "require", "sender"]);
            (options.policy, options.connector) = (None, None);
            options.pairs = pairs;
            return Ok((Task::Trace, asked));
        }
        "connector" => {
            (options.policy, options.connector) = (None, None);
            if !pairs.iter().any(|(name, _)| name == "smart-host") {
                return nothing(
                    "name the smart host through which the mail should have left, or choose to \
                     only see its way",
                );
            }
        }
        "file" if options.policy.is_none() && options.connector.is_none() => {
            return nothing("choose the policy or connector file");
        }
        "file" => drop_pairs(&["smart-host"]),
        "loaded" => {
            drop_pairs(&["smart-host"]);
            (options.policy, options.connector) = (None, None);
        }
        // A smart host or a file says it.
        "" => {}
        _ => {
            options.policy = None;
            pairs.push(("expect".to_owned(), choice));
        }
    }
    options.pairs = pairs;
    if options.policy.is_none() && (options.expects() || !loaded.has_policy()) {
        options.pairs.retain(|(name, _)| name != "unlisted");
    }
    Ok((Task::Check, asked))
}

fn page_of(text: impl Into<axum::body::Body>) -> Response {
    let kind = HeaderValue::from_static("text/html; charset=utf-8");
    ([(header::CONTENT_TYPE, kind)], text.into()).into_response()
}

/// A refusal's status, with what people read.
fn told(refusal: &Refusal, text: String) -> Response {
    let mut response = page_of(text);
    *response.status_mut() = refusal.status;
    response
}

fn trouble(refusal: &Refusal) -> String {
    format!(
        "<div class=\"trouble\" role=\"alert\" tabindex=\"-1\" id=\"trouble\"><h2>Not checked</h2>\
         <p>{}</p></div>",
        markup(&printable(&words(refusal)))
    )
}

/// What a refusal says to whoever sees fields and not options.
fn words(refusal: &Refusal) -> String {
    if refusal.code == "no-message" {
        return "paste the header of the received mail, or choose files".to_owned();
    }
    if refusal.says == crate::ahead::SEVERAL {
        return "“I sent this message myself” is for one message, and here are several: put a token \
                of your own into the Message-ID or the Subject of the one that you sent, and give \
                it here too, among the options"
            .to_owned();
    }
    refusal
        .wrong
        .as_deref()
        .map_or_else(|| refusal.says.clone(), relabelled)
}

/// What is wrong, with the fields' labels in the options' place.
fn relabelled(error: &AskError) -> String {
    let field = |option: AskOption| match option == AskOption::Mine {
        // Whether he sent it is ticked; what can be wrong is the token.
        true => label("token"),
        false => label(option.name()),
    };
    if let AskError::Value {
        option,
        value,
        says,
    } = error
        && let Some(label) = field(*option)
    {
        return format!("{label}: `{value}`: {says}");
    }
    error.says(&|option| match field(option) {
        Some(label) => format!("“{label}”"),
        None => format!("'{}'", option.usage()),
    })
}

fn label(field: &str) -> Option<&'static str> {
    let known = LABELS.iter().find(|(name, _)| *name == field);
    known.map(|(_, label)| *label)
}

/// Messages as the library's HTML format renders them: as one report while there is one, and as
/// rows from the second on.
struct Messages {
    alone: fn(&Analysis, Option<&RawMessage<'_>>) -> Vec<u8>,
    /// The first one's, as long as it is the only one.
    report: Vec<u8>,
    rows: Vec<(Record, Vec<u8>)>,
    tally: Tally,
    length: usize,
}

impl Answer for Messages {
    fn take(&mut self, analysis: Analysis, header: Option<&RawMessage<'_>>) {
        self.report = match self.rows.is_empty() {
            true => (self.alone)(&analysis, header),
            false => Vec::new(),
        };
        let mut row = Vec::new();
        Html::new(true).message(&analysis, header, &mut row);
        let record = Record::from(analysis);
        self.tally.count(&record);
        self.length += row.len();
        self.rows.push((record, row));
    }

    fn len(&self) -> usize {
        self.length + self.report.len()
    }
}

impl Messages {
    fn new(alone: fn(&Analysis, Option<&RawMessage<'_>>) -> Vec<u8>) -> Self {
        Self {
            alone,
            report: Vec::new(),
            rows: Vec::new(),
            tally: Tally::default(),
            length: 0,
        }
    }

    /// To stand in the page.
    fn for_page() -> Self {
        Self::new(|analysis, header| html::fragment(analysis, header).into_bytes())
    }

    /// To be a file of its own.
    fn for_file() -> Self {
        Self::new(|analysis, header| {
            let mut report = Vec::new();
            Html::new(false).message(analysis, header, &mut report);
            report
        })
    }

    /// One report; or counts, filters, and a row for each.
    fn inside(self) -> io::Result<String> {
        let bytes = match self.rows.as_slice() {
            [_] => self.report,
            rows => {
                let mut text = html::above_rows(&self.tally).into_bytes();
                text.extend_from_slice(b"<div class=\"messages\">");
                let mut format = Html::new(true);
                for (record, row) in rows {
                    format.take(record, row, &mut text)?;
                }
                text.extend_from_slice(b"</div>");
                text.extend_from_slice(html::below_rows(&self.tally).as_bytes());
                text
            }
        };
        String::from_utf8(bytes).map_err(io::Error::other)
    }

    fn file(self) -> io::Result<Vec<u8>> {
        let mut file = Vec::with_capacity(self.len() + (64 << 10));
        let mut format = Html::new(self.rows.len() > 1);
        format.begin(&mut file)?;
        for (record, row) in &self.rows {
            let alone = self.rows.len() == 1;
            format.take(record, if alone { &self.report } else { row }, &mut file)?;
        }
        format.end(&self.tally, &mut file)?;
        Ok(file)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_those_of_the_page() {
        for (name, label) in LABELS {
            let shown = format!("<label for=\"{name}\">{label}</label>");
            assert!(FORM.contains(&shown), "{shown}");
        }
    }

    #[test]
    fn options_are_told_as_fields() {
        let value = |option, value: &str| {
            let mut ask = smarthop::Ask::default();
            ask.set(option, value).expect_err(value)
        };
        for (error, shown) in [
            (
                AskError::Conflict {
                    option: AskOption::Policy,
                    with: AskOption::SmartHost,
                },
                "the argument “Policy file (TOML)” cannot be used with “Smart host”",
            ),
            (
                value(AskOption::Recipient, "a"),
                "Who received it: `a`: give one bare address, such as newsletter@example.com",
            ),
            (
                value(AskOption::Mine, "abc"),
                "Only the one with this in its Message-ID or Subject: `abc`: a token has at least \
                 8 characters: take one that is in no other mail, such as route-test-7f3a9c",
            ),
            (
                value(AskOption::Expect, "nowhere"),
                "invalid value 'nowhere' for '--expect <ROUTE>' [possible values: connector, \
                 exchange]",
            ),
        ] {
            assert_eq!(relabelled(&error), shown);
        }
    }
}
