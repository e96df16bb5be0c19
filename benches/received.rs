//! Nanoseconds a trace field, one field of each dialect, beside mail-parser's `Received` parser on
//! the same fields in the same run.

#![allow(
    missing_docs,
    reason = "criterion's macros write undocumented functions"
)]

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

/// A family's name and a field of it, folded as the server folds it.
const FIELDS: &[(&str, &str)] = &[
    (
        "exchange",
        "from mail.contoso.example (203.0.113.75) by\r\n PA1PEPF000CC3F9.mail.protection.outlook.com (10.167.242.4) with Microsoft\r\n SMTP Server (version=TLS1_2, cipher=TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384) id\r\n 15.20.9542.4 via Frontend Transport; Sat, 17 Jan 2026 16:02:20 +0000\r\n",
    ),
    (
        "gmail",
        "from mail.contoso.example (mail.contoso.example. [203.0.113.187])\r\n        by mx.google.com with ESMTPS id e13si473474wrg.0.2022.01.11.01.02.12\r\n        for <recipient@example.net>\r\n        (version=TLS1_3 cipher=TLS_AES_256_GCM_SHA384 bits=256/256);\r\n        Tue, 11 Jan 2022 01:02:12 -0800 (PST)\r\n",
    ),
    (
        "postfix",
        "from mx.list.example (mx.list.example [203.0.113.19])\r\n\t(using TLSv1.2 with cipher ECDHE-RSA-AES256-GCM-SHA384 (256/256 bits))\r\n\t(No client certificate requested)\r\n\tby smtp.list.example (Postfix) with ESMTPS id 992F91118C\r\n\tfor <list@list.example>; Fri, 27 Oct 2023 12:21:23 +0000 (UTC)\r\n",
    ),
    (
        "exim",
        "from mail.contoso.example ([203.0.113.187])\r\n by mx.list.example with esmtps (TLS1.2:ECDHE_RSA_AES_256_GCM_SHA384:256)\r\n (Exim 4.90_1) (envelope-from <jane.doe@contoso.example>) id 1rl5e9-0000N0-VW\r\n for list@list.example; Fri, 15 Mar 2024 07:22:49 -0400\r\n",
    ),
    (
        "sendmail",
        "from mail.contoso.example (mail.contoso.example [203.0.113.45])\r\n\tby mx.example.net (8.17.1/8.17.1) with ESMTPS id 30G7x1Qr012345\r\n\t(version=TLSv1.3 cipher=TLS_AES_256_GCM_SHA384 bits=256 verify=NOT)\r\n\tfor <recipient@example.net>; Mon, 16 Jan 2023 08:59:01 +0100\r\n",
    ),
    (
        "qmail",
        "from unknown (HELO output28.mail.ovh.net) (192.168.11.93)\r\n    by 192.168.1.2 with AES256-GCM-SHA384 encrypted SMTP; 28 Feb 2023 09:51:02 +0200\r\n",
    ),
    (
        "amavis",
        "from mx.example.net ([127.0.0.1])\r\n by localhost (mx.example.net [127.0.0.1]) (amavisd-new, port 10024)\r\n with ESMTP id dUeMPCWvyZPD for <recipient@example.net>;\r\n Mon,  5 Jun 2023 13:06:28 +0200 (CEST)\r\n",
    ),
    (
        "sendgrid",
        "by filterdrecv-p3mdw1-6685f47d68-78qj6 with SMTP id filterdrecv-p3mdw1-6685f47d68-78qj6-18-5F823550-11\r\n        2020-10-10 22:27:28.209801416 +0000 UTC m=+258684.658973014\r\n",
    ),
    (
        "powermta",
        "from app01 (192.0.2.44) by mta4.contoso.example (PowerMTA v5.0r3)\r\n id hq5k3c0e97c8 for <recipient@example.net>; Thu, 18 Jul 2024 13:40:51 -0700\r\n (envelope-from <bounce-1@news.contoso.example>)\r\n",
    ),
    (
        "lmtp",
        "from mx.example.net\r\n\tby store.example.net with LMTP\r\n\tid PyuMEbLBfWSyAg8AJNpUsQ\r\n\t(envelope-from <jane.doe@contoso.example>)\r\n\tfor <recipient@example.net>; Mon, 05 Jun 2023 11:06:26 +0000\r\n",
    ),
    (
        "generic",
        "from a.example.com (192.0.2.3) by b.example.net with ESMTP id 12345\r\n for <recipient@example.net>; Tue, 19 Dec 2023 10:00:00 +0000\r\n",
    ),
];

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
