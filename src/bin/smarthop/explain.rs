//! `smarthop explain [CODE]`: what a code means, why it matters, and what to do.

use std::process::ExitCode;

use clap::error::ErrorKind;
use smarthop::codes;
use smarthop::report::printable;

use crate::listing::print;
use crate::usage;

pub(crate) fn explain(code: Option<&str>) -> ExitCode {
    let Some(code) = code else {
        return print(&codes::list());
    };
    let found = codes::of(code);
    if found.is_empty() {
        let meant = match codes::nearest(code) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "`smarthop explain` lists them".to_owned(),
        };
        let says = format!("{:?} is no code that is known; {meant}", printable(code));
        return usage::end(&usage::plain(ErrorKind::InvalidValue, &says));
    }
    let texts: Vec<String> = found.iter().map(codes::text).collect();
    print(&texts.join("\n"))
}
