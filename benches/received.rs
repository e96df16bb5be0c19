//! Nanoseconds a trace field, one field of each dialect, beside mail-parser's `Received` parser on
//! the same fields in the same run.

#![allow(
    missing_docs,
    reason = "criterion's macros write undocumented functions"
)]

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

#[path = "fields/dialects.rs"]
mod dialects;

use dialects::FIELDS;

fn received(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("received");
    for (family, field) in FIELDS {
        group.throughput(Throughput::Bytes(field.len() as u64));
        group.bench_with_input(
            BenchmarkId::new("smarthop", family),
            field,
            |bencher, field| {
                bencher.iter(|| black_box(smarthop::trace::dialect::read(black_box(field))));
            },
        );
        group.bench_with_input(
            BenchmarkId::new("mail-parser", family),
            field,
            |bencher, field| {
                bencher.iter(|| {
                    let mut stream =
                        mail_parser::parsers::MessageStream::new(black_box(field.as_bytes()));
                    black_box(stream.parse_received())
                });
            },
        );
    }
    group.finish();
}

criterion_group!(benches, received);
criterion_main!(benches);
