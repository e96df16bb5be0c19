//! What a run of the program came to.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::process::Output;

pub(crate) struct Run {
    pub(crate) status: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Run {
    /// No output may hold one of these texts.
    pub(crate) fn without(output: Output, forbidden: &[&str]) -> Self {
        let out = String::from_utf8(output.stdout).unwrap();
        let err = String::from_utf8(output.stderr).unwrap();
        for text in forbidden {
            assert!(
                !out.contains(text) && !err.contains(text),
                "{text:?}: {out}{err}"
            );
        }
        Self {
            status: output.status.code().unwrap(),
            out,
            err,
        }
    }
}
