//! Nanoseconds a trace field, one field of each dialect, beside mail-parser's `Received` parser on
//! the same fields in the same run; then both in turns, the least of many rounds.

#![allow(
    missing_docs,
    reason = "criterion's macros write undocumented functions"
)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

#[path = "fields/dialects.rs"]
mod dialects;

use dialects::FIELDS;

fn smarthop(field: &str) {
    black_box(smarthop::trace::dialect::read(black_box(field)));
}

fn mail_parser(field: &str) {
    let mut stream = mail_parser::parsers::MessageStream::new(black_box(field.as_bytes()));
    black_box(stream.parse_received());
}

fn received(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("received");
    for (family, field) in FIELDS {
        group.throughput(Throughput::Bytes(field.len() as u64));
        for (reader, read) in [
            ("smarthop", smarthop as fn(&str)),
            ("mail-parser", mail_parser),
        ] {
            group.bench_with_input(BenchmarkId::new(reader, family), field, |bencher, field| {
                bencher.iter(|| read(field));
            });
        }
    }
    group.finish();
}

/// How often each reader has its turn, and how many fields it reads in one.
const ROUNDS: usize = 40;
const READS: u32 = 500;

/// Measured one after the other, on a busy machine either reader may be the slower; what each
/// needs at the least, in turns, is steady.
#[expect(clippy::print_stdout, reason = "the bench's own table")]
fn in_turns(_: &mut Criterion) {
    // Without optimisation, as among the tests, it would tell nothing.
    if cfg!(debug_assertions) {
        return;
    }
    let mut least = vec![(Duration::MAX, Duration::MAX); FIELDS.len()];
    for _ in 0..ROUNDS {
        for ((_, field), (ours, theirs)) in FIELDS.iter().zip(&mut least) {
            *ours = turn(smarthop, field).min(*ours);
            *theirs = turn(mail_parser, field).min(*theirs);
        }
    }
    println!("in turns, the least of {ROUNDS}: smarthop, mail-parser (ns a field), ratio");
    for ((family, _), (ours, theirs)) in FIELDS.iter().zip(least) {
        let ratio = ours.as_secs_f64() / theirs.as_secs_f64();
        let (ours, theirs) = (ours.as_nanos(), theirs.as_nanos());
        println!("{family:<16} {ours:>6} {theirs:>6} {ratio:>6.2}");
    }
}

fn turn(read: fn(&str), field: &str) -> Duration {
    let start = Instant::now();
    for _ in 0..READS {
        read(field);
    }
    start.elapsed() / READS
}

criterion_group!(benches, received, in_turns);
criterion_main!(benches);
