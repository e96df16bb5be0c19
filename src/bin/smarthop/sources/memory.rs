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
use super::{OpenMbox, Stdin, Trouble};

/// What some bytes turned out to be.
pub(crate) enum Content<'b> {
    /// One message, or its header section, and how it was written down where that was undone.
    Section(Cow<'b, [u8]>, SourceFormat, Form),
    /// Messages to be split.
    Mbox(Box<OpenMbox>),
}

/// What a file of that name and content is.
pub(crate) fn named<'b, B>(
    name: &Path,
    bytes: &'b B,
    bounds: &Bounds,
    mut repair: Repair,
) -> Result<Content<'b>, Trouble>
where
    B: AsRef<[u8]> + Clone + Send + 'static,
{
    let alone = is_eml(name).then_some(SourceFormat::Eml);
    let format = alone.unwrap_or(SourceFormat::Eml);
    match kind(bytes.as_ref(), alone.is_some()) {
        Kind::Msg => outlook(bytes.clone()),
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
                (None, Kind::Graph) => repair = Repair::Pasted,
                (None, Kind::Msg) => {
                    Bounded::new(plain, bounds.msg, bounds).read_to_end(&mut head)?;
                    return outlook(head);
                }
                _ => {}
            }
            let mut buffer = Buffer::default();
            let mut from = Cursor::new(head).chain(plain).take(bounds.held as u64);
            let length = match repair {
                Repair::Encoding => read_section(&mut buffer, &mut from, None)?,
                Repair::Pasted => read_whole(&mut buffer, &mut from, None)?,
            };
            let section = buffer.filled().get(..length).unwrap_or_default();
            Ok(Content::Section(Cow::Owned(section.to_vec()), format, form))
        }
        Kind::Mbox => {
            let length = bytes.as_ref().len() as u64;
            let from = Bounded::new(Cursor::new(bytes.clone()), length, bounds);
            let mbox = OpenMbox::new(Box::new(from), Some(length), bounds)?;
            Ok(Content::Mbox(Box::new(mbox)))
        }
        // Its form is undone where it is read.
        Kind::Message | Kind::Graph | Kind::Other => Ok(Content::Section(
            Cow::Borrowed(bytes.as_ref().get(..bounds.held).unwrap_or(bytes.as_ref())),
            format,
            Form::default(),
        )),
    }
}

/// What bytes without a name are, as those of standard input.
pub(crate) fn unnamed<B>(bytes: B, bounds: &Bounds) -> Result<Stdin, Trouble>
where
    B: AsRef<[u8]> + Send + 'static,
{
    stream(Cursor::new(bytes), bounds)
}

fn outlook(bytes: impl AsRef<[u8]>) -> Result<Content<'static>, Trouble> {
    let header = msg::transport_header(Cursor::new(bytes)).map_err(msg_trouble)?;
    let form = Form::default();
    Ok(Content::Section(
        Cow::Owned(header),
        SourceFormat::Msg,
        form,
    ))
}
