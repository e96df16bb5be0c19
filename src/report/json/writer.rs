//! What derives `Serialize` into compact JSON (RFC 8259), at the end of a buffer: the same as
//! `serde_json` writes, in a third of its time, since each string is looked at once and whole
//! blocks of it at a time, and nothing is asked whether it can be written to.
//!
//! Beyond what JSON asks for, hostile characters are escaped. Not supported, since the analysis has
//! none: floating point, maps, tuples, bytes, enum variants with content.

use serde::ser::{Error as _, Impossible, Serialize, SerializeSeq, SerializeStruct, Serializer};
use serde_json::Error;

use crate::report::sanitize::is_hostile;

/// Writes values behind what the buffer holds.
pub(super) struct Writer<'b> {
    pub(super) out: &'b mut Vec<u8>,
}

/// Writes an object or an array.
pub(super) struct Compound<'w, 'b> {
    writer: &'w mut Writer<'b>,
    begun: bool,
    end: u8,
}

impl<'w, 'b> Compound<'w, 'b> {
    fn begin(writer: &'w mut Writer<'b>, begin: u8, end: u8) -> Self {
        writer.out.push(begin);
        Self {
            writer,
            begun: false,
            end,
        }
    }

    #[inline]
    fn next(&mut self) {
        if std::mem::replace(&mut self.begun, true) {
            self.writer.out.push(b',');
        }
    }

    fn close(self) -> Result<(), Error> {
        self.writer.out.push(self.end);
        Ok(())
    }
}

fn unsupported<T>(what: &str) -> Result<T, Error> {
    Err(Error::custom(format_args!(
        "{what} cannot be written: an analysis has none"
    )))
}

impl<'w, 'b> Serializer for &'w mut Writer<'b> {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Compound<'w, 'b>;
    type SerializeStruct = Compound<'w, 'b>;
    type SerializeTuple = Impossible<(), Error>;
    type SerializeTupleStruct = Impossible<(), Error>;
    type SerializeTupleVariant = Impossible<(), Error>;
    type SerializeMap = Impossible<(), Error>;
    type SerializeStructVariant = Impossible<(), Error>;

    fn serialize_bool(self, value: bool) -> Result<(), Error> {
        let text: &[u8] = if value { b"true" } else { b"false" };
        self.out.extend_from_slice(text);
        Ok(())
    }

    fn serialize_i8(self, value: i8) -> Result<(), Error> {
        self.serialize_i64(value.into())
    }

    fn serialize_i16(self, value: i16) -> Result<(), Error> {
        self.serialize_i64(value.into())
    }

    fn serialize_i32(self, value: i32) -> Result<(), Error> {
        self.serialize_i64(value.into())
    }

    fn serialize_i64(self, value: i64) -> Result<(), Error> {
        if value < 0 {
            self.out.push(b'-');
        }
        self.serialize_u64(value.unsigned_abs())
    }

    fn serialize_u8(self, value: u8) -> Result<(), Error> {
        self.serialize_u64(value.into())
    }

    fn serialize_u16(self, value: u16) -> Result<(), Error> {
        self.serialize_u64(value.into())
    }

    fn serialize_u32(self, value: u32) -> Result<(), Error> {
        self.serialize_u64(value.into())
    }

    fn serialize_u64(self, value: u64) -> Result<(), Error> {
        // No number has more digits.
        let mut digits = [b'0'; 20];
        let mut rest = value;
        let mut length = 0;
        for digit in digits.iter_mut().rev() {
            *digit = b'0' + (rest % 10) as u8;
            rest /= 10;
            length += 1;
            if rest == 0 {
                break;
            }
        }
        let written = digits.get(digits.len() - length..).unwrap_or_default();
        self.out.extend_from_slice(written);
        Ok(())
    }

    fn serialize_f32(self, _: f32) -> Result<(), Error> {
        unsupported("a floating-point number")
    }

    fn serialize_f64(self, _: f64) -> Result<(), Error> {
        unsupported("a floating-point number")
    }

    fn serialize_char(self, value: char) -> Result<(), Error> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    #[inline]
    fn serialize_str(self, value: &str) -> Result<(), Error> {
        self.out.reserve(value.len() + 2);
        self.out.push(b'"');
        // Without an end at the first that is not, so that many are looked at at once.
        let plain = value
            .as_bytes()
            .iter()
            .fold(true, |all, byte| all & is_plain(*byte));
        match plain {
            true => self.out.extend_from_slice(value.as_bytes()),
            false => escape(value, self.out),
        }
        self.out.push(b'"');
        Ok(())
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<(), Error> {
        unsupported("bytes")
    }

    fn serialize_none(self) -> Result<(), Error> {
        self.out.extend_from_slice(b"null");
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Error> {
        self.serialize_none()
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Error> {
        self.serialize_none()
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<(), Error> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<(), Error> {
        unsupported("a variant with content")
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Self::SerializeSeq, Error> {
        Ok(Compound::begin(self, b'[', b']'))
    }

    fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple, Error> {
        unsupported("a tuple")
    }

    fn serialize_tuple_struct(
        self,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleStruct, Error> {
        unsupported("a tuple")
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Error> {
        unsupported("a variant with content")
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self::SerializeMap, Error> {
        unsupported("a map")
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeStruct, Error> {
        Ok(Compound::begin(self, b'{', b'}'))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, Error> {
        unsupported("a variant with content")
    }
}

impl SerializeSeq for Compound<'_, '_> {
    type Ok = ();
    type Error = Error;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.next();
        value.serialize(&mut *self.writer)
    }

    fn end(self) -> Result<(), Error> {
        self.close()
    }
}

impl SerializeStruct for Compound<'_, '_> {
    type Ok = ();
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        self.next();
        // A field of a type: nothing in it is to be escaped.
        let out = &mut self.writer.out;
        out.reserve(key.len() + 3);
        out.push(b'"');
        out.extend_from_slice(key.as_bytes());
        out.extend_from_slice(b"\":");
        value.serialize(&mut *self.writer)
    }

    fn end(self) -> Result<(), Error> {
        self.close()
    }
}

/// Whether a byte stands for itself.
#[inline]
const fn is_plain(byte: u8) -> bool {
    (byte >= b' ') & (byte <= b'~') & (byte != b'"') & (byte != b'\\')
}

/// Text in which something is not plain, with what JSON (RFC 8259 7) and a terminal ask for.
fn escape(text: &str, out: &mut Vec<u8>) {
    let mut rest = text;
    while let Some(at) = rest.bytes().position(|byte| !is_plain(byte)) {
        // Every byte before it is ASCII.
        let (plain, behind) = rest.split_at_checked(at).unwrap_or_default();
        out.extend_from_slice(plain.as_bytes());
        let mut chars = behind.chars();
        let Some(char) = chars.next() else { return };
        let short = match char {
            '"' => Some(b'"'),
            '\\' => Some(b'\\'),
            '\u{8}' => Some(b'b'),
            '\t' => Some(b't'),
            '\n' => Some(b'n'),
            '\u{c}' => Some(b'f'),
            '\r' => Some(b'r'),
            _ => None,
        };
        match short {
            Some(letter) => out.extend_from_slice(&[b'\\', letter]),
            None if is_hostile(char) => {
                for unit in char.encode_utf16(&mut [0; 2]) {
                    let digit = |shift: u16| hex_digit((*unit >> shift & 15) as u8);
                    let [a, b, c, d] = [digit(12), digit(8), digit(4), digit(0)];
                    out.extend_from_slice(&[b'\\', b'u', a, b, c, d]);
                }
            }
            None => out.extend_from_slice(char.encode_utf8(&mut [0; 4]).as_bytes()),
        }
        rest = chars.as_str();
    }
    out.extend_from_slice(rest.as_bytes());
}

const fn hex_digit(value: u8) -> u8 {
    match value {
        0..=9 => b'0' + value,
        _ => b'a' + value - 10,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(value: &impl Serialize) -> String {
        let mut out = Vec::new();
        value
            .serialize(&mut Writer { out: &mut out })
            .expect("it can be written");
        String::from_utf8(out).expect("UTF-8")
    }

    #[test]
    fn every_character_is_as_serde_json_has_it_or_escaped() {
        // Of the planes behind the first one, those that have hostile ones.
        let planes = ('\0'..='\u{ffff}').chain('\u{1b000}'..='\u{1ffff}');
        for char in planes.chain('\u{dff00}'..='\u{f00ff}').chain([char::MAX]) {
            for text in [char.to_string(), format!("a{char}\"b{char}")] {
                let own = written(&text);
                if char.is_ascii_control() || !is_hostile(char) {
                    let other = serde_json::to_string(&text).expect("text");
                    assert_eq!(own, other.replace('\u{7f}', "\\u007f"));
                } else {
                    assert!(own.is_ascii(), "{own}");
                }
                let back: String = serde_json::from_str(&own).expect("JSON");
                assert_eq!(back, text);
            }
        }
    }

    #[test]
    fn numbers_and_nothing_are_as_serde_json_has_them() {
        for number in [0, 7, 10, -1, 123_456_789, i64::MAX, i64::MIN] {
            assert_eq!(written(&number), number.to_string());
        }
        assert_eq!(written(&u64::MAX), u64::MAX.to_string());
        assert_eq!(
            written(&[Some(true), None, Some(false)].as_slice()),
            "[true,null,false]"
        );
        assert_eq!(written(&Vec::<u8>::new()), "[]");
    }

    #[test]
    fn what_an_analysis_has_not_is_refused() {
        let mut out = Vec::new();
        let mut writer = Writer { out: &mut out };
        assert!(1.5f64.serialize(&mut writer).is_err());
        assert!((1, 2).serialize(&mut writer).is_err());
    }
}
