//! For tests: a reader that gives few bytes at a time.

use std::io::{self, Read};

/// Bytes, and how many of them at most each time.
pub(super) struct Pieces<'b>(pub(super) &'b [u8], pub(super) usize);

impl Read for Pieces<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.1.min(buffer.len()).min(self.0.len());
        buffer[..count].copy_from_slice(&self.0[..count]);
        self.0 = &self.0[count..];
        Ok(count)
    }
}
