//! The command line, described for shells and for `man`.

use clap::CommandFactory as _;
use clap_complete::Shell;

use crate::cli::Cli;

/// A shell's completions.
pub(crate) fn completions(shell: Shell) -> Vec<u8> {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "smarthop", &mut text);
    text
}

/// The manual page, with a section for each command.
pub(crate) fn page() -> Vec<u8> {
    let mut cli = Cli::command();
    cli.build();
    let mut text = Vec::new();
    // Writing to a Vec cannot fail.
    let _ = clap_mangen::Man::new(cli.clone()).render(&mut text);
    for command in cli
        .get_subcommands()
        .filter(|command| command.get_name() != "help")
    {
        let title = format!("\n.SH \"SMARTHOP {}\"\n", command.get_name().to_uppercase());
        text.extend_from_slice(title.as_bytes());
        let page = clap_mangen::Man::new(command.clone());
        let _ = page.render_synopsis_section(&mut text);
        let _ = page.render_description_section(&mut text);
        let _ = page.render_options_section(&mut text);
        let _ = page.render_extra_section(&mut text);
    }
    text
}
