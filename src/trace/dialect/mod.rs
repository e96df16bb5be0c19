//! Phase two: clauses into a hop, one module a server family.
//!
//! The reading by the grammar alone ([`generic`]) comes first; then the first dialect of the
//! registry that recognises its own form refines it. A dialect is one file (with a real form above
//! it, which also stands in its tests) and one line of the registry.
//!
//! A dialect decides by what stands behind the first top-level `by`, which the server itself
//! writes; the client's HELO and reverse DNS stand before it. A field that shows signs of text
//! broken out of its place has no verified name whatever the dialect says.

mod client;
mod generic;

use super::received::Received;
use super::{Family, Hop};
use client::ClientForm;

/// One family of servers.
struct Dialect {
    family: Family,
    /// Whether the field has this family's form; only what the server writes may decide.
    matches: fn(&Received<'_>, &ClientForm<'_>, &Hop<'_>) -> bool,
    /// What this family means by its form, over the reading by the grammar alone.
    refine: for<'x> fn(&Received<'x>, &ClientForm<'x>, &mut Hop<'x>),
}

/// The dialects, the commonest first; the first that matches reads the field.
const REGISTRY: &[&Dialect] = &[];

/// Reads one `Received` body (folds included).
pub fn read(body: &str) -> Hop<'_> {
    let received = Received::parse(body);
    let form = ClientForm::read(&received);
    let mut hop = generic::read(&received, &form);
    for dialect in REGISTRY {
        if (dialect.matches)(&received, &form, &hop) {
            hop.family = dialect.family;
            (dialect.refine)(&received, &form, &mut hop);
            break;
        }
    }
    if received.doubtful {
        if let Some(client) = &mut hop.from {
            client.reverse_dns_verified = false;
        }
    }
    hop
}
