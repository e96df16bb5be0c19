//! A file or standard input into what it is: one message's header section, an mbox, an Outlook
//! message; compressed ones (gzip, Zstandard) are undone on the way. What it is, its content tells;
//! but a file named `.eml`, and one in a Maildir, is one message, whatever its body holds.

use std::borrow::Cow;
use std::fs::{File, Metadata};
use std::io::{self, BufRead, BufReader, Cursor, Read, Seek as _};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;
use ruzstd::decoding::StreamingDecoder;
use smarthop::analysis::SourceFormat;
use smarthop::input::mbox::Mbox;
use smarthop::input::{Archive, Decoder, Form, Kind, Repair, msg};

use super::bounds::{Bounded, Bounds};
use super::section::{Buffer, is_changed, pasted, read_carried, read_section, read_whole};
use super::{Content, Item, Origin, Section, Trouble};

/// How much of standard input is kept until it is known whether it is a paste or an mbox.
const PASTE_MAX: u64 = 1 << 20;

/// What a file turned out to be.
#[derive(Debug)]
pub(crate) enum Entry<'b> {
    /// One message.
    Section(Section<'b>),
    /// Messages to be split.
    Mbox,
    /// No message.
    Skipped,
}

/// Reads one file after the other.
#[derive(Debug, Default)]
pub(crate) struct Reader {
    whole: bool,
    buffer: Buffer,
}

impl Reader {
    /// `whole`: a message that may carry another is read on, within bounds, for what it carries.
    pub(crate) fn new(whole: bool) -> Self {
        Self {
            whole,
            ..Self::default()
        }
    }

    /// One that is to be repaired is read whole, within bounds, for its first empty line may be the
    /// paste's.
    pub(crate) fn read(&mut self, item: &Item, repair: Repair) -> Result<Entry<'_>, Trouble> {
        let mut file = File::open(&item.path)?;
        self.buffer.clear();
        self.buffer.read_head(&mut file)?;
        let alone = match item.origin {
            Origin::Maildir => Some(SourceFormat::Maildir),
            Origin::Named | Origin::Searched => is_eml(&item.path).then_some(SourceFormat::Eml),
        };
        match kind(self.buffer.filled(), alone.is_some()) {
            Kind::Msg => {
                file.rewind()?;
                let header = msg::transport_header(BufReader::new(file)).map_err(msg_trouble)?;
                Ok(Entry::Section(outlook(header, SourceFormat::Msg, repair)))
            }
            packed @ (Kind::Gzip | Kind::Zstd) => {
                file.rewind()?;
                let mut plain = unpacked(packed, BufReader::new(file), &Bounds::default());
                self.buffer.clear();
                self.buffer.read_head(&mut plain)?;
                self.plain(item, alone, &mut plain, None, repair)
            }
            Kind::Archive(_) if item.origin == Origin::Searched => Ok(Entry::Skipped),
            Kind::Archive(archive) => Err(refused(archive)),
            Kind::Message | Kind::Mbox | Kind::Graph | Kind::Other => {
                let mut from = &file;
                self.plain(item, alone, &mut from, Some(&file), repair)
            }
        }
    }

    fn plain(
        &mut self,
        item: &Item,
        alone: Option<SourceFormat>,
        from: &mut dyn Read,
        file: Option<&File>,
        repair: Repair,
    ) -> Result<Entry<'_>, Trouble> {
        if Form::of(self.buffer.filled()).is_plain() {
            return self.text(item, alone, from, (file, Form::default()), repair);
        }
        let head = self.buffer.filled().to_vec();
        let mut from = Decoder::new(Cursor::new(head).chain(from))?;
        let form = from.form();
        self.buffer.clear();
        self.buffer.read_head(&mut from)?;
        self.text(item, alone, &mut from, (file, form), repair)
    }

    /// What is text by now, as `from` is.
    fn text(
        &mut self,
        item: &Item,
        alone: Option<SourceFormat>,
        from: &mut dyn Read,
        (file, form): (Option<&File>, Form),
        repair: Repair,
    ) -> Result<Entry<'_>, Trouble> {
        let mut reading = repair;
        if alone.is_none() {
            match kind(self.buffer.filled(), false) {
                Kind::Mbox => return Ok(Entry::Mbox),
                Kind::Msg => {
                    let mut bytes = self.buffer.filled().to_vec();
                    from.take(Bounds::default().msg).read_to_end(&mut bytes)?;
                    let header = msg::transport_header(Cursor::new(bytes)).map_err(msg_trouble)?;
                    return Ok(Entry::Section(outlook(header, SourceFormat::Msg, repair)));
                }
                Kind::Other | Kind::Gzip | Kind::Zstd | Kind::Archive(_)
                    if item.origin == Origin::Searched =>
                {
                    return Ok(Entry::Skipped);
                }
                Kind::Archive(archive) => return Err(refused(archive)),
                // A line in it may be empty.
                Kind::Graph => reading = Repair::Pasted,
                Kind::Other | Kind::Gzip | Kind::Zstd | Kind::Message => {}
            }
        }
        let length = match reading {
            Repair::Encoding => read_section(&mut self.buffer, from, file)?,
            Repair::Pasted => read_whole(&mut self.buffer, from, file)?,
        };
        let length = match self.whole && reading == Repair::Encoding {
            true => read_carried(&mut self.buffer, length, from)?,
            false => length,
        };
        let section = self.buffer.filled().get(..length).unwrap_or_default();
        Ok(Entry::Section(Section {
            bytes: Cow::Borrowed(section),
            format: alone.unwrap_or(SourceFormat::Eml),
            form,
            repair,
        }))
    }
}

/// The kind by content; where it is one message anyway, only the marks of other kinds are looked
/// for.
pub(super) fn kind(head: &[u8], alone: bool) -> Kind {
    match (Kind::of_mark(head), alone) {
        (Some(kind), _) => kind,
        (None, true) => Kind::Message,
        (None, false) => Kind::of(head),
    }
}

/// What is not opened is told as what it is.
pub(super) fn refused(archive: Archive) -> Trouble {
    Trouble::new("packed", archive.says())
}

/// Whether a name ends in `.eml`, compressed or not.
pub(super) fn is_eml(path: &Path) -> bool {
    let ends = |path: &Path, of: &[&str]| {
        path.extension()
            .is_some_and(|end| of.iter().any(|known| end.eq_ignore_ascii_case(known)))
    };
    ends(path, &["eml"])
        || (ends(path, &["gz", "zst"])
            && path
                .file_stem()
                .is_some_and(|stem| ends(Path::new(stem), &["eml"])))
}

pub(super) fn msg_trouble(error: msg::MsgError) -> Trouble {
    let code = match &error {
        msg::MsgError::Damaged(_) => "unreadable",
        msg::MsgError::NoHeader => "no-header",
    };
    Trouble::new(code, &error.to_string())
}

pub(super) fn unpacked<'r>(
    kind: Kind,
    from: impl BufRead + Send + 'r,
    bounds: &Bounds,
) -> Box<dyn Read + Send + 'r> {
    match kind {
        Kind::Gzip => Box::new(MultiGzDecoder::new(from)),
        Kind::Zstd => Box::new(Zstd {
            window: bounds.window,
            at: At::Between(from),
        }),
        Kind::Message | Kind::Mbox | Kind::Msg | Kind::Graph | Kind::Archive(_) | Kind::Other => {
            Box::new(from)
        }
    }
}

/// Zstandard frames, one behind the other (RFC 8878 3.1).
struct Zstd<R: BufRead> {
    window: u64,
    at: At<R>,
}

enum At<R: BufRead> {
    /// Before a frame.
    Between(R),
    /// In one.
    Within(Box<StreamingDecoder<R, ruzstd::decoding::FrameDecoder>>),
    /// At the end, or where nothing more can be read.
    Ended,
}

impl<R: BufRead> At<R> {
    fn begin(mut from: R, window: u64) -> io::Result<Self> {
        loop {
            let next = from.fill_buf()?;
            if next.is_empty() {
                return Ok(Self::Ended);
            }
            // A frame of something else (RFC 8878 3.1.2).
            let Some(length) = skippable(next) else { break };
            io::copy(&mut from.by_ref().take(length), &mut io::sink())?;
        }
        let decoder = StreamingDecoder::new_with_max_window_size(from, window);
        let decoder = decoder.map_err(|error| io::Error::other(error.to_string()))?;
        Ok(Self::Within(Box::new(decoder)))
    }
}

/// The length of a skippable frame, with its head.
fn skippable(next: &[u8]) -> Option<u64> {
    let [0x50..=0x5F, 0x2A, 0x4D, 0x18, a, b, c, d, ..] = *next else {
        return None;
    };
    Some(8 + u64::from(u32::from_le_bytes([a, b, c, d])))
}

impl<R: BufRead> Read for Zstd<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            match std::mem::replace(&mut self.at, At::Ended) {
                At::Between(from) => self.at = At::begin(from, self.window)?,
                At::Within(mut decoder) => {
                    let read = decoder.read(buffer)?;
                    if read > 0 {
                        self.at = At::Within(decoder);
                        return Ok(read);
                    }
                    self.at = At::Between(decoder.into_inner());
                }
                At::Ended => return Ok(0),
            }
        }
    }
}

/// An mbox that is being split.
pub(crate) struct OpenMbox {
    pub(crate) messages: Mbox<Decoder<Box<dyn Read + Send>>>,
    /// How it is written down, which is undone.
    pub(crate) form: Form,
    /// In bytes, where it is known.
    pub(crate) length: Option<u64>,
    file: Option<(File, Metadata)>,
}

impl OpenMbox {
    /// One that is no file and cannot change.
    pub(super) fn new(
        from: Box<dyn Read + Send>,
        length: Option<u64>,
        bounds: &Bounds,
    ) -> io::Result<Self> {
        let from = Decoder::new(from)?;
        let form = from.form();
        // Text that is converted has another length.
        let length = length.filter(|_| form.is_plain());
        Ok(Self {
            messages: Mbox::new(from, length).keeping(bounds.held),
            form,
            length,
            file: None,
        })
    }

    /// Tells, at the end, whether it changed meanwhile.
    pub(crate) fn is_changed(&self) -> bool {
        let file = self.file.as_ref();
        file.is_some_and(|(file, before)| file.metadata().is_ok_and(|now| is_changed(before, &now)))
    }
}

pub(crate) fn open_mbox(path: &Path) -> Result<OpenMbox, Trouble> {
    let bounds = Bounds::default();
    let file = File::open(path)?;
    let before = file.metadata()?;
    let mut from = file.try_clone()?;
    let mut head = [0; 8];
    let read = from.read(&mut head)?;
    from.rewind()?;
    let (from, length): (Box<dyn Read + Send>, _) =
        match Kind::of(head.get(..read).unwrap_or_default()) {
            packed @ (Kind::Gzip | Kind::Zstd) => {
                (unpacked(packed, BufReader::new(from), &bounds), None)
            }
            Kind::Message
            | Kind::Mbox
            | Kind::Msg
            | Kind::Graph
            | Kind::Archive(_)
            | Kind::Other => (Box::new(from), Some(before.len())),
        };
    Ok(OpenMbox {
        file: Some((file, before)),
        ..OpenMbox::new(from, length, &bounds)?
    })
}

/// The header of an Outlook message.
fn outlook(header: Vec<u8>, format: SourceFormat, repair: Repair) -> Section<'static> {
    Section {
        bytes: Cow::Owned(header),
        format,
        form: Form::default(),
        repair,
    }
}

/// What was pasted or piped, as text.
fn paste(bytes: Vec<u8>, form: Form) -> Content<'static> {
    Content::Section(Section {
        bytes: Cow::Owned(bytes),
        format: SourceFormat::Stdin,
        form,
        repair: Repair::Pasted,
    })
}

/// Standard input: an mbox where more than one message is in it; an Outlook message; or a paste,
/// whatever it looks like.
pub(crate) fn stdin() -> Result<Content<'static>, Trouble> {
    stream(BufReader::new(io::stdin()), &Bounds::default())
}

/// As [`stdin`], from elsewhere. More than is bounded is trouble.
pub(super) fn stream(
    mut from: impl BufRead + Send + 'static,
    bounds: &Bounds,
) -> Result<Content<'static>, Trouble> {
    let packed = Kind::of(from.fill_buf()?);
    let mut from: Box<dyn Read + Send> = {
        let plain = unpacked(packed, from, bounds);
        Box::new(Bounded::unpacking(plain, bounds))
    };
    let mut head = Vec::new();
    from.by_ref().take(PASTE_MAX).read_to_end(&mut head)?;
    let mut is_whole = (head.len() as u64) < PASTE_MAX;
    let form = Form::of(&head);
    if !form.is_plain() {
        from = Box::new(Decoder::new(Cursor::new(head).chain(from))?);
        head = Vec::new();
        from.by_ref().take(PASTE_MAX).read_to_end(&mut head)?;
        is_whole = (head.len() as u64) < PASTE_MAX;
    }
    match Kind::of(&head) {
        Kind::Mbox if !is_whole || is_split(&head) => {
            let from: Box<dyn Read + Send> = match is_whole {
                true => Box::new(Cursor::new(head)),
                false => Box::new(Cursor::new(head).chain(from)),
            };
            let mbox = OpenMbox::new(from, None, bounds)?;
            Ok(Content::Mbox(Box::new(OpenMbox { form, ..mbox })))
        }
        Kind::Msg => {
            if !is_whole {
                from.take(bounds.msg).read_to_end(&mut head)?;
            }
            let header = msg::transport_header(Cursor::new(head)).map_err(msg_trouble)?;
            let section = outlook(header, SourceFormat::Stdin, Repair::Encoding);
            Ok(Content::Section(section))
        }
        Kind::Archive(archive) => Err(refused(archive)),
        _ if is_whole => Ok(paste(head, form)),
        Kind::Message | Kind::Mbox | Kind::Gzip | Kind::Zstd | Kind::Graph | Kind::Other => {
            let bytes = pasted(Cursor::new(head).chain(from), bounds.held)?;
            Ok(paste(bytes, form))
        }
    }
}

/// Whether more than one message is in it, or it is not certain that there is one.
fn is_split(bytes: &[u8]) -> bool {
    let mut messages = Mbox::new(bytes, None);
    match messages.next() {
        Some(Ok(first)) => first.doubt.is_some() || messages.next().is_some(),
        Some(Err(_)) | None => false,
    }
}
