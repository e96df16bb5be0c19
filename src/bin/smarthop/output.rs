//! How results reach standard output: the format, the colour, the width.

use std::env;
use std::io::{self, IsTerminal as _, Write};

use smarthop::report::{Blocks, Csv, Html, Json, JunitReport, Lines, Markdown, Report, Style};

use crate::cli::{FormatName, When};

/// Written at once.
const BUFFER: usize = 64 << 10;

/// Where a width cannot be told.
const COLUMNS: u16 = 80;

/// How results are written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Format {
    name: FormatName,
    style: Style,
    long: bool,
    summary: bool,
    quiet: bool,
}

impl Format {
    pub(crate) fn new(
        name: FormatName,
        color: When,
        long: bool,
        summary: bool,
        quiet: bool,
    ) -> Self {
        Self {
            name,
            style: style(color),
            long,
            summary,
            quiet,
        }
    }

    /// An instance of the format; `many` where there are several messages.
    pub(crate) fn report(&self, many: bool) -> Box<dyn Report> {
        let Self { style, summary, .. } = *self;
        match self.name {
            FormatName::Human if many && !self.long => Box::new(Lines {
                style,
                summary: summary || !self.quiet,
            }),
            FormatName::Human => Box::new(Blocks {
                style,
                many,
                summary: summary || (many && !self.quiet),
            }),
            FormatName::Json => Box::new(Json { summary }),
            FormatName::Junit => Box::new(JunitReport::default()),
            FormatName::Markdown => Box::new(Markdown::default()),
            FormatName::Csv => Box::new(Csv),
            FormatName::Html => Box::new(Html::new(many)),
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
            out: io::BufWriter::with_capacity(BUFFER, io::stdout().lock()),
            closed: false,
        }
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

impl Write for Stdout {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write_all(bytes)?;
        Ok(bytes.len())
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.closed {
            return Ok(());
        }
        let result = self.out.write_all(bytes);
        self.unless_closed(result)
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.closed {
            return Ok(());
        }
        let result = self.out.flush();
        self.unless_closed(result)
    }
}
