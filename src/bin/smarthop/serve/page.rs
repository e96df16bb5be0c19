//! For people: the page with its form, and its answers. With script the page asks for `/report`
//! and puts the answer below the form; without, the form's own answer is a page. What a report
//! looks like is the library's (`smarthop::report`); here is only what stands around it.

use std::borrow::Cow;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use smarthop::analysis::Outcome;
use smarthop::report::{Record, Report as _, Tally};
use smarthop::{Analysis, RawMessage};

use super::options::{Ask, Loaded};
use super::refusal::Refusal;
use super::request::Asked;
use super::work::{self, Answer, Done};
use super::{REPORTS_MAX, Server};

const PAGE: &str = include_str!("page.html");
const ANSWER: &str = include_str!("answer.html");
const STYLE: &str = include_str!("app.css");
const SCRIPT: &str = include_str!("app.js");

/// What the page has more than one value of in a field: separated by blanks or commas.
const LISTS: &[&str] = &[
    "smart-host",
    "exchange-host",
    "receiver",
    "trust",
    "authserv-id",
];

pub(super) async fn page(State(server): State<Arc<Server>>) -> Response {
    let loaded = match server.loaded.description() {
        Some(says) => format!(
            "<option value=\"loaded\" selected>{}</option>",
            escape(&says)
        ),
        None => String::new(),
    };
    let platforms = server.loaded.catalogue().platforms();
    let platforms: String = platforms
        .map(|platform| {
            let id = escape(platform.id.as_ref()).into_owned();
            format!("<option value=\"{id}\">{id}</option>")
        })
        .collect();
    let text = PAGE
        .replace("<!-- loaded -->", &loaded)
        .replace("<!-- platforms -->", &platforms);
    let mut response = html(text);
    // With no-referrer a browser would say `Origin: null` of the form, which is refused; no other
    // origin is told anything either way.
    let policy = HeaderValue::from_static("same-origin");
    response
        .headers_mut()
        .insert(header::REFERRER_POLICY, policy);
    response
}

pub(super) async fn style() -> Response {
    let text = format!("{}\n{STYLE}", report_style());
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], text).into_response()
}

pub(super) async fn script() -> Response {
    let text = format!("{}\n{SCRIPT}", report_script());
    (
        [(header::CONTENT_TYPE, "text/javascript; charset=utf-8")],
        text,
    )
        .into_response()
}

/// The answer to the script: what stands below the form.
pub(super) async fn report(State(server): State<Arc<Server>>, request: Request) -> Response {
    match answer(&server, request, Reports::default()).await {
        Ok(done) => html(done.answer.text()),
        Err(refusal) => told(&refusal, trouble(&refusal)),
    }
}

/// The answer to the form: a page.
pub(super) async fn check(State(server): State<Arc<Server>>, request: Request) -> Response {
    let around = |inside: &str| ANSWER.replace("<!-- result -->", inside);
    match answer(&server, request, Reports::default()).await {
        Ok(done) => html(around(&done.answer.text())),
        Err(refusal) => told(&refusal, around(&trouble(&refusal))),
    }
}

/// A file to send on.
pub(super) async fn download(State(server): State<Arc<Server>>, request: Request) -> Response {
    match answer(&server, request, Parts::default()).await {
        Ok(Done { answer, many }) => match whole(answer, many) {
            Ok(file) => {
                let name =
                    HeaderValue::from_static("attachment; filename=\"smarthop-report.html\"");
                let mut response = html(file);
                response
                    .headers_mut()
                    .insert(header::CONTENT_DISPOSITION, name);
                response
            }
            Err(_) => Refusal::internal().into_response(),
        },
        Err(refusal) => told(
            &refusal,
            ANSWER.replace("<!-- result -->", &trouble(&refusal)),
        ),
    }
}

async fn answer<A: Answer>(
    server: &Arc<Server>,
    request: Request,
    answer: A,
) -> Result<Done<A>, Refusal> {
    let room = server.requests.acquire().await;
    let _room = room.map_err(|_| Refusal::internal())?;
    let asked = Asked::read(request).await?;
    let (ask, asked) = meant(&server.loaded, asked)?;
    work::answer(server, ask, asked, REPORTS_MAX, answer).await
}

/// What a form means: fields that are left empty say nothing, unlike options of the interface.
fn meant(loaded: &Loaded, mut asked: Asked) -> Result<(Ask, Asked), Refusal> {
    let options = &mut asked.options;
    let mut choice = String::new();
    let mut pairs: Vec<(String, String)> = Vec::new();
    for (name, value) in std::mem::take(&mut options.pairs) {
        if name == "expect" {
            choice = value;
        } else if LISTS.contains(&name.as_str()) {
            let values = value.split(|char: char| char.is_whitespace() || ",;".contains(char));
            let values = values.filter(|value| !value.is_empty());
            pairs.extend(values.map(|value| (name.clone(), value.to_owned())));
        } else if !value.trim().is_empty() {
            pairs.push((name, value));
        }
    }
    let has_file = options.policy.is_some() || options.connector.is_some();
    let names_host = pairs.iter().any(|(name, _)| name == "smart-host");
    let nothing = |says| Err(Refusal::bad("nothing-expected", says));
    match choice.as_str() {
        "trace" => {
            let of_check = ["smart-host", "unlisted", "require", "sender"];
            pairs.retain(|(name, _)| !of_check.contains(&name.as_str()));
            (options.policy, options.connector) = (None, None);
            options.pairs = pairs;
            return Ok((Ask::Trace, asked));
        }
        "connector" if !has_file && !names_host => {
            return nothing(
                "name the smart host through which the mail should have left, or choose to only \
                 see its way",
            );
        }
        "file" if !has_file => return nothing("choose the policy or connector file"),
        "file" if options.policy.is_some() => pairs.retain(|(name, _)| name != "smart-host"),
        // A smart host or a file says it.
        "connector" | "file" | "loaded" | "" => {}
        _ => pairs.push(("expect".to_owned(), choice)),
    }
    options.pairs = pairs;
    if options.policy.is_none() && (options.expects() || !loaded.has_policy()) {
        options.pairs.retain(|(name, _)| name != "unlisted");
    }
    Ok((Ask::Check, asked))
}

fn html(text: impl Into<axum::body::Body>) -> Response {
    let kind = HeaderValue::from_static("text/html; charset=utf-8");
    ([(header::CONTENT_TYPE, kind)], text.into()).into_response()
}

/// A refusal's status, with what people read.
fn told(refusal: &Refusal, text: String) -> Response {
    let mut response = html(text);
    *response.status_mut() = refusal.status;
    response
}

fn trouble(refusal: &Refusal) -> String {
    format!(
        "<div class=\"trouble\" role=\"alert\" tabindex=\"-1\" id=\"trouble\"><h2>Not checked</h2>\
         <p>{}</p></div>",
        escape(&refusal.says)
    )
}

/// Reports, each as it stands in the page.
#[derive(Default)]
struct Reports {
    reports: Vec<(Record, String)>,
    tally: Tally,
    length: usize,
}

impl Answer for Reports {
    fn take(&mut self, analysis: Analysis, header: Option<&RawMessage<'_>>) {
        let text = fragment(&analysis, header);
        let record = Record::from(analysis);
        self.tally.count(&record);
        self.length += text.len();
        self.reports.push((record, text));
    }

    fn len(&self) -> usize {
        self.length
    }
}

impl Reports {
    /// One report; or counts, and a row for each.
    fn text(self) -> String {
        if let [(_, report)] = self.reports.as_slice() {
            return report.clone();
        }
        let mut text = String::with_capacity(self.length + 1000);
        let counts: Vec<_> = Outcome::ALL
            .iter()
            .map(|outcome| (outcome, self.tally.of(*outcome)))
            .filter(|(_, count)| *count > 0)
            .map(|(outcome, count)| format!("{count} {}", outcome.as_str()))
            .collect();
        text.push_str("<h2 id=\"counts\" tabindex=\"-1\">");
        text.push_str(&format!(
            "{} messages: {}</h2>",
            self.reports.len(),
            counts.join(", ")
        ));
        for (record, report) in &self.reports {
            let name = record.source.path.as_deref().unwrap_or("pasted");
            text.push_str(&format!(
                "<details class=\"message\"><summary><b>{}</b> {}</summary>{report}</details>",
                record.outcome.as_str(),
                escape(name)
            ));
        }
        text
    }
}

/// Messages as the format's own file has them.
#[derive(Default)]
struct Parts {
    parts: Vec<(Record, Vec<u8>)>,
    length: usize,
}

impl Answer for Parts {
    fn take(&mut self, analysis: Analysis, header: Option<&RawMessage<'_>>) {
        let mut part = Vec::new();
        file_format().message(&analysis, header, &mut part);
        self.length += part.len();
        self.parts.push((Record::from(analysis), part));
    }

    fn len(&self) -> usize {
        self.length
    }
}

fn whole(parts: Parts, _many: bool) -> std::io::Result<Vec<u8>> {
    let mut file = Vec::with_capacity(parts.length + (64 << 10));
    let mut format = file_format();
    let mut tally = Tally::default();
    format.begin(&mut file)?;
    for (record, part) in &parts.parts {
        tally.count(record);
        format.take(record, part, &mut file)?;
    }
    format.end(&tally, &mut file)?;
    Ok(file)
}

// Stand-ins for the library's HTML report.

fn file_format() -> smarthop::report::Markdown {
    smarthop::report::Markdown::default()
}

fn report_style() -> &'static str {
    ""
}

fn report_script() -> &'static str {
    ""
}

fn fragment(analysis: &Analysis, _header: Option<&RawMessage<'_>>) -> String {
    let style = smarthop::report::Style {
        width: 80,
        colour: false,
    };
    let mut text = String::new();
    let _ = smarthop::report::human(analysis, &style, &mut text);
    format!("<pre>{}</pre>", escape(&text))
}

/// Text in HTML, between tags or in a quoted attribute.
fn escape(text: &str) -> Cow<'_, str> {
    if !text.contains(['&', '<', '>', '"', '\'']) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for char in text.chars() {
        match char {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            _ => escaped.push(char),
        }
    }
    Cow::Owned(escaped)
}
