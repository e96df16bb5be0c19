//! Bytes that somebody sent, whole, into what they are: the same as `open.rs` makes of a file of
//! that name, or of standard input where they have none. Touches no file.

use std::borrow::Cow;
use std::io::{Cursor, Read};
use std::path::Path;

use smarthop::analysis::SourceFormat;
use smarthop::input::{Decoder, Form, Kind, Repair, msg};

use super::bounds::{Bounded, Bounds};
use super::open::{is_eml, kind, msg_trouble, refused, stream, unpacked};
use super::section::{Buffer, CHUNK, read_section, read_whole};
use super::{Content, OpenMbox, Section, Trouble};

/// What a file of that name and content is.
pub(crate) fn named<'b, B>(
    name: &Path,
    bytes: &'b B,
    bounds: &Bounds,
    repair: Repair,
) -> Result<Content<'b>, Trouble>
where
    B: AsRef<[u8]> + Clone + Send + 'static,
{
    let alone = is_eml(name).then_some(SourceFormat::Eml);
    let section = |bytes, form| Section {
        bytes,
        format: alone.unwrap_or(SourceFormat::Eml),
        form,
        repair,
    };
    // A line in a Graph answer may be empty.
    let mut reading = repair;
    match kind(bytes.as_ref(), alone.is_some()) {
        Kind::Msg => outlook(bytes.clone(), repair),
        Kind::Archive(archive) => Err(refused(archive)),
        packed @ (Kind::Gzip | Kind::Zstd) => {
            let from = unpacked(packed, Cursor::new(bytes.clone()), bounds);
            let mut plain = Decoder::new(Bounded::unpacking(from, bounds))?;
            let form = plain.form();
            let mut head = Vec::new();
            plain.by_ref().take(CHUNK as u64).read_to_end(&mut head)?;
            match (alone, kind(&head, alone.is_some())) {
                (None, Kind::Mbox) => {
                    let from = Box::new(Cursor::new(head).chain(plain));
                    let mut mbox = OpenMbox::new(from, None, bounds)?;
                    mbox.form = form;
                    return Ok(Content::Mbox(Box::new(mbox)));
                }
                (None, Kind::Archive(archive)) => return Err(refused(archive)),
                (None, Kind::Graph) => reading = Repair::Pasted,
                (None, Kind::Msg) => {
                    Bounded::new(plain, bounds.msg, bounds).read_to_end(&mut head)?;
                    return outlook(head, repair);
                }
                _ => {}
            }
            let mut buffer = Buffer::default();
            let mut from = Cursor::new(head).chain(plain).take(bounds.held as u64);
            let length = match reading {
                Repair::Encoding => read_section(&mut buffer, &mut from, None)?,
                Repair::Pasted => read_whole(&mut buffer, &mut from, None)?,
            };
            let head = buffer.filled().get(..length).unwrap_or_default();
            Ok(Content::Section(section(Cow::Owned(head.to_vec()), form)))
        }
        Kind::Mbox => {
            let length = bytes.as_ref().len() as u64;
            let from = Bounded::new(Cursor::new(bytes.clone()), length, bounds);
            let mbox = OpenMbox::new(Box::new(from), Some(length), bounds)?;
            Ok(Content::Mbox(Box::new(mbox)))
        }
        // Its form is undone where it is read.
        Kind::Message | Kind::Graph | Kind::Other => {
            let head = bytes.as_ref().get(..bounds.held).unwrap_or(bytes.as_ref());
            Ok(Content::Section(section(
                Cow::Borrowed(head),
                Form::default(),
            )))
        }
    }
}

/// What bytes without a name are, as those of standard input.
pub(crate) fn unnamed<B>(bytes: B, bounds: &Bounds) -> Result<Content<'static>, Trouble>
where
    B: AsRef<[u8]> + Send + 'static,
{
    stream(Cursor::new(bytes), bounds)
}

fn outlook(bytes: impl AsRef<[u8]>, repair: Repair) -> Result<Content<'static>, Trouble> {
    let header = msg::transport_header(Cursor::new(bytes)).map_err(msg_trouble)?;
    Ok(Content::Section(Section {
        bytes: Cow::Owned(header),
        format: SourceFormat::Msg,
        form: Form::default(),
        repair,
    }))
}
