//! A sentence for each settlement: when it is right, and what it comes to.

use super::{Pen, Sentence};
use crate::analysis::Outcome;
use crate::route::settle::{Condition, Offer};

/// The condition of an offer.
pub(crate) fn offer(offer: &Offer<'_>) -> Sentence {
    let mut pen = Pen::default();
    condition(&mut pen, offer.condition);
    match offer.comes_to {
        Some(Outcome::Pass) => pen.own(": then it is a pass"),
        Some(Outcome::Fail) => pen.own(": then it is a fail"),
        Some(Outcome::Inconclusive | Outcome::Unchecked | Outcome::Error) | None => &mut pen,
    };
    pen.written()
}

fn condition(pen: &mut Pen, condition: Condition<'_>) {
    let words = match condition {
        Condition::PassedOver => "if senders without a row are to be passed over",
        Condition::WhichSender => "with the address that sent it, if you know which of them it was",
        Condition::Sent => "if you sent this message yourself",
        Condition::Meant(name) => {
            pen.own("if you meant that by ").host(name);
            ", in its place"
        }
        Condition::RecipientsServer => {
            "if that client is one of the recipient's own servers, and stamps what it takes"
        }
        Condition::RecipientsFilter => {
            "if that client is the recipient's filter, forwarder or list, and stamps what it takes"
        }
        Condition::Mx => "if that server is the recipient's MX, and no filter stands before it",
        Condition::FurtherMx => {
            "if that server is one of the recipient's MX, too, and no filter stands before it"
        }
        Condition::AnyMx => "with the name of the recipient's MX, if all his mail comes in there",
        Condition::Recipient => {
            "with the address that received it, if that is outside the sender's own domains"
        }
        Condition::AlwaysWrites => {
            "if that service writes its results directly below the receiving server's stamp, \
             always, and removes forged ones"
        }
        Condition::Yours => "if you know that host to be yours, or your relay's",
        Condition::YourRelays => "if you know that host to be your relay's",
        Condition::AllYourRelays => {
            "if you know all hosts of that domain to be your relay's, and no customer's"
        }
        Condition::EnvelopeDomain => {
            "with the domain of the envelope sender, if your relay sets it for you"
        }
        Condition::OwnEnvelope => "if your relay sets that envelope domain for you alone",
        Condition::OwnSignature => "if your relay signs by that domain for you alone",
    };
    pen.own(words);
}
