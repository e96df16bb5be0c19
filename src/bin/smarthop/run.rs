//! A job, done: inputs into records, in the order of the inputs whatever the number of threads.
//!
//! The main thread finds files, splits mboxes and writes; the others read, examine and render.
//! What is under way is bounded: [`WINDOW`] shares of [`SHARE`] inputs for each thread.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::sync::{Mutex, PoisonError};
use std::thread;

use clap::error::ErrorKind;
use smarthop::analysis::{Source, SourceFormat};
use smarthop::input::mbox::MboxMessage;
use smarthop::input::{Form, Stop};
use smarthop::redact::Redactor;
use smarthop::report::{Record, Report};

use crate::ahead::{self, Kept, Refused};
use crate::config::{Job, Order};
use crate::examiner::{Examiner, Message};
use crate::interrupt;
use crate::progress::Progress;
use crate::sink::{Done, Sink};
use crate::sources::{self, Content, Entry, Found, Item, OpenMbox, Reader, Trouble};
use crate::usage;

/// How many inputs a thread takes at a time: enough that handing them over does not count, few
/// enough that results come early and memory stays small.
const SHARE: usize = 16;

/// How many shares are under way for each thread.
const WINDOW: usize = 4;

/// Does the job and returns its exit status.
pub(crate) fn run(mut job: Job) -> u8 {
    if job.inputs.reads_stdin() {
        prompt();
    }
    let many = job.inputs.is_many();
    let progress = match many && !job.quiet {
        true => Progress::begin(&job.inputs),
        false => Progress::none(),
    };
    if many && !(job.inputs.reads_stdin() && io::stdin().is_terminal()) {
        interrupt::listen();
    }
    match ahead::look(&mut job) {
        Ok(()) => {}
        Err(Refused::Several) => {
            let kind = ErrorKind::TooManyValues;
            usage::end(&usage::plain(kind, ahead::SEVERAL));
            return crate::exit::TROUBLE;
        }
        Err(Refused::List(error)) => return no_list(&error),
    }
    let mut found = match job.inputs.clone().walk(job.order) {
        Ok(walk) => walk.fuse(),
        Err(error) => return no_list(&error),
    };
    if !many {
        return one(&job, found.next());
    }
    let mut batch = Batch::new(&job, true, progress);
    let mut shares = || -> Option<Vec<Found>> {
        let share: Vec<_> = found.by_ref().take(SHARE).collect();
        (!share.is_empty() && !interrupt::came()).then_some(share)
    };
    // A few are done before threads are there.
    let first = shares();
    let second = shares();
    if job.threads == 1 || second.is_none() {
        let rest = std::iter::from_fn(shares);
        for input in first.into_iter().chain(second).chain(rest).flatten() {
            if interrupt::came() {
                break;
            }
            let found = batch.worker.found(input);
            batch.take(found);
        }
    } else {
        let mut begun = [first, second].into_iter().flatten();
        let shares = || begun.next().or_else(&mut shares);
        spread(
            &job,
            shares,
            |worker, input| worker.found(input),
            &mut |step| match step {
                Step::Result(reply) => batch.take(reply),
                Step::ShareEnds => batch.sink.share_ends(),
            },
        );
    }
    batch.finish()
}

fn no_list(error: &io::Error) -> u8 {
    crate::sink::tell(&format!("--files-from: cannot be read: {error}"));
    crate::exit::TROUBLE
}

/// One input, which may turn out to be an mbox.
fn one(job: &Job, found: Option<Found>) -> u8 {
    let mut worker = Worker::new(job, false);
    let reply = found.map(|found| worker.found(found));
    let many = matches!(
        &reply,
        Some(Reply::Mbox(_) | Reply::Stdin(_) | Reply::Kept(..))
    );
    let progress = match (&reply, job.quiet) {
        (Some(Reply::Mbox(_)), false) => Progress::begin(&job.inputs),
        _ => Progress::none(),
    };
    if many && !io::stdin().is_terminal() {
        interrupt::listen();
    }
    let mut batch = Batch::new(job, many, progress);
    if let Some(reply) = reply {
        batch.take(reply);
    }
    batch.finish()
}

/// What came of one input.
#[expect(
    clippy::large_enum_variant,
    reason = "the large one is the rule, and a box for each message would cost"
)]
enum Reply {
    Done(Done),
    /// A file that is no message.
    Skipped(PathBuf),
    /// A file to be split.
    Mbox(PathBuf),
    /// Standard input, to be split.
    Stdin(Box<OpenMbox>),
    /// The same, split already.
    Kept(VecDeque<MboxMessage>, Form, Option<Trouble>),
}

/// The main thread's side.
struct Batch<'j> {
    job: &'j Job,
    worker: Worker<'j>,
    sink: Sink,
}

impl<'j> Batch<'j> {
    fn new(job: &'j Job, many: bool, progress: Progress) -> Self {
        Self {
            job,
            worker: Worker::new(job, many),
            sink: Sink::new(job.format.report(many), job.only.clone(), progress),
        }
    }

    fn take(&mut self, reply: Reply) {
        match reply {
            Reply::Done(done) => self.sink.take(&done),
            Reply::Skipped(path) => self.sink.skip(&path, self.job.verbose),
            Reply::Mbox(path) => match sources::open_mbox(&path) {
                Ok(mbox) => self.split(Messages::Split(Box::new(mbox)), Some(&path)),
                Err(trouble) => {
                    let source = source(Some(&path), 0, SourceFormat::Mbox);
                    self.sink.take(&self.worker.trouble(source, trouble));
                }
            },
            Reply::Stdin(mbox) => self.split(Messages::Split(mbox), None),
            Reply::Kept(messages, form, end) => {
                self.split(Messages::Kept(messages, form, end), None);
            }
        }
        self.sink.progress.file();
    }

    /// The messages of an mbox: a few at once, more of them on all threads.
    fn split(&mut self, mut mbox: Messages, path: Option<&Path>) {
        self.sink.progress.mbox(mbox.length());
        let mut trouble = None;
        let mut number = 0;
        let mut told = 0;
        let progress = std::mem::replace(&mut self.sink.progress, Progress::none());
        // One after the other, so that the next has the room of the one before it.
        let size = if self.job.threads == 1 { 1 } else { SHARE };
        let mut shares = || -> Option<Vec<Section>> {
            let mut share = Vec::with_capacity(size);
            while share.len() < size && trouble.is_none() && !interrupt::came() {
                match mbox.next() {
                    Some(Ok(message)) => {
                        number = message.number + 1;
                        share.push(Section::new(path, message, mbox.form()));
                    }
                    Some(Err(error)) => trouble = Some(error),
                    None => break,
                }
            }
            progress.within(told, mbox.offset());
            told = mbox.offset();
            (!share.is_empty()).then_some(share)
        };
        let first = shares();
        let second = shares();
        if self.job.threads == 1 || second.is_none() {
            let rest = std::iter::from_fn(shares);
            for section in first.into_iter().chain(second).chain(rest).flatten() {
                let Reply::Done(done) = self.worker.section(section) else {
                    continue;
                };
                self.sink.take(&done);
            }
        } else {
            let mut begun = [first, second].into_iter().flatten();
            let shares = || begun.next().or_else(&mut shares);
            spread(
                self.job,
                shares,
                |worker, input| worker.section(input),
                &mut |step| match step {
                    Step::Result(Reply::Done(done)) => self.sink.take(&done),
                    Step::Result(_) => {}
                    Step::ShareEnds => self.sink.share_ends(),
                },
            );
        }
        self.sink.progress = progress;
        if trouble.is_none() && mbox.is_changed() {
            trouble = Some(Trouble::changed());
        }
        if let Some(trouble) = trouble {
            let format = format_of(path);
            self.sink
                .take(&self.worker.trouble(source(path, number, format), trouble));
        }
    }

    fn finish(self) -> u8 {
        self.sink.finish(interrupt::came(), self.job.quiet)
    }
}

/// The messages of an mbox, one after the other.
enum Messages {
    Split(Box<OpenMbox>),
    /// Of standard input, which was read before.
    Kept(VecDeque<MboxMessage>, Form, Option<Trouble>),
}

impl Messages {
    fn next(&mut self) -> Option<Result<MboxMessage, Trouble>> {
        match self {
            Self::Split(mbox) => Some(mbox.messages.next()?.map_err(Trouble::from)),
            Self::Kept(messages, _, end) => match messages.pop_front() {
                Some(message) => Some(Ok(message)),
                None => end.take().map(Err),
            },
        }
    }

    fn form(&self) -> Form {
        match self {
            Self::Split(mbox) => mbox.form,
            Self::Kept(_, form, _) => *form,
        }
    }

    fn length(&self) -> Option<u64> {
        match self {
            Self::Split(mbox) => mbox.length,
            Self::Kept(..) => None,
        }
    }

    /// How far it was read.
    fn offset(&self) -> u64 {
        match self {
            Self::Split(mbox) => mbox.messages.offset(),
            Self::Kept(..) => 0,
        }
    }

    fn is_changed(&self) -> bool {
        match self {
            Self::Split(mbox) => mbox.is_changed(),
            Self::Kept(..) => false,
        }
    }
}

/// One message of an mbox.
struct Section {
    source: Source,
    message: MboxMessage,
    form: Form,
}

impl Section {
    fn new(path: Option<&Path>, message: MboxMessage, form: Form) -> Self {
        Self {
            source: source(path, message.number, format_of(path)),
            message,
            form,
        }
    }
}

const fn format_of(mbox: Option<&Path>) -> SourceFormat {
    match mbox {
        Some(_) => SourceFormat::Mbox,
        None => SourceFormat::Stdin,
    }
}

/// A path as text; of one that is no UTF-8 the bytes that are none are percent-encoded (RFC 3986
/// 2.1), so that two of them can be told apart.
fn shown_path(path: &Path) -> String {
    let mut shown = String::new();
    for chunk in path.as_os_str().as_encoded_bytes().utf8_chunks() {
        shown.push_str(chunk.valid());
        for byte in chunk.invalid() {
            shown.push_str(&format!("%{byte:02X}"));
        }
    }
    shown
}

fn source(path: Option<&Path>, message: u64, format: SourceFormat) -> Source {
    Source {
        path: path.map(shown_path),
        message,
        format,
    }
}

/// What each thread has of its own.
struct Worker<'j> {
    job: &'j Job,
    examiner: Examiner<'j>,
    report: Box<dyn Report>,
    reader: Reader,
    /// The room that a rendered message is given.
    part: usize,
}

impl<'j> Worker<'j> {
    fn new(job: &'j Job, many: bool) -> Self {
        let report = job.format.report(many);
        Self {
            job,
            examiner: Examiner {
                expectation: &job.expectation,
                catalogue: &job.catalogue,
                repair: job.repair_files,
                detail: report.detail(),
                inside: job.inside,
                quotes: report.quotes(),
                stop: Stop::default(),
                longest: None,
                redactor: job.redact.as_ref().map(|key| match many {
                    true => Redactor::keyed(key.clone()),
                    false => Redactor::numbered(),
                }),
            },
            report,
            reader: Reader::new(!many || job.inside),
            part: 0,
        }
    }

    /// One input, read, examined and rendered.
    fn found(&mut self, found: Found) -> Reply {
        match found {
            Found::File(item) => self.file(&item),
            Found::Nothing(path, trouble) => {
                let source = source(Some(&path), 0, SourceFormat::Eml);
                Reply::Done(self.trouble(source, trouble))
            }
            Found::Stdin => self.stdin(),
            #[cfg(feature = "mail")]
            Found::Mail(mail) => {
                let source = source(Some(&mail.path), 0, SourceFormat::Mailbox);
                Reply::Done(self.examine(&Message::Alone(&mail.section()), source))
            }
        }
    }

    fn stdin(&mut self) -> Reply {
        let mut kept = self
            .job
            .stdin
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let kept = kept.take().unwrap_or_else(|| match sources::stdin()? {
            Content::Mbox(mbox) => Ok(Kept::Whole(mbox)),
            Content::Section(section) => Ok(Kept::Section(section)),
        });
        match kept {
            Ok(Kept::Whole(mbox)) => Reply::Stdin(mbox),
            Ok(Kept::Mbox(messages, form, end)) => Reply::Kept(messages, form, end),
            Ok(Kept::Section(section)) => {
                Reply::Done(self.examine(&Message::Alone(&section), Source::default()))
            }
            Err(trouble) => Reply::Done(self.trouble(Source::default(), trouble)),
        }
    }

    fn file(&mut self, item: &Item) -> Reply {
        let path = Some(item.path.as_path());
        // Apart, since what is read is borrowed from it.
        let mut reader = std::mem::take(&mut self.reader);
        let reply = match reader.read(item, self.job.repair_files) {
            Ok(Entry::Section(section)) => {
                let source = source(path, 0, section.format);
                Reply::Done(self.examine(&Message::Alone(&section), source))
            }
            Ok(Entry::Mbox) => Reply::Mbox(item.path.clone()),
            Ok(Entry::Skipped) => Reply::Skipped(item.path.clone()),
            Err(trouble) => Reply::Done(self.trouble(source(path, 0, SourceFormat::Eml), trouble)),
        };
        self.reader = reader;
        reply
    }

    fn section(&mut self, section: Section) -> Reply {
        let Section {
            source,
            message,
            form,
        } = section;
        Reply::Done(self.examine(&Message::OfMbox(&message, form), source))
    }

    fn trouble(&mut self, source: Source, trouble: Trouble) -> Done {
        self.examine(&Message::Unread(trouble), source)
    }

    fn examine(&mut self, message: &Message<'_>, source: Source) -> Done {
        let Self {
            job, report, part, ..
        } = self;
        self.examiner.examine(message, source, |analysis, header| {
            // About as long as the one before it: growing costs a copy each time.
            let mut rendered = Vec::with_capacity(*part);
            if job.only.is_empty() || job.only.contains(&analysis.outcome) {
                report.message(&analysis, header, &mut rendered);
                *part = rendered.len() + rendered.len() / 4;
            }
            Done {
                record: Record::from(analysis),
                part: rendered,
            }
        })
    }
}

/// What the main thread gets.
#[expect(clippy::large_enum_variant, reason = "the large one is the rule")]
enum Step {
    Result(Reply),
    ShareEnds,
}

/// Some inputs, and where their results are waited for.
struct Share<T> {
    inputs: Vec<T>,
    to: SyncSender<Vec<Reply>>,
}

/// Does shares of inputs on the job's threads, and hands the results on in their order, or as they
/// come. No more shares are asked for than the window has room for.
fn spread<T: Send>(
    job: &Job,
    mut shares: impl FnMut() -> Option<Vec<T>>,
    each: impl Fn(&mut Worker<'_>, T) -> Reply + Send + Sync,
    take: &mut dyn FnMut(Step),
) {
    let (hand_out, queue) = mpsc::channel::<Share<T>>();
    let queue = Mutex::new(queue);
    thread::scope(|scope| {
        let mut threads = 0;
        for _ in 0..job.threads {
            let work = || work(Worker::new(job, true), &queue, &each);
            match thread::Builder::new().spawn_scoped(scope, work) {
                Ok(_) => threads += 1,
                // No more can be made: those that there are do it.
                Err(_) => break,
            }
        }
        if threads == 0 {
            let mut worker = Worker::new(job, true);
            while !interrupt::came()
                && let Some(inputs) = shares()
            {
                for input in inputs {
                    take(Step::Result(each(&mut worker, input)));
                }
                take(Step::ShareEnds);
            }
            return;
        }
        let mut waiting: VecDeque<Receiver<Vec<Reply>>> = VecDeque::new();
        loop {
            while waiting.len() < WINDOW * threads
                && !interrupt::came()
                && let Some(inputs) = shares()
            {
                let (to, from) = mpsc::sync_channel(1);
                if hand_out.send(Share { inputs, to }).is_err() {
                    break;
                }
                waiting.push_back(from);
            }
            // A thread that panicked sends nothing; its panic goes on when the scope ends.
            let Some(Ok(replies)) = next(&mut waiting, job.order) else {
                break;
            };
            replies
                .into_iter()
                .for_each(|reply| take(Step::Result(reply)));
            take(Step::ShareEnds);
        }
        drop(hand_out);
    });
}

/// The results of the first share, or of any that is ready.
fn next(
    waiting: &mut VecDeque<Receiver<Vec<Reply>>>,
    order: Order,
) -> Option<Result<Vec<Reply>, mpsc::RecvError>> {
    if order == Order::Any {
        for at in 0..waiting.len() {
            if let Some(replies) = waiting.get(at).and_then(|from| from.try_recv().ok()) {
                waiting.remove(at);
                return Some(Ok(replies));
            }
        }
    }
    waiting.pop_front().map(|from| from.recv())
}

fn work<T>(
    mut worker: Worker<'_>,
    queue: &Mutex<Receiver<Share<T>>>,
    each: &impl Fn(&mut Worker<'_>, T) -> Reply,
) {
    loop {
        let share = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(Share { inputs, to }) = share else {
            return;
        };
        let replies = inputs.into_iter().map(|input| each(&mut worker, input));
        // Nobody waits for it any more where the main thread ended early.
        let _ = to.send(replies.collect());
    }
}

/// On a terminal: what to paste, and how to end.
fn prompt() {
    if !io::stdin().is_terminal() {
        return;
    }
    let end: Cow<'_, str> = if cfg!(windows) {
        "Ctrl-Z and Enter".into()
    } else {
        "Ctrl-D".into()
    };
    let _ = writeln!(
        io::stderr().lock(),
        "Paste the whole header of the received message (\"show original\", \"view source\"), from \
         its first line on.\nThen press Enter and end with {end}."
    );
}
