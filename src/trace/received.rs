//! Phase one: a `Received` body into the clauses of RFC 5321 4.4.
