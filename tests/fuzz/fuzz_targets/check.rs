//! `program::check` under libFuzzer: the program that the variable SMARTHOP names is asked.
#![no_main]

#[path = "../program.rs"]
#[allow(dead_code, reason = "each target has one of the checks")]
mod program;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| program::check(bytes));
