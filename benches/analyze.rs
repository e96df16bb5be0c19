//! The whole analysis in memory, beside a bare newline scan of the same bytes and beside the
//! `mail-parser` crate's `parse_headers`, in one run: `cargo bench --bench analyze`.
//!
//! The messages are the documented sample, one with 40 hops, and 10,000 made ones whose headers
//! have 2 to 30 KiB. All numbers are for header sections; no body is there.

use std::fmt::Write;
use std::hint::black_box;

use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use mail_parser::MessageParser;
use smarthop::{Catalogue, Expectation, analyze};

const SAMPLE: &[u8] = include_bytes!("../fixtures/documented-sample/message.eml");

/// The sample with 34 relays more below its border.
fn forty_hops() -> Vec<u8> {
    let mut text = String::from_utf8_lossy(SAMPLE).into_owned();
    let at = text.find("X-Mailin-EID").unwrap_or(text.len());
    let mut relays = String::new();
    for number in (1..=34).rev() {
        let _ = write!(
            relays,
            "Received: from relay{number}.example.net (relay{number}.example.net [192.0.2.{number}])\n    \
             by relay{}.example.net (Postfix) with ESMTPS id 4PQsPF43SEm78{number:04}\n    \
             for <john.smith@guides.ovh>; Tue, 28 Feb 2023 07:50:{number:02} +0000 (UTC)\n",
            number + 1
        );
    }
    text.insert_str(at, &relays);
    text.into_bytes()
}

/// A made message of the sample's form whose header has about `size` bytes.
fn made(number: usize, size: usize) -> Vec<u8> {
    let mut text = String::from_utf8_lossy(SAMPLE).into_owned();
    let mut line = 0;
    while text.len() < size {
        let _ = write!(
            text,
            "X-Filler-{line}: {number:08x} {:0>48}\n  a second line, folded, of the same field {number}\n",
            line * 7919
        );
        line += 1;
    }
    text.into_bytes()
}

/// 10,000 messages, sizes spread evenly over 2 to 30 KiB in a fixed, shuffled order.
fn corpus() -> Vec<Vec<u8>> {
    (0..10_000)
        .map(|number| made(number, 2048 + (number * 7919 % 10_000) * 28 * 1024 / 10_000))
        .collect()
}

/// What any reader of lines must do.
fn newline_scan(bytes: &[u8]) -> usize {
    memchr::memchr_iter(b'\n', bytes).count()
}

fn expectation() -> Expectation {
    match "smtp-relay.example.com".parse() {
        Ok(host) => Expectation::connector([host]),
        Err(_) => Expectation::exchange(),
    }
}

fn one_message(c: &mut Criterion) {
    let (expectation, catalogue) = (expectation(), Catalogue::builtin());
    for (name, bytes) in [("sample", SAMPLE.to_vec()), ("forty-hops", forty_hops())] {
        let mut group = c.benchmark_group(name);
        group.throughput(Throughput::Bytes(bytes.len() as u64));
        group.bench_function(BenchmarkId::from_parameter("newline scan"), |b| {
            b.iter(|| newline_scan(black_box(&bytes)))
        });
        group.bench_function(
            BenchmarkId::from_parameter("mail-parser parse_headers"),
            |b| {
                let parser = MessageParser::default();
                b.iter(|| parser.parse_headers(black_box(&bytes[..])));
            },
        );
        group.bench_function(BenchmarkId::from_parameter("smarthop analyze"), |b| {
            b.iter(|| analyze(black_box(&bytes), &expectation, catalogue));
        });
        group.finish();
    }
}

fn many_messages(c: &mut Criterion) {
    let (expectation, catalogue) = (expectation(), Catalogue::builtin());
    let corpus = corpus();
    let bytes: usize = corpus.iter().map(Vec::len).sum();
    let mut group = c.benchmark_group("ten-thousand");
    group.throughput(Throughput::Bytes(bytes as u64));
    group.sample_size(10);
    group.bench_function(BenchmarkId::from_parameter("newline scan"), |b| {
        b.iter(|| {
            corpus
                .iter()
                .map(|m| newline_scan(black_box(m)))
                .sum::<usize>()
        });
    });
    group.bench_function(
        BenchmarkId::from_parameter("mail-parser parse_headers"),
        |b| {
            let parser = MessageParser::default();
            b.iter_batched(
                || (),
                |()| {
                    corpus
                        .iter()
                        .filter(|m| parser.parse_headers(black_box(&m[..])).is_some())
                        .count()
                },
                BatchSize::PerIteration,
            );
        },
    );
    group.bench_function(BenchmarkId::from_parameter("smarthop analyze"), |b| {
        b.iter(|| {
            corpus
                .iter()
                .map(|m| analyze(black_box(m), &expectation, catalogue).hops.len())
                .sum::<usize>()
        });
    });
    group.finish();
}

criterion_group!(benches, one_message, many_messages);
criterion_main!(benches);
