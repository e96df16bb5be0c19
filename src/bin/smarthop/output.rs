//! How results reach standard output: the format, the colour, the width. One variant a format.

use std::env;
use std::io::{self, IsTerminal as _, Write as _};

use smarthop::analysis::{Analysis, Outcome, Summary};
use smarthop::report::{self, Style};

use crate::cli::{FormatName, When};

/// Where a width cannot be told.
const COLUMNS: u16 = 80;

/// How results are written.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Format {
    /// For people; `many` when a heading must tell the messages apart.
    Human {
        style: Style,
        many: bool,
    },
    Json,
}

impl Format {
    pub(crate) fn new(name: FormatName, color: When, many: bool) -> Self {
        match name {
            FormatName::Human => Self::Human {
                style: style(color),
                many,
            },
            FormatName::Json => Self::Json,
        }
    }

    /// One message's part of the output.
    pub(crate) fn message(&self, analysis: &Analysis) -> Vec<u8> {
        match self {
            // Standard error tells it; a report would only say it twice.
            Self::Human { .. } if analysis.outcome == Outcome::Error => Vec::new(),
            Self::Human { style, many } => {
                let mut text = String::new();
                // Writing to a String cannot fail.
                if *many {
                    let _ = report::heading(&analysis.source, style, &mut text);
                }
                let _ = report::human(analysis, style, &mut text);
                if *many {
                    text.push('\n');
                }
                text.into_bytes()
            }
            Self::Json => {
                let mut line = Vec::new();
                // Writing to a Vec cannot fail, and the types have no value that JSON has not.
                let _ = report::json(analysis, &mut line);
                line
            }
        }
    }

    /// The last line.
    pub(crate) fn summary(&self, summary: &Summary) -> Vec<u8> {
        match self {
            Self::Human { style, .. } => {
                let mut text = String::new();
                let _ = report::summary(summary, style, &mut text);
                text.into_bytes()
            }
            Self::Json => {
                let mut line = Vec::new();
                let _ = report::json_summary(*summary, &mut line);
                line
            }
        }
    }
}

fn style(color: When) -> Style {
    let terminal = io::stdout().is_terminal();
    let colour = match color {
        When::Always => true,
        When::Never => false,
        When::Auto => terminal && !env_says_no_colour(),
    };
    let width = match terminal_size::terminal_size() {
        Some((terminal_size::Width(columns), _)) if terminal && columns > 0 => columns,
        _ => COLUMNS,
    };
    Style {
        width: usize::from(width),
        colour,
    }
}

/// NO_COLOR counts when it is there and not empty (no-color.org).
fn env_says_no_colour() -> bool {
    env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
        || env::var_os("TERM").is_some_and(|value| value == "dumb")
}

/// Standard output, which somebody may close before all is said: that is no error, and the exit
/// status stays that of all messages.
pub(crate) struct Stdout {
    out: io::BufWriter<io::StdoutLock<'static>>,
    closed: bool,
}

impl Stdout {
    pub(crate) fn new() -> Self {
        Self {
            out: io::BufWriter::new(io::stdout().lock()),
            closed: false,
        }
    }

    pub(crate) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.closed {
            return Ok(());
        }
        let result = self.out.write_all(bytes);
        self.unless_closed(result)
    }

    pub(crate) fn flush(&mut self) -> io::Result<()> {
        if self.closed {
            return Ok(());
        }
        let result = self.out.flush();
        self.unless_closed(result)
    }

    fn unless_closed(&mut self, result: io::Result<()>) -> io::Result<()> {
        match result {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.closed = true;
                Ok(())
            }
            other => other,
        }
    }
}
