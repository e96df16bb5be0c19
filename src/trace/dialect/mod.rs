//! Phase two: clauses into a hop, one module a server family.

use super::Hop;

/// Reads one `Received` body (folds included).
pub fn read<'x>(body: &'x str) -> Hop<'x> {
    let _ = body;
    todo!()
}
