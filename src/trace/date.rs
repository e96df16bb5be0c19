//! Dates as servers write them.
