//! The threads that analyse. They are started once, at the beginning: where no more can be made,
//! the server goes on with those there are.
//!
//! Work is light or heavy by what there is of it before any is done. One thread takes light work
//! alone, and the others take it first, so that somebody's large upload does not keep a pasted
//! header waiting.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;

use tokio::sync::oneshot;

type Job = Box<dyn FnOnce() + Send>;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Weight {
    Light,
    Heavy,
}

#[derive(Default)]
struct Waiting {
    light: VecDeque<Job>,
    heavy: VecDeque<Job>,
}

#[derive(Default)]
struct Queue {
    waiting: Mutex<Waiting>,
    ready: Condvar,
}

pub(super) struct Workers {
    queue: Arc<Queue>,
    threads: usize,
}

impl Workers {
    /// So many threads for anything, and one for light work; or as many as can be made.
    pub(super) fn start(threads: usize) -> Self {
        let queue = Arc::<Queue>::default();
        let mut started = 0;
        for number in 0..=threads {
            let only_light = number > 0 && number == threads;
            let queue = queue.clone();
            let work = move || queue.work(only_light);
            match thread::Builder::new().spawn(work) {
                Ok(_) => started += 1,
                Err(_) => break,
            }
        }
        Self {
            queue,
            threads: started,
        }
    }

    /// Does it on one of the threads; nothing comes of what panics. Without a thread it is done
    /// here.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        weight: Weight,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Option<T> {
        let (tell, told) = oneshot::channel();
        let job: Job = Box::new(move || {
            let _ = tell.send(work());
        });
        if self.threads == 0 {
            let _ = catch_unwind(AssertUnwindSafe(job));
        } else {
            let waiting = self.queue.waiting.lock();
            let mut waiting = waiting.unwrap_or_else(PoisonError::into_inner);
            match weight {
                Weight::Light => waiting.light.push_back(job),
                Weight::Heavy => waiting.heavy.push_back(job),
            }
            drop(waiting);
            // All of them: the one that is woken might be the one for light work.
            self.queue.ready.notify_all();
        }
        told.await.ok()
    }
}

impl Queue {
    fn work(&self, only_light: bool) {
        loop {
            let job = self.next(only_light);
            // The panic's message is on standard error; the request is told of an internal error.
            let _ = catch_unwind(AssertUnwindSafe(job));
        }
    }

    fn next(&self, only_light: bool) -> Job {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(job) = waiting.light.pop_front() {
                return job;
            }
            if !only_light && let Some(job) = waiting.heavy.pop_front() {
                return job;
            }
            waiting = self
                .ready
                .wait(waiting)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }
}
