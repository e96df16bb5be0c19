//! What would change, object by object, and whether it did: previews, and the platform's tasks.
//!
//! `POST` and `DELETE` answer with a task; `PUT` answers nothing, and the object names its task
//! in `taskPendingId` until that has ended. How a task ended is one thing; what the object then
//! says is read again, and counts.

use std::fmt::Write as _;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Map, Value};
use smarthop::report::printable;

use super::exchange::{Exchange, Failure};
use super::trouble::Trouble;

/// The first pause before a task is asked for again, and the longest.
const PAUSE: Duration = Duration::from_millis(200);
const PAUSE_MAX: Duration = Duration::from_secs(5);

/// How often an object is read that names no task and still says the old.
const STALE_READS: u32 = 8;

/// An object's properties.
pub(crate) type Properties = Map<String, Value>;

/// What would become of one object.
pub(crate) struct Change {
    /// `account newsletter@mydomain.ovh`
    pub(crate) subject: String,
    /// The property, what it says, and what it will say.
    lines: Vec<(String, String, String)>,
    notes: Vec<String>,
}

impl Change {
    /// What differs between an object and a body for it; what the body leaves out stays.
    pub(crate) fn between(subject: String, before: &Value, after: &Properties) -> Self {
        let mut lines = Vec::new();
        for (key, value) in after {
            let old = before.get(key).unwrap_or(&Value::Null);
            match value.as_object() {
                Some(inner) => {
                    for (name, value) in inner {
                        let old = old.get(name).unwrap_or(&Value::Null);
                        if old != value {
                            lines.push((format!("{key}.{name}"), shown(old), shown(value)));
                        }
                    }
                }
                None if old != value => lines.push((key.clone(), shown(old), shown(value))),
                None => {}
            }
        }
        Self {
            subject,
            lines,
            notes: Vec::new(),
        }
    }

    /// The object goes.
    pub(crate) fn removal(subject: String) -> Self {
        Self {
            subject,
            lines: vec![(
                "all of it".to_owned(),
                "there".to_owned(),
                "removed".to_owned(),
            )],
            notes: Vec::new(),
        }
    }

    /// A property that the platform does not show.
    pub(crate) fn hidden(mut self, key: &str, after: String) -> Self {
        self.lines
            .push((key.to_owned(), "not shown".to_owned(), after));
        self
    }

    /// Something to know beside it.
    pub(crate) fn note(mut self, note: Option<String>) -> Self {
        self.notes.extend(note);
        self
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }
}

/// A value, for a line.
fn shown(value: &Value) -> String {
    match value {
        Value::Null => "nothing".to_owned(),
        Value::String(text) => printable(text).into_owned(),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            printable(&value.to_string()).into_owned()
        }
    }
}

/// Changes as text.
pub(crate) fn preview(changes: &[Change]) -> String {
    let mut out = String::new();
    for change in changes {
        // Writing to a String cannot fail.
        let _ = writeln!(out, "{}", printable(&change.subject));
        let width = change
            .lines
            .iter()
            .map(|(key, ..)| key.chars().count())
            .max();
        let width = width.unwrap_or_default();
        for (key, before, after) in &change.lines {
            let _ = writeln!(out, "  {:width$}  {before} -> {after}", printable(key));
        }
        for note in &change.notes {
            let _ = writeln!(out, "  note: {}", printable(note));
        }
    }
    out
}

/// Waits for what was begun.
pub(crate) struct Waiting<'e> {
    pub(crate) exchange: &'e Exchange<'e>,
    pub(crate) patience: Duration,
}

impl Waiting<'_> {
    /// Until a task has ended well. A task that is no longer there has ended; how, the object
    /// tells.
    pub(crate) fn task(&self, id: u64) -> Result<(), Failure> {
        let until = Instant::now() + self.patience;
        let mut pause = PAUSE;
        loop {
            let task = match self.exchange.get(&["task", &id.to_string()]) {
                Ok(task) => task,
                Err(trouble) if trouble.status() == Some(404) => return Ok(()),
                Err(trouble) => return Err(trouble.into()),
            };
            let word = |key: &str| task.get(key).and_then(Value::as_str).unwrap_or_default();
            let name = format!("task {id} ({})", printable(word("function")));
            match word("status") {
                "done" => return Ok(()),
                "todo" | "doing" => {}
                end => {
                    return Err(Failure::Says(format!(
                        "{name} ended as `{}`: the platform did not do it",
                        printable(end)
                    )));
                }
            }
            if Instant::now() >= until {
                return Err(Failure::Says(format!(
                    "{name} is still `{}` after {} s: it may yet be done; look again later",
                    printable(word("status")),
                    self.patience.as_secs()
                )));
            }
            thread::sleep(pause);
            pause = (pause * 3 / 2).min(PAUSE_MAX);
        }
    }

    /// Until the task has ended that a call answered with.
    pub(crate) fn answer(&self, call: &str, answer: &Value) -> Result<u64, Failure> {
        let id = answer.get("id").and_then(Value::as_u64);
        let id = id.ok_or_else(|| Trouble::strange(call, "where a task is expected"))?;
        self.task(id).map(|()| id)
    }

    /// Until an object's task has ended, and the object says what was asked for.
    pub(crate) fn object(
        &self,
        parts: &[&str],
        is_so: &dyn Fn(&Value) -> bool,
    ) -> Result<(), Failure> {
        let mut pause = PAUSE;
        let mut stale = 0;
        loop {
            let object = self.exchange.get(parts)?;
            match pending(&object) {
                Some(task) => self.task(task)?,
                None if is_so(&object) => return Ok(()),
                None if stale >= STALE_READS => {
                    return Err(Failure::Says(
                        "the platform took it, names no task, and still says the old: look again later"
                            .to_owned(),
                    ));
                }
                None => {}
            }
            // A task may end before the object says so.
            stale += 1;
            if stale > 1 {
                thread::sleep(pause);
                pause = (pause * 3 / 2).min(PAUSE_MAX);
            }
            if stale > 4 * STALE_READS {
                return Err(Failure::Says(
                    "the platform is busy with it all the time: look again later".to_owned(),
                ));
            }
        }
    }
}

/// The task that an object waits for.
pub(crate) fn pending(object: &Value) -> Option<u64> {
    let task = object.get("taskPendingId").and_then(Value::as_u64);
    task.filter(|task| *task != 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_what_differs_is_shown() {
        let before = json!({"port": 25, "smartHost": "a\u{202e}", "requireTLS": true, "inner": {"a": 1, "b": false}});
        let after = json!({"port": 25, "smartHost": "b", "requireTLS": false, "new": null, "inner": {"a": 1, "b": true}});
        let after = after.as_object().expect("an object");
        let change = Change::between("connector 29".to_owned(), &before, after)
            .hidden("password", "asked for".to_owned())
            .note(Some("look".to_owned()));
        assert_eq!(
            preview(&[change]),
            "connector 29\n  inner.b     false -> true\n  requireTLS  true -> false\n  smartHost   a\\u{202e} -> b\n  password    not shown -> asked for\n  note: look\n"
        );
        let same = Change::between("x".to_owned(), &before, before.as_object().expect("one"));
        assert!(same.is_empty());
    }
}
