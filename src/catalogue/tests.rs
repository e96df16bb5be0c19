#![expect(clippy::unwrap_used, reason = "tests")]

use super::*;

fn entry(id: &str) -> &'static Provider {
    Catalogue::builtin().provider(id).unwrap()
}

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

fn id(provider: Option<&Provider>) -> Option<&str> {
    provider.map(|provider| &*provider.id)
}

#[test]
fn entries_are_sorted_and_valid() {
    let catalogue = Catalogue::builtin();
    let ids: Vec<_> = catalogue
        .providers()
        .map(|provider| &*provider.id)
        .collect();
    assert!(ids.is_sorted_by(|a, b| a < b), "{ids:?}");
    for provider in catalogue.providers() {
        assert_eq!(provider.check(), Ok(()));
        assert_eq!(id(catalogue.provider(&provider.id)), Some(&*provider.id));
    }
    let platforms: Vec<_> = catalogue
        .platforms()
        .map(|provider| &*provider.id)
        .collect();
    assert_eq!(platforms, ["microsoft-365", "ovhcloud"]);
    assert_eq!(catalogue.version(), "2026-11-25");
}

#[test]
fn inner_hops_of_receivers_are_covered() {
    let microsoft = entry("microsoft-365");
    for address in [
        "2603:10b6:8:202::21",
        "2603:10a6:20b:498::21",
        "2603:10a6:20b:498:cafe::90",
        "2603:10b6:a03:2d5::7",
        "2603:1096:400:2b::1",
        "2603:1026:c01::1",
    ] {
        assert!(
            microsoft.receiving_network_contains(ip(address)),
            "{address}"
        );
        assert!(
            microsoft.network_exclusive_contains(ip(address)).is_none(),
            "{address}"
        );
    }
    // Azure customers.
    assert!(!microsoft.receiving_network_contains(ip("2603:1020:201::1")));
    let catalogue = Catalogue::builtin();
    for (by, receiver) in [
        (
            "AMS0EPF00000190.mail.protection.outlook.com",
            "microsoft-365",
        ),
        ("AS9PR05CA0106.outlook.office365.com", "microsoft-365"),
        ("DM4PR19MB6391.namprd19.prod.outlook.com", "microsoft-365"),
        ("GV3P280CA0110.SWEP280.PROD.OUTLOOK.COM", "microsoft-365"),
        (
            "DUZPR01CA0006.eurprd01.prod.exchangelabs.com",
            "microsoft-365",
        ),
        (
            "HE1EUR04FT004.eop-eur04.prod.protection.outlook.com",
            "microsoft-365",
        ),
        ("2603:10b6:8:202::21", "microsoft-365"),
        ("mx.google.com", "google"),
        ("gmr-mx.google.com.", "google"),
        ("2002:a05:6830:12::1", "google"),
        ("in31.mail.ovh.net", "ovhcloud"),
        ("vr104.cloud.mail.ovh.net", "ovhcloud"),
        ("out34.mail.ovh.net", "ovhcloud"),
        ("DAG2EX2.mxp1.local", "ovhcloud"),
        ("mxplan1.mail.ovh.net", "ovhcloud"),
    ] {
        assert_eq!(id(catalogue.receiver_of(by)), Some(receiver), "{by}");
    }
    for by in [
        "mx.example.com",
        "mx.google.com.example.net",
        "xmx.google.com",
        "in31.mail.ovh.net.example.net",
        "in.mail.ovh.net",
        "inx31.mail.ovh.net",
        "mail-sor-f41.google.com",
        "mo561.mail-out.ovh.net",
        "EX1.employees.local",
        "mail.protection.outlook.com",
        "203.0.113.4",
        "",
    ] {
        assert_eq!(id(catalogue.receiver_of(by)), None, "{by}");
    }
    assert_eq!(
        id(catalogue.platform_of_border_stamp("in31.mail.ovh.net")),
        Some("ovhcloud")
    );
    assert_eq!(
        id(catalogue.platform_of_border_stamp("vr31.mail.ovh.net")),
        None
    );
    assert!(entry("google").writes_results_below("mx.google.com"));
    // Google Groups writes Received-SPF there, and nothing else.
    assert!(!entry("google").writes_results_below("gmr-mx.google.com"));
    assert!(microsoft.receiving.results_below_border.is_empty());
    assert!(entry("google").is_authserv_id("gmr-mx.google.com"));
}

/// Submission names as users configure them, each with its provider.
const SMART_HOSTS: &[(&str, &str)] = &[
    ("smtp-relay.brevo.com", "brevo"),
    ("SMTP-Relay.SendinBlue.com.", "brevo"),
    ("smtp-relay.mailin.fr", "brevo"),
    ("email-smtp.eu-west-1.amazonaws.com", "amazon-ses"),
    ("email-smtp-fips.us-east-1.amazonaws.com", "amazon-ses"),
    ("smtp.sendgrid.net", "sendgrid"),
    ("smtp.eu.sendgrid.net", "sendgrid"),
    ("smtp.mailgun.org", "mailgun"),
    ("smtp.eu.mailgun.org", "mailgun"),
    ("in-v3.mailjet.com", "mailjet"),
    ("smtp.mandrillapp.com", "mandrill"),
    ("smtp.postmarkapp.com", "postmark"),
    ("smtp-broadcasts.postmarkapp.com", "postmark"),
    ("smtp.sparkpostmail.com", "sparkpost"),
    ("smtp.eu.sparkpostmail.com", "sparkpost"),
    ("mail.smtp2go.com", "smtp2go"),
    ("mail-eu.smtp2go.com", "smtp2go"),
    ("smtp.gmail.com", "google"),
    ("smtp-relay.gmail.com", "google"),
    ("smtp.office365.com", "microsoft-365"),
    ("contoso-com.mail.protection.outlook.com", "microsoft-365"),
    ("ssl0.ovh.net", "ovhcloud"),
    ("smtp.mail.ovh.net", "ovhcloud"),
    ("pro1.mail.ovh.net", "ovhcloud"),
    ("ex4.mail.ovh.net", "ovhcloud"),
    ("mx0a-00123456.pphosted.com", "proofpoint"),
    ("outbound-us1.ppe-hosted.com", "proofpoint-essentials"),
    ("eu-smtp-outbound-1.mimecast.com", "mimecast"),
    ("za-smtp-outbound-1.mimecast.co.za", "mimecast"),
    ("d123456.o.ess.barracudanetworks.com", "barracuda"),
    ("d123456.o.ess.de.barracudanetworks.com", "barracuda"),
    ("ob1.hc123-45.eu.iphmx.com", "cisco"),
    ("relay-eu-central-1.prod.hydra.sophos.com", "sophos"),
    ("cluster5out.eu.messagelabs.com", "messagelabs"),
    ("contoso.relay.tmes.trendmicro.eu", "trend-micro"),
    ("relay-cluster-eu01.hornetsecurity.com", "hornetsecurity"),
    ("smtp.zoho.com", "zoho"),
    ("smtppro.zoho.eu", "zoho"),
    ("smtp.zeptomail.in", "zoho"),
    ("smtp.zoho.com.au", "zoho"),
    ("smtp.elasticemail.com", "elastic-email"),
    ("smtp.socketlabs.com", "socketlabs"),
    ("smtp.email.eu-frankfurt-1.oci.oraclecloud.com", "oracle"),
    ("mail.infomaniak.com", "infomaniak"),
    ("mail.gandi.net", "gandi"),
    ("smtp.ionos.fr", "ionos"),
    ("mail.gmx.net", "gmx"),
    ("mail.mailo.com", "mailo"),
    ("smtp.mailchannels.net", "mailchannels"),
    ("smtp.azurecomm.net", "microsoft-365"),
    ("contoso-com.mail.protection.office365.us", "microsoft-365"),
    ("smtp.resend.com", "amazon-ses"),
    ("smtp.fastmail.com", "fastmail"),
    ("smtp.yandex.com", "yandex"),
    ("smtp.mail.me.com", "icloud"),
    ("smtp.protonmail.ch", "proton"),
    ("smtp.aol.com", "yahoo"),
    ("smtp.mail.ru", "mail-ru"),
    ("smtp.mailbox.org", "mailbox-org"),
    ("posteo.de", "posteo"),
    ("smtp.strato.de", "strato"),
    ("smtp.transip.email", "transip"),
    ("asmtp.mail.hostpoint.ch", "hostpoint"),
    ("send.one.com", "one-com"),
    ("secure.emailsrvr.com", "rackspace"),
    ("smtp.kpnmail.nl", "kpn"),
    ("smtp.orange.fr", "orange"),
    ("smtp.free.fr", "free"),
    ("smtp.seznam.cz", "seznam"),
    ("smtp.wp.pl", "wp"),
    ("poczta.interia.pl", "interia"),
    ("smtp.poczta.onet.pl", "onet"),
    ("smtps.aruba.it", "aruba"),
    ("authsmtp.securemail.pro", "register-it"),
    ("smtp.libero.it", "libero"),
    ("smtp.mailersend.net", "mailersend"),
    ("smtp.web.de", "gmx"),
];

/// Hosts that handed mail over in real headers, each with its provider.
const EGRESS: &[(&str, &str)] = &[
    ("ab.d.sender-sib.com", "brevo"),
    ("xy.d.mailin.fr", "brevo"),
    ("a11-10.smtp-out.amazonses.com", "amazon-ses"),
    ("a4-5.smtp-out.eu-west-1.amazonses.com", "amazon-ses"),
    ("xtrwkxkp.outbound-mail.sendgrid.net", "sendgrid"),
    ("o1-2-3-4.outbound-mail.sendgrid.net", "sendgrid"),
    ("m42-7.eu.mailgun.net", "mailgun"),
    ("rs12.mailgun.us", "mailgun"),
    ("mail5.static.mailgun.info", "mailgun"),
    ("o36.p38.mailjet.com", "mailjet"),
    ("mail132-22.atl131.mandrillapp.com", "mandrill"),
    ("mail8.mcsignup.com", "mandrill"),
    ("mail111.sea21.rsgsv.net", "mailchimp"),
    ("mta211a-ord.mtasv.net", "postmark"),
    ("mta13-ab1.mtasv.net", "postmark"),
    ("mta-81-55.sparkpostmail.com", "sparkpost"),
    ("e2i123.smtp2go.com", "smtp2go"),
    ("mail-oo1-f71.google.com.", "google"),
    ("mail-sor-f41.google.com", "google"),
    ("mx0a-00123456.pphosted.com", "proofpoint"),
    ("dispatch1-us1.ppe-hosted.com", "proofpoint-essentials"),
    ("us-smtp-delivery-1.mimecast.com", "mimecast"),
    ("us-smtp-1.mimecast.com", "mimecast"),
    ("outbound-ip12a.ess.barracuda.com", "barracuda"),
    ("esa.hc489-80.eu.iphmx.com", "cisco"),
    ("ix-euc1.prod.hydra.sophos.com", "sophos"),
    ("mail1.bemta31.messagelabs.com", "messagelabs"),
    ("repost01.tmes.trendmicro.eu", "trend-micro"),
    ("mx-relay76-hz1.antispameurope.com", "hornetsecurity"),
    ("sender199.eu.transmail.net", "zoho"),
    ("system9.eu.zeptomail.net", "zoho"),
    ("mail1019.elasticemail.info", "elastic-email"),
    ("s1-abcd.socketlabs.email-od.com", "socketlabs"),
    ("xx12.mta.exacttarget.com", "salesforce"),
    ("smtp-02abcdef.core1.mta.salesforce.com", "salesforce"),
    ("adg154cb8.iad1.oracleemaildelivery.com", "oracle"),
    ("smtp-42a8.mail.infomaniak.ch", "infomaniak"),
    ("relay5-d.mail.gandi.net", "gandi"),
    ("mout.kundenserver.de", "ionos"),
    ("mout.perfora.net", "ionos"),
    ("mout.gmx.net", "gmx"),
    ("msg-1.mailo.com", "mailo"),
    ("bird.relay.mailchannels.net", "mailchannels"),
    ("7.mo561.mail-out.ovh.net", "ovhcloud"),
    ("smtpout11.r2.mail-out.ovh.net", "ovhcloud"),
    (
        "NAM10-MW2-obe.outbound.protection.outlook.com",
        "microsoft-365",
    ),
    (
        "HK2PR02CU002.outbound.protection.outlook.com",
        "microsoft-365",
    ),
    (
        "mail-northeuropeazlp17011030.outbound.protection.outlook.com",
        "microsoft-365",
    ),
    ("x.outbound.protection.partner.outlook.cn", "microsoft-365"),
    (
        "USG02-BN3-obe.outbound.protection.office365.us",
        "microsoft-365",
    ),
    ("fhigh-a5-smtp.messagingengine.com", "fastmail"),
    ("wout3-smtp.messagingengine.com", "fastmail"),
    ("forward501d.mail.yandex.net", "yandex"),
    ("forwardcorp1b.mail.yandex.net", "yandex"),
    ("pv50p00im-asmtp001.me.com", "icloud"),
    ("outbound.pv.icloud.com", "icloud"),
    ("mail-40133.protonmail.ch", "proton"),
    ("sonic310-21.consmr.mail.ir2.yahoo.com", "yahoo"),
    ("smtp61.i.mail.ru", "mail-ru"),
    ("mout-p-201.mailbox.org", "mailbox-org"),
    ("mout01.posteo.de", "posteo"),
    ("mo4-p01-ob.smtp.rzone.de", "strato"),
    ("outbound5.mail.transip.nl", "transip"),
    ("p-east1-cluster6-host3-snip4-10.eps.apple.com", "icloud"),
    ("ci-2005f-snip4-4.eps.apple.com", "icloud"),
    ("mxout012.mail.hostpoint.ch", "hostpoint"),
    ("mailrelay3-1.pub.mailoutpod2-cph3.one.com", "one-com"),
    ("smtp106.ord1c.emailsrvr.com", "rackspace"),
    ("ewsoutbound.kpnmail.nl", "kpn"),
    ("smtp-16.smtpout.orange.fr", "orange"),
    ("smtp3-g21.free.fr", "free"),
    ("mxb-1-abc.seznam.cz", "seznam"),
    ("mx3.wp.pl", "wp"),
    ("smtpo95.interia.pl", "interia"),
    ("smtpo57.poczta.onet.pl", "onet"),
    ("smtpcmd12345.aruba.it", "aruba"),
    ("authsmtp10.register.it", "register-it"),
    ("smtp-31-i2.italiaonline.it", "libero"),
    ("mail123.mailersend.net", "mailersend"),
    ("mailer12.gate345.rs.smtp.com", "smtp-com"),
    ("phan-van4.scw-tem.cloud", "scaleway"),
    ("omta38.uswest2.a.cloudfilter.net", "cloudfilter"),
    ("out12-34.antispamcloud.com", "spamexperts"),
    ("i-abc.email.cloudflare.net", "cloudflare"),
    ("mail-200162.simplelogin.co", "simplelogin"),
    ("mail12.mxb.infra.improvmx.com", "improvmx"),
    ("mslow1.mail.gandi.net", "gandi"),
];

#[test]
fn submission_names_tell_their_provider() {
    let catalogue = Catalogue::builtin();
    for (name, provider) in SMART_HOSTS {
        assert_eq!(id(catalogue.of_smart_host(name)), Some(*provider), "{name}");
        let claims: Vec<_> = catalogue
            .providers()
            .filter(|p| p.is_smart_host(name))
            .map(|p| &*p.id)
            .collect();
        assert_eq!(claims, [*provider], "{name}");
    }
    assert_eq!(id(catalogue.of_smart_host("smtp-relay.example.com")), None);
    assert_eq!(
        id(catalogue.of_smart_host("smtp-relay.brevo.com.example.net")),
        None
    );
}

#[test]
fn real_hosts_belong_to_exactly_one_provider() {
    let catalogue = Catalogue::builtin();
    for (name, provider) in EGRESS {
        let claims: Vec<_> = catalogue
            .providers()
            .filter(|p| p.egress_matches(name))
            .map(|p| &*p.id)
            .collect();
        assert_eq!(claims, [*provider], "{name}");
        assert_eq!(id(catalogue.of_egress(name)), Some(*provider), "{name}");
    }
    // Whoever hands over somewhere in the tables is a provider with a test.
    for provider in catalogue
        .providers()
        .filter(|provider| !provider.egress.is_empty())
    {
        assert!(
            EGRESS.iter().any(|(_, id)| *id == provider.id),
            "{} has no host",
            provider.id
        );
    }
}

#[test]
fn egress_patterns_of_two_providers_never_meet() {
    let providers: Vec<_> = Catalogue::builtin().providers().collect();
    for one in &providers {
        for pattern in one.egress.iter() {
            // The name that a pattern describes with each sign taken plainly.
            let name = pattern.as_str().replace('#', "7").replace('*', "x");
            assert!(pattern.matches(&name), "{name}");
            for other in providers.iter().filter(|other| other.id != one.id) {
                assert!(
                    !other.egress_matches(&name),
                    "{name}: {} and {}",
                    one.id,
                    other.id
                );
            }
        }
    }
}

#[test]
fn what_is_no_mail_service_hands_nothing_over() {
    for name in [
        "vps-1a2b3c4d.vps.ovh.net",
        "ns123.ip-51-68-1.eu",
        "ip5.ip-51-68-1.eu",
        "ec2-203-0-113-5.compute-1.amazonaws.com",
        "ec2-203-0-113-5.eu-west-1.compute.amazonaws.com",
        "mx.google.com",
        "gmr-mx.google.com",
        "203-0-113-5.bc.googleusercontent.com",
        "in31.mail.ovh.net",
        "vr35.mail.ovh.net",
        "output34.mail.ovh.net",
        "mx1.mail.ovh.net",
        "mxb.ovh.net",
        "ex4.mail.ovh.net",
        "DAG2EX1.indiv5.local",
        "contoso-com.mail.protection.outlook.com",
        "DM6PR14MB2698.namprd14.prod.outlook.com",
        "mail-out.ovh.net.example.net",
        "xmail-out.ovh.net",
        "outbound.protection.outlook.com.example.net",
        "amazonses.com",
        "us-smtp-inbound-1.mimecast.com",
        "us-smtp-inbound-delivery-1.mimecast.com",
        "mx-gate76-hz1.antispameurope.com",
        "mail.example.com",
        "",
    ] {
        assert_eq!(id(Catalogue::builtin().of_egress(name)), None, "{name}");
    }
    assert!(entry("ovhcloud").is_not_platform("vps-1a2b3c4d.vps.ovh.net"));
    assert!(entry("ovhcloud").is_not_platform("ns123.ip-51-68-1.eu"));
    assert!(entry("amazon-ses").is_not_platform("ec2-203-0-113-5.compute-1.amazonaws.com"));
    assert!(entry("infomaniak").delivers_inbound("smtp-3-9001.mail.infomaniak.ch"));
    assert!(entry("mimecast").delivers_inbound("us-smtp-inbound-delivery-1.mimecast.com"));
}

#[test]
fn only_networks_of_one_provider_identify() {
    let catalogue = Catalogue::builtin();
    let of = |address: &str| {
        catalogue
            .of_network(ip(address))
            .map(|hit| &*hit.provider.id)
    };
    assert_eq!(of("40.107.94.120"), Some("microsoft-365"));
    assert_eq!(of("::ffff:40.107.94.120"), Some("microsoft-365"));
    assert_eq!(
        of("40.95.1.1"),
        Some("microsoft-365"),
        "the relay pool is documented"
    );
    assert_eq!(of("209.85.220.41"), Some("google"));
    assert_eq!(of("54.240.8.20"), Some("amazon-ses"));
    assert_eq!(of("77.32.148.10"), Some("brevo"));
    assert_eq!(of("149.72.1.1"), Some("sendgrid"));
    // Shared, of unknown use, withdrawn, or only remembered.
    assert_eq!(of("87.253.233.1"), None, "Mailgun and Mailjet");
    assert_eq!(of("148.163.129.52"), None, "Proofpoint and Essentials");
    assert_eq!(of("212.227.126.130"), None, "IONOS and GMX");
    assert_eq!(of("148.105.8.1"), None, "Mailchimp and Mandrill");
    assert_eq!(of("139.219.146.1"), None, "Office 365 in China");
    assert_eq!(of("46.105.33.25"), None, "OVHcloud publishes names");
    assert_eq!(of("51.4.72.1"), None, "withdrawn");
    assert_eq!(of("142.0.186.100"), None, "no source");
    assert_eq!(of("203.0.113.5"), None);

    let hit = entry("mailgun")
        .network_contains(ip("87.253.233.1"))
        .unwrap();
    assert!(!hit.from.exclusive);
    assert_eq!(hit.network.to_string(), "87.253.232.0/21");

    // No address is two providers' own.
    let networks: Vec<_> = catalogue
        .providers()
        .flat_map(|provider| {
            provider
                .networks
                .iter()
                .map(move |networks| (provider, networks))
        })
        .filter(|(_, networks)| networks.exclusive && !networks.withdrawn)
        .flat_map(|(provider, networks)| networks.cidrs.iter().map(move |cidr| (provider, cidr)))
        .collect();
    for (provider, cidr) in &networks {
        for (other, wider) in &networks {
            let apart = provider.id == other.id || !wider.contains(*cidr);
            assert!(
                apart,
                "{cidr} of {} is in {wider} of {}",
                provider.id, other.id
            );
        }
    }
    assert!(networks.len() > 300, "{}", networks.len());
}

#[test]
fn every_network_names_its_source() {
    for provider in Catalogue::builtin().providers() {
        for networks in provider
            .networks
            .iter()
            .chain(provider.receiving.networks.iter())
        {
            assert!(
                !networks.source.is_empty() && !networks.cidrs.is_empty(),
                "{}",
                provider.id
            );
        }
        assert!(!provider.sources.is_empty(), "{}", provider.id);
        assert!(provider.date.is_some(), "{}", provider.id);
    }
}

#[test]
fn a_customer_s_label_stands_in_the_host_s_name() {
    for (provider, name, label) in [
        ("proofpoint", "mx0a-00aaaa01.pphosted.com", Some("00aaaa01")),
        (
            "proofpoint",
            "MX0B-00AAAA01.PPHOSTED.COM.",
            Some("00AAAA01"),
        ),
        ("proofpoint", "mx01-contoso.gpphosted.com", Some("contoso")),
        ("cisco", "esa1.hc123-45.iphmx.com", Some("hc123-45")),
        ("cisco", "esa.hc123-45.eu.iphmx.com", Some("hc123-45")),
        ("cisco", "ob1.hc123-45.c3s2.iphmx.com", Some("hc123-45")),
        ("cisco", "esa2.contoso.iphmx.com", Some("contoso")),
        ("proofpoint", "m0123456.ppops.net", None),
        ("proofpoint", "mx0a-00aaaa01.pphosted.com.example.net", None),
        ("proofpoint", "mx0a-00aaaa01.xpphosted.com", None),
        ("proofpoint", "mx0a-00aaaa01.x.pphosted.com", None),
        ("proofpoint", "mx0a-00aaaa01.example.com", None),
        ("cisco", "esa1.hc123-45.iphmx.com.example.net", None),
        ("cisco", "esa1.iphmx.com", None),
        ("cisco", "esa1.hc123-45.a.b.iphmx.com", None),
        // A number of a route that some customers share.
        ("mimecast", "us-smtp-delivery-124.mimecast.com", None),
        ("brevo", "ab.d.sender-sib.com", None),
    ] {
        assert_eq!(entry(provider).label(name), label, "{name}");
    }
}

#[test]
fn a_direction_stands_in_few_names() {
    for (provider, name, sends, delivers) in [
        (
            "barracuda",
            "mx-outbound12-34.us-east-2a.ess.aws.cudaops.com",
            true,
            false,
        ),
        (
            "barracuda",
            "mx-inbound12-34.us-east-2a.ess.aws.cudaops.com",
            false,
            true,
        ),
        // Both directions leave by it.
        (
            "barracuda",
            "outbound-ip12a.ess.barracuda.com",
            false,
            false,
        ),
        ("mimecast", "us-smtp-delivery-1.mimecast.com", true, false),
        (
            "mimecast",
            "us-smtp-inbound-delivery-1.mimecast.com",
            false,
            true,
        ),
        ("mimecast", "us-smtp-1.mimecast.com", false, false),
        (
            "mimecast",
            "us-smtp-delivery-1.mimecast.com.example.net",
            false,
            false,
        ),
        (
            "mimecast",
            "us-smtp-delivery-1.mimecast.example",
            false,
            false,
        ),
        (
            "hornetsecurity",
            "mx-gate76-hz1.antispameurope.com",
            false,
            false,
        ),
        ("proofpoint", "mx0a-00aaaa01.pphosted.com", false, false),
        (
            "proofpoint-essentials",
            "dispatch1-us1.ppe-hosted.com",
            false,
            false,
        ),
        (
            "sophos",
            "mf-outbound-eu-central-1.prod.hydra.sophos.com",
            true,
            false,
        ),
        ("spamexperts", "out12-34.antispamcloud.com", true, false),
        (
            "spamexperts",
            "out12-34.antispamcloud.com.example.net",
            false,
            false,
        ),
    ] {
        let provider = entry(provider);
        assert_eq!(provider.only_sends(name), sends, "{name}");
        assert_eq!(provider.delivers_inbound(name), delivers, "{name}");
    }
}

#[test]
fn a_complete_list_says_who_says_so() {
    let catalogue = Catalogue::builtin();
    for id in [
        "microsoft-365",
        "google",
        "amazon-ses",
        "sendgrid",
        "mailgun",
        "postmark",
        "mailchannels",
        "proton",
        "mailbox-org",
    ] {
        let provider = entry(id);
        assert!(
            provider.egress_is_complete() && provider.networks_are_complete(),
            "{id}"
        );
    }
    // By name only.
    assert!(entry("ovhcloud").egress_is_complete());
    assert!(!entry("ovhcloud").networks_are_complete());
    for id in [
        "brevo",
        "mailjet",
        "mandrill",
        "sparkpost",
        "elastic-email",
        "smtp2go",
        "oracle",
        "yandex",
    ] {
        let provider = entry(id);
        assert!(
            !provider.egress_is_complete() && !provider.networks_are_complete(),
            "{id}"
        );
    }
    for provider in catalogue.providers() {
        // Without a network nothing could be outside.
        assert!(
            !provider.networks_are_complete() || provider.networks.iter().any(|n| !n.withdrawn),
            "{}",
            provider.id
        );
        // Where customers can set the HELO, it is nobody's own word.
        let mut networks = provider.networks.iter().flat_map(|n| n.cidrs.iter());
        assert!(
            !networks
                .any(|cidr| provider.customers_set_helo && provider.helo_is_its_own(cidr.addr())),
            "{}",
            provider.id
        );
    }
}

#[test]
fn a_helo_is_its_own_word_only_in_its_own_networks() {
    let text = "id = \"x\"\nname = \"X\"\ncustomers-set-helo = false\n\
                [[networks]]\ncidrs = [\"192.0.2.0/24\"]\nkind = \"local\"\nsource = \"s\"\nexclusive = true\n\
                [[networks]]\ncidrs = [\"198.51.100.0/24\"]\nkind = \"local\"\nsource = \"s\"\n";
    let catalogue = Catalogue::with_overrides(text).unwrap();
    let provider = catalogue.provider("x").unwrap();
    assert!(provider.helo_is_its_own(ip("192.0.2.7")));
    assert!(!provider.helo_is_its_own(ip("198.51.100.7")));
    assert!(!provider.helo_is_its_own(ip("203.0.113.7")));
    let text = text.replace("customers-set-helo = false\n", "");
    let catalogue = Catalogue::with_overrides(&text).unwrap();
    assert!(
        !catalogue
            .provider("x")
            .unwrap()
            .helo_is_its_own(ip("192.0.2.7"))
    );
}

#[test]
fn consumers_are_not_the_platform() {
    let microsoft = entry("microsoft-365");
    let name = "mail-db8eur05olkn2012.outbound.protection.outlook.com";
    assert!(microsoft.is_consumers(Some(name), None));
    assert!(microsoft.is_consumers(None, Some(ip("40.92.90.12"))));
    assert!(microsoft.is_consumers(None, Some(ip("::ffff:40.92.90.12"))));
    for (name, address) in [
        (
            "DU2PR03CU002.outbound.protection.outlook.com",
            "40.93.64.30",
        ),
        (
            "mail-northeuropeazlp17011030.outbound.protection.outlook.com",
            "52.101.1.1",
        ),
        ("olkn.example.com", "203.0.113.5"),
    ] {
        assert!(
            !microsoft.is_consumers(Some(name), None),
            "{name} {address}"
        );
    }
    assert!(entry("google").is_consumers(Some("smtp.gmail.com"), None));
    assert!(!entry("google").is_consumers(Some("smtp-relay.gmail.com"), None));

    let catalogue = Catalogue::builtin();
    for (domain, provider) in [
        ("gmail.com", Some("google")),
        ("Hotmail.Co.UK", Some("microsoft-365")),
        ("web.de", Some("gmx")),
        ("icloud.com", Some("icloud")),
        ("contoso.example", None),
        ("mail.gmail.com", None),
        ("gmail.com.example.net", None),
    ] {
        assert_eq!(
            id(catalogue.of_consumer_domain(domain)),
            provider,
            "{domain}"
        );
    }
    assert!(catalogue.is_routing_domain("contoso.onmicrosoft.com"));
    assert!(catalogue.is_routing_domain("contoso.mail.onmicrosoft.com"));
    assert!(catalogue.is_routing_domain("contoso.example.test-google-a.com"));
    assert!(!catalogue.is_routing_domain("onmicrosoft.com.example.net"));
    assert!(!catalogue.is_routing_domain("contoso.example"));
}

#[test]
fn names_of_one_service_belong_together() {
    let ovh = entry("ovhcloud");
    let service = ovh.service_of("ssl0.ovh.net").unwrap();
    assert!(service.customers_only);
    assert_eq!(ovh.service_of("smtp.mail.ovh.net"), Some(service));
    assert_eq!(ovh.service_of("ex4.mail.ovh.net"), None);
    assert!(ovh.takes_only_own_users("player792.ha.ovh.net"));
    assert!(ovh.takes_only_own_users("ghost-submission-6684bf9d7b-fknqs"));
    assert!(
        !ovh.takes_only_own_users("ex4.mail.ovh.net"),
        "mail from outside arrives there"
    );
    assert!(!ovh.takes_only_own_users("in31.mail.ovh.net"));
    let google = entry("google");
    assert_ne!(
        google.service_of("smtp.gmail.com"),
        google.service_of("smtp-relay.gmail.com")
    );
    assert!(!google.takes_only_own_users("mx.google.com"));
    assert!(
        !entry("microsoft-365").takes_only_own_users("contoso-com.mail.protection.outlook.com")
    );
    // Whoever is a mail exchanger of anybody takes foreign mail.
    for provider in Catalogue::builtin().providers() {
        for service in provider
            .services
            .iter()
            .filter(|s| s.accepts_only_own_users)
        {
            for pattern in service.names.iter() {
                let name = pattern.as_str().replace('#', "7").replace('*', "x");
                assert!(!provider.is_border_stamp(&name), "{name}");
            }
        }
    }
}

#[test]
fn inner_forms_are_told_from_others() {
    let google = entry("google");
    let body = "by 2002:a05:6830:12::1 with SMTP id abc;";
    assert!(google.is_clientless_form(Some("2002:a05:6830:12::1"), Some("SMTP"), body));
    assert!(google.is_clientless_form(Some("mail-sor-f41.google.com"), Some("smtp"), body));
    assert!(!google.is_clientless_form(Some("mail-sor-f41.google.com"), Some("ESMTPS"), body));
    assert!(!google.is_clientless_form(Some("2002:c000:204::1"), Some("SMTP"), body));
    assert!(!google.is_clientless_form(Some("mail-x.google.com.example.net"), Some("SMTP"), body));
    assert!(!google.is_clientless_form(None, Some("SMTP"), body));

    let ovh = entry("ovhcloud");
    let queue = "from localhost (HELO queue) (127.0.0.1) by localhost with SMTP; x";
    assert!(ovh.is_inner_line(Some("localhost"), Some("queue"), queue));
    assert!(!ovh.is_inner_line(Some("mx.example.com"), Some("queue"), queue));
    let output = "from unknown (HELO output28.mail.ovh.net) (192.168.11.93) by 192.168.1.2 with X";
    assert!(ovh.is_inner_line(Some("192.168.1.2"), None, output));
    assert!(!ovh.is_inner_line(Some("198.51.100.2"), None, output));
    assert!(!ovh.is_inner_line(Some("192.168.1.2"), None, "from a by 192.168.1.2 with SMTP"));

    let microsoft = entry("microsoft-365");
    for (from, by) in [
        (
            "HE1EUR04FT004.eop-eur04.prod.protection.outlook.com",
            "AS9PR05CA0106.outlook.office365.com",
        ),
        (
            "CY1USG02FT011.eop-usg02.itar.protection.office365.us",
            "DM6P110CA0001.office365.us",
        ),
    ] {
        assert!(microsoft.is_inner_line(Some(by), Some(from), ""), "{from}");
        assert!(
            !microsoft.is_inner_line(Some("mx.example.com"), Some(from), ""),
            "{from}"
        );
        assert!(
            !microsoft.is_inner_line(Some(by), Some("mail.example.com"), ""),
            "{from}"
        );
        assert!(!microsoft.is_inner_line(Some(by), Some(&format!("{from}.example.net")), ""));
    }
    let same = "DM6PR14MB2698.namprd14.prod.outlook.com";
    assert!(microsoft.is_inner_line(
        Some(same),
        Some(same),
        "with MailboxResubmission by AntispamTT id 1"
    ));
    assert!(!microsoft.is_inner_line(Some(same), Some(same), "with mapi id 1"));

    let yahoo = entry("yahoo");
    let border = "from 192.0.2.10 (EHLO mail.example.com) by 10.197.32.201 with SMTPs";
    assert!(yahoo.is_border_form(Some("10.197.32.201"), Some("mail.example.com"), border));
    assert!(!yahoo.is_border_form(Some("203.0.113.7"), Some("mail.example.com"), border));
    let top = "atlas-production.v2-mail-prod1-bf1.omega.yahoo.com";
    let line = "from 127.0.0.1 by atlas-production.v2-mail-prod1-bf1.omega.yahoo.com with HTTP";
    assert!(yahoo.is_inner_line(Some(top), None, line));
    assert!(!yahoo.is_inner_line(Some(top), None, &line.replace("127.0.0.1", "203.0.113.7")));
    assert!(!yahoo.is_inner_line(Some("mx.example.com"), None, line));

    let fastmail = entry("fastmail");
    assert!(fastmail.is_inner_line(
        Some("phl-mx-04.messagingengine.com"),
        Some("mailmx.phl.internal"),
        "(Authentication Milter) with ESMTP"
    ));
    assert!(!fastmail.is_inner_line(
        Some("phl-mx-04.messagingengine.com"),
        Some("mailmx.phl.internal"),
        "(Postfix) with ESMTPS"
    ));
}

#[test]
fn borders_of_receivers_are_told_by_whole_names() {
    let catalogue = Catalogue::builtin();
    for (by, receiver) in [
        ("st43p00im-qukt05000000.me.com", "icloud"),
        (
            "mail-nwsmtp-mxfront-production-main-60.iva.yp-c.yandex.net",
            "yandex",
        ),
        ("phl-mx-04.messagingengine.com", "fastmail"),
        ("mailin042.protonmail.ch", "proton"),
        ("mx.zohomail.com", "zoho"),
        ("mx-ha.gmx.net", "gmx"),
        ("mx-ha.web.de", "gmx"),
        ("mx.mail.com", "gmx"),
        ("mx.kundenserver.de", "ionos"),
        ("smtp-3-9001.mail.infomaniak.ch", "infomaniak"),
        ("spool.mail.gandi.net", "gandi"),
        ("mx01.posteo.de", "posteo"),
        ("smtpin.rzone.de", "strato"),
        ("mx5.mail.ru", "mail-ru"),
        (
            "BN3USG02FT003.mail.protection.office365.us",
            "microsoft-365",
        ),
    ] {
        assert_eq!(
            id(catalogue.platform_of_border_stamp(by)),
            Some(receiver),
            "{by}"
        );
        for other in [
            format!("{by}.example.net"),
            format!("x.{by}.example"),
            by.replace('.', "-"),
        ] {
            assert_eq!(
                id(catalogue.platform_of_border_stamp(&other)),
                None,
                "{other}"
            );
        }
    }
    for by in [
        "smtp-3-0001.mail.infomaniak.ch",
        "smtp-42a8.mail.infomaniak.ch",
        "mrelayeu.kundenserver.de",
        "mail.gmx.net",
        "mail.messagingengine.com",
        "smtp.strato.de",
        "10.197.32.201",
    ] {
        assert_eq!(id(catalogue.platform_of_border_stamp(by)), None, "{by}");
    }
}

#[test]
fn look_alikes_are_nobody_s() {
    let catalogue = Catalogue::builtin();
    let mut tried = 0;
    for provider in catalogue.providers() {
        let receiving = &provider.receiving;
        let lists = [
            &provider.egress,
            &provider.outbound,
            &provider.inbound_delivery,
            &provider.consumers,
            &provider.consumer_domains,
            &provider.routing_domains,
            &receiving.border_stamps,
            &receiving.authserv_ids,
            &provider.bounce_domains,
            &provider.signing_domains,
        ];
        let labels = provider.labels.iter().map(|label| label.as_str());
        let patterns = lists
            .into_iter()
            .flat_map(|list| list.iter())
            .map(Pattern::as_str);
        for pattern in patterns.chain(labels) {
            let name = pattern
                .replace('#', "7")
                .replace(['*', '?'], "x")
                .replace("{}", "x");
            let Some(domain) = crate::host::organisation(&name) else {
                // `mailmx.phl.internal`: under no public suffix.
                continue;
            };
            let labels = name.strip_suffix(domain).unwrap();
            for other in [
                // Below another's domain, in a domain that ends alike, under another suffix.
                format!("{name}.example.net"),
                format!("{labels}x{domain}"),
                format!("{labels}x-{domain}"),
                format!("{labels}{domain}x"),
            ] {
                tried += 1;
                assert_eq!(id(catalogue.of_egress(&other)), None, "{other}");
                assert_eq!(
                    id(catalogue.platform_of_border_stamp(&other)),
                    None,
                    "{other}"
                );
                assert_eq!(id(catalogue.of_consumer_domain(&other)), None, "{other}");
                assert!(!catalogue.is_routing_domain(&other), "{other}");
                for provider in catalogue.providers() {
                    assert_eq!(provider.label(&other), None, "{other}");
                    let claims = provider.only_sends(&other)
                        || provider.delivers_inbound(&other)
                        || provider.is_consumers(Some(&other), None)
                        || provider.is_authserv_id(&other)
                        || provider.bounce_domain(&other)
                        || provider.signing_domain(&other);
                    assert!(!claims, "{other}: {}", provider.id);
                }
            }
        }
    }
    assert!(tried > 500, "{tried}");
}

#[test]
fn slips_of_the_pen_are_understood() {
    let catalogue = Catalogue::builtin();
    for (name, provider, smart_host) in [
        ("brveo", "brevo", Some("smtp-relay.brevo.com")),
        ("Brevo", "brevo", Some("smtp-relay.brevo.com")),
        ("sendinblue", "brevo", Some("smtp-relay.brevo.com")),
        (
            "smtp-relay.brveo.com",
            "brevo",
            Some("smtp-relay.brevo.com"),
        ),
        (
            "smtp-relay.breov.com.",
            "brevo",
            Some("smtp-relay.brevo.com"),
        ),
        ("smtp.sendgird.net", "sendgrid", Some("smtp.sendgrid.net")),
        ("smtp.sengrid.net", "sendgrid", Some("smtp.sendgrid.net")),
        ("office365", "microsoft-365", Some("smtp.office365.com")),
        ("o365", "microsoft-365", Some("smtp.office365.com")),
        (
            "smtp.ofice365.com",
            "microsoft-365",
            Some("smtp.office365.com"),
        ),
        ("gmail", "google", Some("smtp.gmail.com")),
        (
            "smtp-relay.gmial.com",
            "google",
            Some("smtp-relay.gmail.com"),
        ),
        ("ssl0.ohv.net", "ovhcloud", Some("ssl0.ovh.net")),
        ("smpt.web.de", "gmx", Some("smtp.web.de")),
        // One for each region: only the user can know it.
        ("ses", "amazon-ses", None),
        ("proofpoint", "proofpoint", None),
    ] {
        let slip = catalogue.slip(name).expect(name);
        assert_eq!(
            (&*slip.provider.id, slip.smart_host),
            (provider, smart_host),
            "{name}"
        );
    }
    let long = "a".repeat(10_000);
    for name in [
        "smtp-relay.brevo.com",
        "SMTP.SendGrid.net.",
        "mail-us.smtp2go.com",
        "relay.example.com",
        "smtp.example.com",
        "mail.contoso.example",
        // Other domains of one letter's difference.
        "smtp.up.pl",
        "smtp.weg.de",
        "smtp.frei.fr",
        "sex",
        "",
        &long,
    ] {
        assert_eq!(catalogue.slip(name), None, "{name}");
    }
}

#[test]
fn markers_tell_the_provider_and_the_address() {
    for (field, value, provider, address) in [
        (
            "X-SES-Outgoing",
            "2024.01.31-54.240.8.20",
            "amazon-ses",
            Some("54.240.8.20"),
        ),
        (
            "x-ses-outgoing",
            " 2024.01.31-nonsense ",
            "amazon-ses",
            None,
        ),
        (
            "X-Mailgun-Sending-Ip",
            "159.135.228.13",
            "mailgun",
            Some("159.135.228.13"),
        ),
        ("X-PM-IP", " 50.31.205.20", "postmark", Some("50.31.205.20")),
        (
            "Feedback-ID",
            "77.32.148.10:1234567_-1:1234567:Sendinblue",
            "brevo",
            Some("77.32.148.10"),
        ),
        (
            "Feedback-ID",
            "1.eu-west-1.abc=:AmazonSES",
            "amazon-ses",
            None,
        ),
        ("Feedback-Id", "42:7:1:MJ", "mailjet", None),
        ("Feedback-ID", "x:md", "mandrill", None),
        ("Feedback-ID", "x:mc", "mailchimp", None),
        ("Feedback-ID", "x:postmark", "postmark", None),
        ("X-Mailin-EID", "abc", "brevo", None),
        ("X-SG-EID", "abc", "sendgrid", None),
        ("X-BESS-ID", "1", "barracuda", None),
        ("X-Mandrill-User", "md_123", "mandrill", None),
        ("Message-Id", "<1@smtp-relay.sendinblue.com>", "brevo", None),
    ] {
        let hit = Catalogue::builtin().marker(field, value).expect(field);
        assert_eq!(
            (&*hit.provider.id, hit.client_ip),
            (provider, address),
            "{field}: {value}"
        );
    }
    for (field, value) in [
        ("Feedback-ID", "1:2:3:Other"),
        ("X-Mandrill-User", "someone"),
        ("X-SES-Outgoing2", "x"),
        ("X-BESS", "x"),
        ("Message-ID", "<1@example.com>"),
        ("X-MS-Has-Attach", ""),
        ("x-mclm-sbr-processed", "true"),
        ("Received", "from a by b"),
        ("", ""),
        ("X-Б", "x"),
    ] {
        assert!(
            Catalogue::builtin().marker(field, value).is_none(),
            "{field}: {value}"
        );
    }
    // The filter in front of the markers never hides one.
    for provider in Catalogue::builtin().providers() {
        for marker in provider.markers.iter() {
            let field = marker.field.replace('*', "Thing").to_uppercase();
            assert!(Catalogue::builtin().markers.may_hold(&field), "{field}");
        }
    }
}

#[test]
fn own_fields_and_hosts_are_known() {
    let brevo = entry("brevo");
    assert!(brevo.stamp_matches(Some("smtp-relay.sendinblue.com"), None, ""));
    assert!(!brevo.stamp_matches(Some("smtp-relay.example.com"), None, ""));
    assert!(!brevo.stamp_matches(None, None, "by smtp-relay.sendinblue.com"));
    let sendgrid = entry("sendgrid");
    let body = "from X (unknown) by geopod-ismtpd-3 (SG) with ESMTP id abc";
    assert!(sendgrid.stamp_matches(Some("geopod-ismtpd-3"), Some("X"), body));
    assert!(!sendgrid.stamp_matches(Some("geopod-ismtpd-3"), Some("X"), "with ESMTP"));

    let microsoft = entry("microsoft-365");
    assert!(microsoft.is_mailbox("PARP264MB5501.FRAP264.PROD.OUTLOOK.COM"));
    assert!(!microsoft.is_mailbox("AS9PR05CA0106.eurprd05.prod.outlook.com"));
    assert!(microsoft.is_internal("AS9PR05CA0106.eurprd05.prod.outlook.com"));
    let ovh = entry("ovhcloud");
    for name in [
        "DAG10EX1.indiv4.local",
        "CAS8.indiv4.local",
        "MBX001.indiv.local",
        "ex4.mail.ovh.net",
    ] {
        assert!(
            ovh.is_mailbox(name) && ovh.is_internal(name) && ovh.is_own_stamp(name),
            "{name}"
        );
    }
    for name in [
        "player792.ha.ovh.net",
        "mail110.ha.ovh.net",
        "director5.derp.mail-out.ovh.net",
    ] {
        assert!(ovh.is_internal(name) && !ovh.is_mailbox(name), "{name}");
    }
    assert!(ovh.is_own_stamp("in31.mail.ovh.net"));
    assert!(!ovh.is_own_stamp("vps-1a2b3c4d.vps.ovh.net"));
    assert!(!ovh.is_own_stamp("exchange.contoso.example"));

    assert!(brevo.bounce_domain("ab.d.sender-sib.com"));
    assert!(!brevo.bounce_domain("sender-id.example.com"));
    assert!(entry("mailjet").bounce_domain("a12345.bnc3.mailjet.com"));
    assert!(entry("amazon-ses").bounce_domain("eu-west-1.amazonses.com"));
    assert!(brevo.signing_domain("sendinblue.com"));
    assert!(!brevo.signing_domain("notsendinblue.com"));
}

#[test]
fn the_issue_s_ids_are_all_there() {
    for id in "brevo amazon-ses sendgrid mailgun mailjet mandrill postmark sparkpost smtp2go \
               socketlabs elastic-email zoho oracle google microsoft-365 ovhcloud proofpoint \
               proofpoint-essentials mimecast barracuda cisco sophos messagelabs trend-micro \
               hornetsecurity infomaniak gandi ionos mailchannels"
        .split_whitespace()
    {
        assert!(Catalogue::builtin().provider(id).is_some(), "{id}");
    }
    assert!(Catalogue::builtin().provider("nobody").is_none());
}

#[test]
fn a_file_adds_and_replaces_entries() {
    let one = "id = \"contoso\"\nname = \"Contoso relay\"\negress = [\"out#.relay.example.com\"]\n\
               smart-hosts = [\"relay.example.com\"]\n\
               [[networks]]\ncidrs = [\"192.0.2.0/24\"]\nkind = \"local\"\nsource = \"ours\"\n\
               exclusive = true\n";
    let catalogue = Catalogue::with_overrides(one).unwrap();
    assert_eq!(
        id(catalogue.of_smart_host("relay.example.com")),
        Some("contoso")
    );
    assert_eq!(
        id(catalogue.of_egress("out12.relay.example.com")),
        Some("contoso")
    );
    assert_eq!(
        catalogue.of_network(ip("192.0.2.7")).unwrap().from.source,
        "ours"
    );
    assert!(catalogue.provider("brevo").is_some());
    assert_eq!(catalogue.version(), "2026-11-25+local");

    let several = "[[provider]]\nid = \"brevo\"\nname = \"Ours\"\negress = [\"*.brevo.example.com\"]\n\
                   [[provider]]\nid = \"aaa\"\nname = \"First\"\n\
                   [[provider.marker]]\nfield = \"X-Contoso\"\n";
    let catalogue = catalogue.overridden(several).unwrap();
    assert_eq!(
        id(catalogue.of_egress("a.brevo.example.com")),
        Some("brevo")
    );
    assert_eq!(
        id(catalogue.of_egress("ab.d.sender-sib.com")),
        None,
        "replaced as a whole"
    );
    assert_eq!(catalogue.providers().next().map(|p| &*p.id), Some("aaa"));
    assert_eq!(
        catalogue
            .marker("x-contoso", "")
            .map(|hit| &*hit.provider.id),
        Some("aaa")
    );
    assert!(catalogue.provider("contoso").is_some());
}

#[test]
fn a_wide_egress_pattern_leaves_out_what_is_named_otherwise() {
    let text = "id = \"x\"\nname = \"X\"\negress = [\"*.relay.example.com\"]\n\
                inbound-delivery = [\"in#.relay.example.com\"]\n\
                not-platform = [\"vps-*.relay.example.com\"]\n";
    let catalogue = Catalogue::with_overrides(text).unwrap();
    assert_eq!(id(catalogue.of_egress("out1.relay.example.com")), Some("x"));
    assert_eq!(id(catalogue.of_egress("in1.relay.example.com")), None);
    assert_eq!(id(catalogue.of_egress("vps-1.relay.example.com")), None);
}

#[test]
fn the_built_in_files_can_be_given_by_the_user() {
    let text = include_str!("data/ovhcloud.toml");
    let catalogue = Catalogue::with_overrides(text).unwrap();
    assert_eq!(catalogue.provider("ovhcloud"), Some(entry("ovhcloud")));
}

#[test]
fn errors_name_the_place_and_what_was_meant() {
    for (text, says) in [
        (
            "id = \"x\"\nname = \"X\"\negres = []\n",
            "line 3, column 1: unknown field `egres`; did you mean `egress`?",
        ),
        (
            "id = \"x\"\nname = \"X\"\nsmart_hosts = []\n",
            "line 3, column 1: unknown field `smart_hosts`; did you mean `smart-hosts`?",
        ),
        (
            "[[provider]]\nid = \"x\"\nname = \"X\"\n[provider.receiving]\nborder = []\n",
            "line 5, column 1: unknown field `border`, expected one of `border-stamps`, `hosts`, \
             `networks`, `results-below-border`, `authserv-ids`, `methods-in-fields`, `inner-line`, \
             `border-form`",
        ),
        ("name = \"X\"\n", "line 1, column 1: missing field `id`"),
        (
            "id = \"x\"\nname = \"X\"\negress = [\"*.relay.example.com\",\n  \"smtp .example\"]\n",
            "line 4, column 3: host pattern `smtp .example` holds ` `: letters, digits, `-`, `_`, \
             `*` (any part of a label) and `#` (digits) are known",
        ),
        (
            "id = \"x\"\nname = \"X\"\n[[networks]]\ncidrs = [\"192.0.2.1/24\"]\nkind = \"local\"\n\
             source = \"s\"\n",
            "line 4, column 10: network `192.0.2.1/24` has host bits: `192.0.2.0/24`?",
        ),
        (
            "id = \"x\"\nname = \"X\"\n[[networks]]\ncidrs = [\"0.0.0.0/0\"]\nkind = \"local\"\n\
             source = \"s\"\n",
            "line 4, column 10: network `0.0.0.0/0` is wider than one provider's: at most /8",
        ),
        (
            "id = \"x\"\nname = \"X\"\n[[networks]]\ncidrs = []\nkind = \"documentd\"\nsource = \"s\"\n",
            "line 5, column 8: unknown variant `documentd`; did you mean `documented`?",
        ),
        (
            "id = \"x\"\nname = \"X\"\negress = [\"*.co.uk\"]\n",
            "provider `x`: egress `*.co.uk` covers a public suffix: name a domain below it",
        ),
        (
            "id = \"x\"\nname = \"X\"\negress = [\"*.example.*\"]\n",
            "provider `x`: egress `*.example.*`: its last two labels must be written out",
        ),
        (
            "id = \"X y\"\nname = \"X\"\n",
            "provider id `X y`: lower-case letters, digits and `-` only",
        ),
        (
            "[[provider]]\nid = \"x\"\nname = \"X\"\n[[provider]]\nid = \"x\"\nname = \"X\"\n",
            "provider `x` is there twice",
        ),
        (
            "id = \"x\"\nname = \"X\"\n[[marker]]\nfield = \"X-*\"\n",
            "provider `x`: marker field `X-*` is no field name, nor five letters of one and `*`",
        ),
        (
            "id = \"x\"\nname = \"X\"\n[[stamp]]\n",
            "provider `x`: a stamp needs `by`, `from` or `holds`",
        ),
    ] {
        assert_eq!(
            Catalogue::with_overrides(text).unwrap_err().to_string(),
            says,
            "{text}"
        );
    }
    let error = Catalogue::with_overrides("id = ").unwrap_err();
    assert_eq!(error.line, Some(1), "{error}");
    assert!(Catalogue::with_overrides("").is_err());
}

#[test]
fn the_catalogue_reads_as_text() {
    let catalogue = Catalogue::builtin();
    let lines = list(catalogue);
    assert_eq!(lines.lines().count(), catalogue.providers().len());
    for (line, provider) in lines.lines().zip(catalogue.providers()) {
        assert_eq!(line.split_whitespace().next(), Some(&*provider.id));
    }
    let page = show(entry("brevo"));
    for part in [
        "brevo: Brevo (Sendinblue)\n",
        "  smtp-relay.brevo.com\n",
        "  *.d.sender-sib.com\n",
        "77.32.128.0/18",
        "its own, copy of the SPF record",
        "Feedback-ID, ends with `:Sendinblue`, the handing host's address before the first colon",
        "sources:\n",
    ] {
        assert!(page.contains(part), "{part} in\n{page}");
    }
    for (id, parts) in [
        (
            "microsoft-365",
            &[
                "also called: office365, o365",
                "smtp.office365.com, for customers only, where foreign mail never arrives\n",
                "hosts and networks: complete; an address outside its networks contradicts its name\n",
                "stamps: always\n",
                "  *.onmicrosoft.com\n",
                "from *.eop-*.prod.protection.outlook.com by *.outlook.office365.com\n",
            ][..],
        ),
        (
            "proofpoint",
            &[
                "  mx0?-{}.pphosted.com\n",
                "keeps no mailboxes\n",
                "hosts and networks: perhaps not complete\n",
            ],
        ),
        (
            "google",
            &[
                "by 2002:a00::/24 with SMTP\n",
                "by mail-*.google.com with SMTP\n",
            ],
        ),
        ("barracuda", &["only sends as:\n", "delivers inbound by:\n"]),
        ("ovhcloud", &["inner servers: out of customers' reach\n"]),
        ("brevo", &["envelope sender: set by the provider alone\n"]),
        (
            "icloud",
            &["methods that stand in fields of their own: bimi, arc, dmarc, dkim, spf\n"],
        ),
    ] {
        let page = show(entry(id));
        for part in parts {
            assert!(page.contains(part), "{part} in\n{page}");
        }
    }
    let hostile = "id = \"x\"\nname = \"a\\u001b[31mb\\u202ec\"\n";
    let catalogue = Catalogue::with_overrides(hostile).unwrap();
    let page = show(catalogue.provider("x").unwrap());
    assert!(page.starts_with("x: a\\u{1b}[31mb\\u{202e}c\n"), "{page}");
}
