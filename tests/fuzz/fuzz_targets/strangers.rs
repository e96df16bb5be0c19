//! `strangers::strangers` under libFuzzer.
#![no_main]

#[path = "../strangers.rs"]
#[allow(dead_code, reason = "each target has one of the checks")]
mod strangers;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| strangers::strangers(bytes));
