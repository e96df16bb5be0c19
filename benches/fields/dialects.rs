//! One field of each server family: a sample of its row.

/// A dialect's name and a field of it.
pub(crate) const FIELDS: &[(&str, &str)] = &[
    (
        "aliyun",
        "from 192.0.2.88(mailfrom:jane.doe@contoso.example fp:SMTPD_---0VxyOw0I_1685000000)\n          by smtp.aliyun-inc.com(10.147.41.120);\n          Thu, 25 May 2023 15:33:20 +0800",
    ),
    (
        "amavis",
        "from mx.example.net ([127.0.0.1])\n by localhost (mx.example.net [127.0.0.1]) (amavisd-new, port 10024)\n with ESMTP id dUeMPCWvyZPD for <recipient@example.net>;\n Mon,  5 Jun 2023 13:06:28 +0200 (CEST)",
    ),
    (
        "amazon_ses",
        "from mail.contoso.example (mail.contoso.example [203.0.113.12])\n by inbound-smtp.us-east-1.amazonaws.com with SMTP id abc0d1efg2hij3\n for recipient@example.net;\n Mon, 18 Sep 2023 22:29:59 +0000 (UTC)",
    ),
    (
        "aol",
        "from joe@example.com\n\tby imo-m03.mail.example.com (mail_out_v39.1.) id k.28.2ac3d4c0 (15900);\n\tThu, 8 Aug 2002 07:36:13 -0400 (EDT)",
    ),
    (
        "barracuda",
        "from mail.contoso.example (mail.contoso.example [203.0.113.8]) by\n mx-inbound11-22.us-east-2a.ess.aws.cudaops.barracudanetworks.com\n (version=TLSv1.2 cipher=ECDHE-RSA-AES128-GCM-SHA256 bits=128 verify=NO);\n Wed, 15 Jan 2025 12:01:40 +0000",
    ),
    (
        "brevo",
        "by smtp-relay.smtp.example.com with ESMTP id 12185513-794a-4762-b3ee-a4044d30975e; Tue Feb 28 2023 07:51:00 GMT+0000",
    ),
    (
        "cisco",
        "from mail.contoso.example (HELO out.contoso.example) ([203.0.113.30])\n  by ob1.hc489-80.eu.iphmx.com with ESMTP/TLS/ECDHE-RSA-AES256-GCM-SHA384; 26 May 2025 13:44:26 +0200",
    ),
    (
        "communigate",
        "from [203.0.113.9] (account joe@example.net HELO [192.0.2.10])\n  by mail.example.net (CommuniGate Pro SMTP 6.2.15)\n  with ESMTPSA id 88402416 for recipient@example.org; Mon, 04 Dec 2023 13:15:07 -0800",
    ),
    (
        "coremail",
        "from app.contoso.example (unknown [203.0.113.4])\n\tby smtp1 (Coremail) with SMTP id C8CowABnH8Zk3ZJl0WvFAA--.1234S2;\n\tMon, 01 Jan 2024 23:40:12 +0800 (CST)",
    ),
    (
        "courier",
        "from app01 (host.isp.example [::ffff:203.0.113.69])\n  (AUTH: CRAM-MD5 joe@example.net, TLS: TLS1.3,128bits,ECDHE_RSA_AES_128_GCM_SHA256)\n  by mail.example.net with ESMTPSA\n  id 00000000005DC0D6.0000000064EC6711.00003756; Mon, 28 Aug 2023 11:21:21 +0200",
    ),
    (
        "domino",
        "from mail.contoso.example ([203.0.113.34])\n          by notes.example.net (IBM Domino Release 9.0.1FP10)\n          with ESMTP id 2021010215584608-1459 ;\n          Sat, 2 Jan 2021 15:58:46 +0530",
    ),
    (
        "exchange",
        "from mail.contoso.example (203.0.113.75) by\n PA1PEPF000CC3F9.mail.protection.outlook.com (10.167.242.4) with Microsoft\n SMTP Server (version=TLS1_2, cipher=TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384) id\n 15.20.9542.4 via Frontend Transport; Sat, 17 Jan 2026 16:02:20 +0000",
    ),
    (
        "exchange_imc",
        "from mail.contoso.example (203.0.113.4 [203.0.113.4]) by srv.example.net\n with SMTP (Microsoft Exchange Internet Mail Service Version 5.5.2650.21)\n id QKN25DRB; Mon, 5 Aug 2002 18:02:07 -0300",
    ),
    (
        "exim",
        "from mail.contoso.example ([203.0.113.187])\n by mx.list.example with esmtps (TLS1.2:ECDHE_RSA_AES_256_GCM_SHA384:256)\n (Exim 4.90_1) (envelope-from <jane.doe@contoso.example>) id 1rl5e9-0000N0-VW\n for list@list.example; Fri, 15 Mar 2024 07:22:49 -0400",
    ),
    (
        "fortimail",
        "from mail.contoso.example (mail.contoso.example [203.0.113.8])\n\tby fortimail.example.net  with ESMTP id 3A5C1f2X012345-3A5C1f2Z012345\n\t(version=TLSv1.2 cipher=ECDHE-RSA-AES256-GCM-SHA384 bits=256 verify=NO)\n\tfor <recipient@example.net>; Wed, 15 Jan 2025 12:01:40 +0100",
    ),
    (
        "gmail",
        "from mail.contoso.example (mail.contoso.example. [203.0.113.187])\n        by mx.google.com with ESMTPS id e13si473474wrg.0.2022.01.11.01.02.12\n        for <recipient@example.net>\n        (version=TLS1_3 cipher=TLS_AES_256_GCM_SHA384 bits=256/256);\n        Tue, 11 Jan 2022 01:02:12 -0800 (PST)",
    ),
    (
        "groupwise",
        "from GWGC6-MTA by gc6.example.net\n\twith Novell_GroupWise; Tue, 30 Nov 2010 10:09:15 -0700",
    ),
    (
        "halon",
        "from mail.contoso.example (mail.contoso.example [203.0.113.22])\n by mx.list.example (Halon) with ESMTPS\n id 7b6a374b-d338-11ef-99a4-01e77a169b0f;\n Wed, 15 Jan 2025 13:01:42 +0100 (CET)",
    ),
    (
        "haraka",
        "from mail.contoso.example (mail.contoso.example [203.0.113.31])\n\tby mx.example.net (Haraka/3.0.3) with ESMTPS id 7B6A374B-D338-11EF-99A4.1\n\tenvelope-from <jane.doe@contoso.example>\n\t(cipher=TLS_AES_256_GCM_SHA384); Wed, 15 Jan 2025 13:01:42 +0100",
    ),
    (
        "icewarp",
        "from app01 ([203.0.113.21])\n        by mail.example.net (IceWarp 13.0.3.9 DEB9 x64) with ASMTP (SSL) id 202308211142000001\n        for <recipient@example.net>; Mon, 21 Aug 2023 11:42:00 +0200",
    ),
    (
        "icloud",
        "from app.contoso.example (host.isp.example [203.0.113.4]) by\n p00-icloudmta-asmtp-us-west-2a-100-percent-1.icloud.com with ESMTPSA id 1A2B3C;\n Mon, 01 Jan 2024 23:40:12 +0000 (UTC)",
    ),
    (
        "imail",
        "from mail.contoso.example [203.0.113.102] by mail.example.net with ESMTP\n  (SMTPD32-8.15) id A47AAD01DC; Thu, 06 Jun 2022 19:16:10 +0800",
    ),
    (
        "intermail",
        "from spinnaker ([203.0.113.6])\n          by fe01.example.net\n          (InterMail vM.8.01.05.02 201-2260-151-103-20110920) with ESMTP\n          id <20020919180238.RUXM977.fe01@spinnaker>; Thu, 19 Sep 2002 14:02:38 -0400",
    ),
    (
        "james",
        "from 203.0.113.16 (EHLO app01) ([203.0.113.16])\n          by mail.example.net (JAMES SMTP Server ) with ESMTPSA id 1234\n          for <recipient@example.net>;\n          Tue, 20 Feb 2024 09:26:17 +0000 (UTC)",
    ),
    (
        "kerio",
        "from mail.contoso.example ([203.0.113.16])\n\tby mail.example.net (Kerio Connect 9.4.2) with ESMTPS\n\t(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256 bits))\n\tfor recipient@example.net; Tue, 20 Feb 2024 09:26:17 +0100",
    ),
    (
        "kumomta",
        "from app01.contoso.example (192.0.2.31)\n  by mta.contoso.example (KumoMTA 198.51.100.9)\n  with ESMTPS (TLSv1_3:TLS_AES_256_GCM_SHA384) id 39f0c2d4e1a011ee8f2f0242ac120002\n  for <recipient@example.net>; Mon, 21 Aug 2023 09:12:44 +0000",
    ),
    (
        "kundenserver",
        "from client.contoso.example ([203.0.113.170]) by mrelayeu.kundenserver.de\n (mreue009 [212.227.15.167]) with ESMTPSA (Nemesis) id 1MTRdK-1qxOHH0d8K-00TpEb\n for <recipient@example.net>; Mon, 23 Oct 2023 10:12:44 +0200",
    ),
    (
        "lmtp",
        "from mx.example.net\n\tby store.example.net with LMTP\n\tid PyuMEbLBfWSyAg8AJNpUsQ\n\t(envelope-from <jane.doe@contoso.example>)\n\tfor <recipient@example.net>; Mon, 05 Jun 2023 11:06:26 +0000",
    ),
    (
        "mail_filters",
        "from exchange1.example.net (unverified) by mailgateway.example.net\n (Clearswift SMTPRS 5.1.7) with ESMTP id <T5cde81f695ac1d100407d@mailgateway.example.net>\n for <recipient@example.org>; Thu, 22 Aug 2002 13:14:10 +0100",
    ),
    (
        "mail_ru",
        "from app.contoso.example (unknown [203.0.113.4]) by mx12.mail.ru with ESMTP id 3xYzAb;\n Thu, 07 Jan 2021 16:13:20 +0300",
    ),
    (
        "mailchannels",
        "from server.contoso.example (server.contoso.example [203.0.113.162])\n\t(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384)\n\tby 100.96.18.43 (trex/5.9.12);\n\tFri, 17 Dec 2021 15:31:23 +0000",
    ),
    (
        "mailenable",
        "from app01 ([203.0.113.16]) by mail.example.net with MailEnable ESMTPA;\n Tue, 20 Feb 2024 09:26:17 -0500",
    ),
    (
        "mailgun",
        "from smtp.contoso.example (host.isp.example [203.0.113.171]) by\n smtp-out-n04.prod.us-west-2.postgun.com with SMTP id\n 5fdcfc203d3433393d993814 (version=TLS1.2,\n cipher=TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256); Fri, 18 Dec 2020 18:59:44\n GMT",
    ),
    (
        "mailing_lists",
        "by lists.example.net (bulk_mailer v1.13); Mon, 9 Sep 2002 14:18:11 -0700",
    ),
    (
        "mailjet",
        "from app.contoso.example (Unknown [203.0.113.4])\n\tby in.mailjet.com (Mailjet) with ESMTP id 4f8c9d;\n\tThu, 27 Feb 2025 14:29:23 +0000 (UTC)",
    ),
    (
        "mandrill",
        "from [203.0.113.201] by mandrillapp.com id\n 2b7afc3f0d0a4991a2d3cb57dfff2308; Wed, 15 Jan 2025 12:01:40 +0000",
    ),
    (
        "mdaemon",
        "from app01 [192.0.2.8] by mail.example.net [198.51.100.195]\n with ESMTP (MDaemon PRO v21.0.1) for <recipient@example.net>;\n Thu, 12 Sep 2022 19:22:49 -0500",
    ),
    (
        "mercury",
        "from app01 (203.0.113.21) by mail.example.net (Mercury/32 v4.80) ID MG000F77;\n    23 Aug 22 14:31:34 +0900",
    ),
    (
        "messagelabs",
        "from [203.0.113.201] (using TLSv1.2 with cipher DHE-RSA-AES256-GCM-SHA384 (256 bits))\n\tby server-2.bemta.az-b.eu-central-1.aws.symcld.net id 5A/F0-04030-76FF6054;\n\tWed, 13 Sep 2023 09:10:24 +0000",
    ),
    (
        "mimecast",
        "from exchange.contoso.example (static-10.isp.example [203.0.113.226])\n by relay.mimecast.com with ESMTP with STARTTLS (version=TLSv1.2,\n cipher=TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384) id\n za-mta-140-IHIEWF1LOE-ANzAJ2hOBpQ-6; Wed, 14 May 2025 06:48:10 +0200",
    ),
    (
        "momentum",
        "from [192.0.2.205] ([192.0.2.205:50387] helo=app.contoso.example)\n\tby m12.prod.contoso.example (envelope-from <a@contoso.example>)\n\t(ecelerity 4.2.38.62368 r(Core:4.2.38.4)) with ESMTP\n\tid 80/0A-02454-4DCB6054; Tue, 12 Sep 2023 09:57:40 -0400",
    ),
    (
        "obtuse",
        "from host.isp.example(203.0.113.27), claiming to be \"mail.contoso.example\"\n via SMTP by gw.example.net, id smtpd1PBsZT; Sun Nov 13 15:38:52 2005",
    ),
    (
        "opensmtpd",
        "from mail.contoso.example (mail.contoso.example [203.0.113.7])\n\tby mx.example.net (OpenSMTPD) with ESMTPS id 5db34e0d (TLSv1.3:TLS_AES_256_GCM_SHA384:256:NO)\n\tfor <recipient@example.net>;\n\tTue, 7 Apr 2020 01:38:29 -0600 (MDT)",
    ),
    (
        "oracle",
        "from app.contoso.example ([203.0.113.174])\n by omta.mail.example.net\n (Oracle Communications Messaging Server 8.1.0.1.20210428 64bit (built Apr 28\n 2021)) with ESMTPS id <0QTK001AIADMHQK@omta.mail.example.net> for\n recipient@example.net; Sun, 25 Jul 2021 17:35:06 -0700 (PDT)",
    ),
    (
        "postfix",
        "from mx.list.example (mx.list.example [203.0.113.19])\n\t(using TLSv1.2 with cipher ECDHE-RSA-AES256-GCM-SHA384 (256/256 bits))\n\t(Authenticated sender: jane.doe@contoso.example)\n\tby smtp.list.example (Postfix) with ESMTPSA id 992F91118C\n\tfor <list@list.example>; Fri, 27 Oct 2023 12:21:23 +0000 (UTC)",
    ),
    (
        "powermta",
        "from app01 (192.0.2.44) by mta4.contoso.example (PowerMTA v5.0r3)\n id hq5k3c0e97c8 for <recipient@example.net>; Thu, 18 Jul 2024 13:40:51 -0700\n (envelope-from <bounce-1@news.contoso.example>)",
    ),
    (
        "proofpoint",
        "from mail.contoso.example (mail.contoso.example [203.0.113.107])\n\tby mx0a-00128a01.pphosted.com (PPS) with ESMTPS id 3de4uyau7m-1\n\t(version=TLSv1.2 cipher=ECDHE-RSA-AES256-GCM-SHA384 bits=256 verify=NOT);\n\tFri, 07 Jan 2022 10:01:33 -0500",
    ),
    (
        "qmail",
        "from unknown (HELO output28.mail.ovh.net) (192.168.11.93)\n    by 192.168.1.2 with AES256-GCM-SHA384 encrypted SMTP; 28 Feb 2023 09:51:02 +0200",
    ),
    (
        "retrieval",
        "from pop.example.com [203.0.113.10]\n\tby laptop.example.net with IMAP (fetchmail-6.4.37)\n\tfor <joe@localhost> (single-drop); Tue, 13 Aug 2024 10:19:41 +0100 (IST)",
    ),
    (
        "sendgrid",
        "from MjA3NDc4Mg (unknown)\n\tby geopod-ismtpd-1 (SG) with ESMTP id 9m770onmSl6g1XQlfrzHTA\n\tfor <list@list.example>; Sat, 10 Oct 2020 22:27:28.137 +0000 (UTC)",
    ),
    (
        "sendmail",
        "from mail.contoso.example (mail.contoso.example [203.0.113.45])\n\tby mx.example.net (8.17.1/8.17.1) with ESMTPS id 30G7x1Qr012345\n\t(version=TLSv1.3 cipher=TLS_AES_256_GCM_SHA384 bits=256 verify=NOT)\n\tfor <recipient@example.net>; Mon, 16 Jan 2023 08:59:01 +0100",
    ),
    (
        "smail",
        "from mx6.example.com from [203.0.113.103] by mail5.example.net\n\t(/\\##/\\ Smail3.1.30.16 #30.56) with esmtp for <recipient@example.net> sender: <a@example.com>\n\tid <mP/17oq90-002OfmP@mail5.example.net>; Tue, 10 Sep 2002 13:53:50 -0500 (CDT)",
    ),
    (
        "smap",
        "from relay01.contoso.example(192.0.2.3) by gw.example.net via csmap (V6.0)\n\tid srcAAAIQaqS0; Mon, 22 Jul 02 16:02:21 +0100",
    ),
    (
        "socketlabs",
        "from mail.contoso.example (host.isp.example [203.0.113.55]) by r3.h.in.socketlabs.com\n        with ESMTP(version=Tls12 cipher=Aes256 bits=256); Mon, 18 Sep 2023 18:29:59 -0400",
    ),
    (
        "sophos",
        "from mail.contoso.example (203.0.113.8) by\n mf-inbound-eu-central-1.prod.hydra.sophos.com (Sophos PureMessage Version 4.4) with ESMTP id abc;\n Wed, 15 Jan 2025 12:01:40 +0000",
    ),
    (
        "stalwart",
        "from mail.contoso.example (mail.contoso.example. [203.0.113.208])\n\t(using TLSv1.3 with cipher TLS13_AES_256_GCM_SHA384)\n\tby mx.example.net (Stalwart SMTP) with ESMTPS id 41A2C80D73C;\n\tTue, 29 Aug 2023 16:20:12 +0000",
    ),
    (
        "tencent",
        "from app.contoso.example (unknown [203.0.113.4])\n\tby newxmesmtplogicsvrszc2.qq.com (NewEsmtp) with SMTP\n\tid 2F9A1B3C; Mon, 01 Jan 2024 23:40:12 +0800",
    ),
    (
        "trend_micro",
        "from mail.contoso.example (unknown [203.0.113.170])\n\tby repre01.tmes.trendmicro.eu (Trend Micro Email Security) with ESMTPS id B1A361000156A;\n\tWed, 13 Sep 2023 09:10:24 +0000 (UTC)",
    ),
    (
        "webmail",
        "from 192.0.2.199 (SquirrelMail authenticated user joe)\n by webmail.example.net with HTTP;\n Thu, 23 Sep 2021 14:35:29 -0600 (MDT)",
    ),
    (
        "xmail",
        "from mail.contoso.example (203.0.113.86:23198)\n\tby mx1.example.net with [XMail 1.20 ESMTP Server]\n\tid <S72E> for <recipient@example.net> from <bounce-1@contoso.example>;\n\tSat, 18 Sep 2004 23:17:54 -0500",
    ),
    (
        "yahoo",
        "from 203.0.113.91 (EHLO o1.em.contoso.example)\n by 10.253.230.181 with SMTPs\n (version=TLS1_2 cipher=TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256);\n Tue, 01 Mar 2022 10:15:24 +0000",
    ),
    (
        "yandex",
        "from mail.contoso.example (mail.contoso.example [203.0.113.12])\n\tby iva5-1a2b3c.qloud-c.yandex.net (smtp/Yandex) with ESMTPS id a1B2c3D4-aB12cD34;\n\tThu, 07 Jan 2021 16:13:20 +0300",
    ),
    (
        "zmailer",
        "from mx-out.contoso.example ([203.0.113.92]:33347 \"EHLO\n        mx-out.contoso.example\" rhost-flags-OK-OK-OK-OK)\n        by list.example with ESMTP id S1725268AbfFEEwW (ORCPT\n        <rfc822;list@list.example>); Wed, 5 Jun 2019 00:52:22 -0400",
    ),
    (
        "zoho",
        "from app.contoso.example (203.0.113.4 [203.0.113.4]) by mx.zohomail.com\n\twith SMTPS id 1610000000123456.78; Thu, 7 Jan 2021 05:13:20 -0800 (PST)",
    ),
];
