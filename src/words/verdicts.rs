//! What platforms and filters say of a message, their codes in words.

use super::Pen;
use crate::evidence::verdict::{
    Action, AuthAs, Category, Composite, Direction, Entity, Filtered, Folder, Listed, Report,
    ReverseDns, SpamScore, Verdict, Way,
};

impl Pen {
    /// What a platform or a filter says.
    pub(super) fn verdict(&mut self, verdict: &Verdict) -> &mut Self {
        match verdict {
            Verdict::Report(said) => self.report(said),
            Verdict::SpamLevel(level) => self.spam_level(*level),
            Verdict::BulkLevel(level) => self.bulk_level(*level),
            Verdict::Delivered(folder) => self
                .own(match folder {
                    Folder::Inbox => "it was delivered to the inbox",
                    Folder::Junk => "it was delivered to the junk folder",
                    Folder::Custom => "it was delivered to a folder that a rule names",
                })
                .code("dest", folder.code()),
            Verdict::AuthAs(whose) => {
                self.own("an Exchange organisation took it ").own(match whose {
                    AuthAs::Internal => "as from an authenticated sender of its own",
                    AuthAs::Anonymous => "as from outside: nobody authenticated",
                    AuthAs::Partner => "as from a partner organisation",
                    AuthAs::External => "as from outside",
                })
            }
            Verdict::AuthSource(server) => {
                self.own("the Exchange server that said so is ").host(server)
            }
            Verdict::Entity(entity) => self.own(match entity {
                Entity::Hosted => "it was written from a mailbox of that organisation in the cloud",
                Entity::OnPremises => {
                    "it came over that organisation's connector from its servers on its own premises"
                }
                Entity::Internet => "it came from the Internet",
            }),
            Verdict::Direction(direction) => self.own(match direction {
                Direction::Originating => "the organisation counts it as its own, going out",
                Direction::Incoming => "the organisation counts it as coming in",
            }),
            Verdict::CustomersServer { ip, helo } => self
                .own("Exchange Online took it for its customer from the customer's own server ")
                .address(ip)
                .helo(helo.as_deref()),
            Verdict::Tenant(id) => self
                .own("it was sent by the Exchange Online organisation named: ")
                .value(id),
            Verdict::Connector(name) => {
                self.own("it went over the connector named: ").value(name)
            }
            Verdict::Spam(SpamScore { is_spam, score, .. }) => {
                self.own(match is_spam {
                    true => "a filter found it to be spam",
                    false => "a filter found no spam in it",
                });
                match score {
                    Some(score) => self.own(", score ").own(&score.to_string()),
                    None => self,
                }
            }
            Verdict::SpamSource { ip, host } => {
                self.own("a filter takes ").address(ip);
                if let Some(host) = host {
                    self.own(", host ").host(host);
                }
                self.own(" for its source")
            }
            Verdict::Action {
                action: done,
                module,
            } => match module {
                Some(module) => self.own(action(*done)).own(", by its module ").text(module),
                None => self.own(action(*done)),
            },
            Verdict::Greylisted { time, software } => {
                self.own("it was put off once by greylisting, which delayed it by ")
                    .text(time);
                match software {
                    Some(software) => self.own(" (").text(software).own(")"),
                    None => self,
                }
            }
            Verdict::Proofpoint { out: true } => self.own("Proofpoint filtered it on its way out"),
            Verdict::Proofpoint { out: false } => self.own("Proofpoint filtered it"),
            Verdict::MimecastOriginator(domain) => {
                self.own("Mimecast took it from its customer ").host(domain)
            }
            Verdict::MimecastScore(score) => self
                .own("Mimecast filtered it, score ")
                .own(&score.to_string()),
        }
    }

    /// ` (KEY:CODE)`
    fn code(&mut self, key: &str, code: &str) -> &mut Self {
        self.own(" (").own(key).own(":").own(code).own(")")
    }

    /// What a client called itself, where it is known.
    fn helo(&mut self, helo: Option<&str>) -> &mut Self {
        match helo {
            Some(helo) => self.own(", which called itself ").host(helo),
            None => self,
        }
    }

    /// Parts of one sentence.
    fn report(&mut self, report: &Report) -> &mut Self {
        let mut next = "";
        let mut part = |pen: &mut Self| {
            pen.own(next);
            next = "; ";
        };
        if report.client.is_some() || report.way.is_some() {
            part(self);
            self.journey(report);
        }
        if let Some(code) = report.filtered {
            part(self);
            self.own(filtered(code)).code("SFV", code.code());
        }
        if let Some(code) = report.category {
            part(self);
            self.own("it was judged to be ")
                .own(category(code))
                .code("CAT", code.code());
        }
        if let Some(level) = report.level {
            part(self);
            self.spam_level(level);
        }
        if let Some(code) = report.listed {
            part(self);
            self.own(match code {
                Listed::Nowhere => "the address is on no reputation list",
                Listed::Allowed => {
                    "it was not filtered: the address is on the allow list of the organisation"
                }
            })
            .code("IPV", code.code());
        }
        if report.bulk {
            part(self);
            self.own("it is bulk mail").code("SRV", "BULK");
        }
        self
    }

    /// `it came in from 203.0.113.9 (FR), which called itself relay.example.net`
    fn journey(&mut self, report: &Report) -> &mut Self {
        let (start, from) = match report.way {
            Some(Way::In) => ("it came in", " from "),
            Some(Way::Out) => ("it was on its way out", ", and had been taken from "),
            Some(Way::Within) => (
                "it stayed within the organisation",
                ", and had been taken from ",
            ),
            None => ("it was taken", " from "),
        };
        self.own(start);
        let Some(client) = report.client.as_deref() else {
            return self;
        };
        self.own(from).address(client);
        if let Some(country) = report.country.as_deref() {
            self.own(" (").text(country).own(")");
        }
        self.helo(report.helo.as_deref());
        match &report.reverse_dns {
            Some(ReverseDns::Nameless) => self.own(", an address without a name"),
            Some(ReverseDns::Name(name)) => self.own(", with the reverse DNS ").host(name),
            None => self,
        }
    }

    fn spam_level(&mut self, level: i8) -> &mut Self {
        let meaning = match level {
            ..=-1 => "not filtered",
            0..=1 => "not spam",
            2..=4 => "hardly spam",
            5..=6 => "spam",
            7.. => "spam, with high confidence",
        };
        self.own("spam confidence level ")
            .own(&level.to_string())
            .own(": ")
            .own(meaning)
    }

    fn bulk_level(&mut self, level: u8) -> &mut Self {
        let meaning = match level {
            0 => "not from a bulk sender",
            1..=3 => "a bulk sender of whom few complain",
            4..=7 => "a bulk sender of whom some complain",
            8.. => "a bulk sender of whom many complain",
        };
        self.own("bulk complaint level ")
            .own(&level.to_string())
            .own(": ")
            .own(meaning)
    }
}

const fn filtered(code: Filtered) -> &'static str {
    match code {
        Filtered::NotSpam => "filtering found no spam in it",
        Filtered::Spam => "filtering found it to be spam",
        Filtered::RuleAllowed => "it was let through before filtering, as by a mail flow rule",
        Filtered::RuleMarked => "it was marked as spam before filtering, as by a mail flow rule",
        Filtered::SenderAllowed => {
            "it was not filtered: its sender is on an allow list of the policy"
        }
        Filtered::SenderBlocked => "its sender is on a block list of the policy",
        Filtered::Released => "it was released from quarantine",
        Filtered::SafeSender => "it was not filtered: its sender is on the recipient's safe list",
        Filtered::BlockedSender => {
            "it was not filtered: its sender is on the recipient's block list"
        }
        Filtered::Inside => "it was not filtered: it is mail within the organisation",
    }
}

const fn category(code: Category) -> &'static str {
    match code {
        Category::AntiMalware | Category::Malware => "malware",
        Category::FileType => "an attachment of a barred type",
        Category::SafeAttachments => "a dangerous attachment",
        Category::Brand => "an impersonated brand",
        Category::Domain => "an impersonated domain",
        Category::User => "an impersonated user",
        Category::Correspondent => "an impersonated correspondent",
        Category::Bulk => "bulk mail",
        Category::Spam => "spam",
        Category::SureSpam => "spam, with high confidence",
        Category::SpamOut => "spam on its way out",
        Category::Phishing => "phishing",
        Category::SurePhishing | Category::SurePhish => "phishing, with high confidence",
        Category::PhishingInside => "phishing within the organisation",
        Category::Forged => "a forged sender",
    }
}

/// Why Microsoft's composite authentication came out as it did.
pub(super) const fn composite(why: Composite) -> &'static str {
    match why {
        Composite::FailedByPolicy => "it failed DMARC, whose policy is to refuse or to quarantine",
        Composite::Unauthenticated => {
            "its domain publishes no authentication, or a weak one, and nothing else speaks for it"
        }
        Composite::Forbidden => "the recipient's organisation forbids this sender to be forged",
        Composite::FailedOwnDomain => "it failed DMARC, and its domain is the recipient's own",
        Composite::TrustedSeal => "an ARC seal that is trusted outweighs a failed DMARC",
        Composite::Passed => "it passed",
        Composite::PassedSoftly => "it passed softly, by Microsoft's own judgement",
        Composite::Unchecked => "it was not checked",
        Composite::Skipped => "the check was skipped",
        Composite::OwnDomain => "it failed, and its domain is the recipient's own",
    }
}

const fn action(action: Action) -> &'static str {
    match action {
        Action::None => "a filter let it through",
        Action::Header => "a filter marked it as probable spam",
        Action::Subject => "a filter marked it as probable spam in the subject",
        Action::Reject => "a filter would refuse it",
        Action::Greylist => "a filter put it off once, which delays it (greylisting)",
        Action::SoftReject => "a filter put it off for a while, which delays it",
        Action::Quarantine => "a filter put it into quarantine",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::verdict::read;

    fn says(name: &str, body: &str) -> String {
        let folded = body.replace(' ', "\r\n ");
        assert_eq!(read(name, body), read(name, &folded), "folded: {body}");
        let Some(known) = read(name, body) else {
            return "-".to_owned();
        };
        let mut pen = Pen::default();
        pen.verdict(&known);
        pen.written().to_string()
    }

    #[test]
    fn microsofts_report() {
        let body = "CIP:203.0.113.9;CTRY:FR;LANG:en;SCL:1;SRV:;IPV:NLI;SFV:NSPM;H:relay.example.net;PTR:relay.example.net;CAT:NONE;SFS:(13230040)(4143199003);DIR:INB;";
        assert_eq!(
            says("x-forefront-antispam-report", body),
            "it came in from 203.0.113.9 (FR), which called itself relay.example.net, with the reverse DNS relay.example.net; \
             filtering found no spam in it (SFV:NSPM); spam confidence level 1: not spam; \
             the address is on no reputation list (IPV:NLI)"
        );
        for (body, wanted) in [
            (
                "CIP:255.255.255.255;CTRY:;LANG:en;SCL:1;SRV:;IPV:NLI;SFV:NSPM;H:mail.contoso.example;PTR:;CAT:NONE;SFS:;DIR:OUT;SFP:1101;",
                "it was on its way out; filtering found no spam in it (SFV:NSPM); spam confidence level 1: not spam; the address is on no reputation list (IPV:NLI)",
            ),
            (
                "CIP:203.0.113.9;IPV:CAL;SFV:SKN;SCL:-1;PTR:InfoDomainNonexistent;CAT:HPHISH;DIR:INT;SRV:BULK",
                "it stayed within the organisation, and had been taken from 203.0.113.9, an address without a name; it was let through before filtering, as by a mail flow rule (SFV:SKN); it was judged to be phishing, with high confidence (CAT:HPHISH); spam confidence level -1: not filtered; it was not filtered: the address is on the allow list of the organisation (IPV:CAL); it is bulk mail (SRV:BULK)",
            ),
            ("SFV:XYZ;CAT:QQ;SCL:44;SFS:(1)", "-"),
            ("SFV:NSPM;SFV:SPM", "-"),
            ("", "-"),
        ] {
            assert_eq!(says("X-Forefront-Antispam-Report", body), wanted, "{body}");
        }
    }

    #[test]
    fn exchanges_own() {
        for (name, body, wanted, way) in [
            (
                "X-MS-Exchange-Organization-SCL",
                "-1",
                "spam confidence level -1: not filtered",
                None,
            ),
            (
                "X-MS-Exchange-Organization-SCL",
                "6",
                "spam confidence level 6: spam",
                None,
            ),
            ("X-MS-Exchange-Organization-SCL", "x", "-", None),
            (
                "X-Microsoft-Antispam",
                "BCL:0;ARA:13230040|4143199003;",
                "bulk complaint level 0: not from a bulk sender",
                None,
            ),
            ("X-Microsoft-Antispam", "BCL:;", "-", None),
            (
                "X-Microsoft-Antispam-Mailbox-Delivery",
                "ucf:0;jmr:0;auth:0;dest:J;ENG:(910001);",
                "it was delivered to the junk folder (dest:J)",
                None,
            ),
            (
                "X-MS-Exchange-CrossTenant-AuthAs",
                "Internal",
                "an Exchange organisation took it as from an authenticated sender of its own",
                Some(Way::Out),
            ),
            (
                "x-ms-exchange-organization-authas",
                "Anonymous",
                "an Exchange organisation took it as from outside: nobody authenticated",
                None,
            ),
            (
                "X-MS-Exchange-CrossTenant-AuthSource",
                "EX01.contoso.example",
                "the Exchange server that said so is EX01.contoso.example",
                None,
            ),
            (
                "X-MS-Exchange-CrossTenant-FromEntityHeader",
                "HybridOnPrem",
                "it came over that organisation's connector from its servers on its own premises",
                Some(Way::Out),
            ),
            (
                "X-MS-Exchange-CrossTenant-FromEntityHeader",
                "Internet",
                "it came from the Internet",
                Some(Way::In),
            ),
            (
                "X-MS-Exchange-Organization-MessageDirectionality",
                "Incoming",
                "the organisation counts it as coming in",
                Some(Way::In),
            ),
            (
                "X-MS-Exchange-CrossTenant-OriginalAttributedTenantConnectingIp",
                "TenantId=00000000-0000-0000-0000-000000000000; Ip=[203.0.113.9]; Helo=[EX01.contoso.example]",
                "Exchange Online took it for its customer from the customer's own server 203.0.113.9, which called itself EX01.contoso.example",
                Some(Way::Out),
            ),
            (
                "X-MS-Exchange-CrossTenant-Id",
                "00000000-0000-0000-0000-000000000000",
                "it was sent by the Exchange Online organisation named: 00000000-0000-0000-0000-000000000000",
                Some(Way::Out),
            ),
            (
                "X-MS-Exchange-Organization-OutboundConnector",
                "To the relay",
                "it went over the connector named: To the relay",
                None,
            ),
            (
                "X-MS-Exchange-Organization-Network-Message-Id",
                "1",
                "-",
                None,
            ),
        ] {
            assert_eq!(says(name, body), wanted, "{name}: {body}");
            assert_eq!(
                read(name, body).and_then(|known| known.way()),
                way,
                "{name}"
            );
        }
    }

    #[test]
    fn filters() {
        for (name, body, wanted) in [
            (
                "X-Spam-Status",
                "No, score=-4.2 required=5.0 tests=DKIM_SIGNED,SPF_PASS autolearn=ham",
                "a filter found no spam in it, score -4.2",
            ),
            ("X-Spam-Flag", "YES", "a filter found it to be spam"),
            ("X-Spam-Status", "maybe", "-"),
            (
                "X-Spam-source",
                "IP='203.0.113.9', Host='relay.example.net', Country='US'",
                "a filter takes 203.0.113.9, host relay.example.net for its source",
            ),
            (
                "X-Rspamd-Action",
                "soft reject",
                "a filter put it off for a while, which delays it",
            ),
            (
                "X-Rspamd-Pre-Result",
                "action=greylist; module=greylist; greylisted",
                "a filter put it off once, which delays it (greylisting), by its module greylist",
            ),
            (
                "X-Spamd-Result",
                "default: False [-4.00 / 50.00]; REPLY(-4.00)[]",
                "a filter found no spam in it, score -4",
            ),
            (
                "X-Greylist",
                "delayed 361 seconds by postgrey-1.37 at mx.example.net; Tue, 10 Jun 2025 08:30:06 UTC",
                "it was put off once by greylisting, which delayed it by 361 seconds (postgrey-1.37)",
            ),
            (
                "X-Greylist",
                "delayed 00:28:24 by SQLgrey-1.8.0",
                "it was put off once by greylisting, which delayed it by 00:28:24 (SQLgrey-1.8.0)",
            ),
            ("X-Greylist", "from auto-whitelisted by SQLgrey-1.8.0", "-"),
            (
                "X-Proofpoint-Spam-Details",
                "rule=outbound_notspam policy=outbound score=0 mlxscore=0",
                "Proofpoint filtered it on its way out",
            ),
            (
                "X-Proofpoint-Spam-Details",
                "rule=notspam policy=default score=0",
                "Proofpoint filtered it",
            ),
            (
                "X-Mimecast-Originator",
                "contoso.example",
                "Mimecast took it from its customer contoso.example",
            ),
            (
                "X-Mimecast-Spam-Score",
                "1",
                "Mimecast filtered it, score 1",
            ),
        ] {
            assert_eq!(says(name, body), wanted, "{name}: {body}");
        }
    }
}
