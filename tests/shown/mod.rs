//! What a document shows: commands with what they print, and files.
#![allow(dead_code, reason = "each test uses a part of it")]

/// A line `$ COMMAND` and what stands below it.
pub(crate) struct Shown {
    /// The line it stands in.
    pub(crate) line: usize,
    pub(crate) command: String,
    pub(crate) output: Vec<String>,
}

pub(crate) enum Step {
    Run(Shown),
    /// A block that begins with `# NAME`.
    File(String, String),
}

/// The steps of a document, whose commands stand in blocks of this kind. A command's line may go on
/// behind `\`, in lines that begin with `> `.
pub(crate) fn steps(document: &str, kind: &str) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let mut block: Option<&str> = None;
    let mut first = false;
    for (number, line) in document.lines().enumerate() {
        if let Some(kind) = line.strip_prefix("```") {
            block = block.xor(Some(kind)).filter(|kind| !kind.is_empty());
            first = true;
            continue;
        }
        let begins = std::mem::take(&mut first);
        match (block, steps.last_mut()) {
            (Some(own), last) if own == kind => match (line.strip_prefix("$ "), last) {
                (Some(command), _) => steps.push(Step::Run(Shown {
                    line: number + 1,
                    command: command.to_owned(),
                    output: Vec::new(),
                })),
                (None, Some(Step::Run(last))) => {
                    if last.command.ends_with('\\') && last.output.is_empty() {
                        last.command.pop();
                        last.command.push_str(line.trim_start_matches("> "));
                    } else {
                        last.output.push(line.to_owned());
                    }
                }
                (None, _) => panic!("line {}: output of no command", number + 1),
            },
            (Some("toml"), _) if begins && line.starts_with("# ") => {
                let name = line.trim_start_matches("# ").to_owned();
                steps.push(Step::File(name, String::new()));
            }
            (Some("toml"), Some(Step::File(_, text))) => {
                text.push_str(line);
                text.push('\n');
            }
            _ => {}
        }
    }
    steps
}

/// Whether the printed lines are the shown ones, as `same` compares two; `...` stands for any.
pub(crate) fn is_alike(
    shown: &[String],
    printed: &[&str],
    same: fn(shown: &str, printed: &str) -> bool,
) -> bool {
    match shown.split_first() {
        None => printed.is_empty(),
        Some((first, rest)) if first == "..." => (0..=printed.len())
            .any(|skipped| is_alike(rest, printed.get(skipped..).unwrap_or_default(), same)),
        Some((first, rest)) => printed
            .split_first()
            .is_some_and(|(line, after)| same(first, line) && is_alike(rest, after, same)),
    }
}
