//! Where processor work runs: off the threads that answer, never more at once than there is room for, and so
//! that dear work (a filter over all rows, an export, a tile of a whole country) never takes the last room.
//!
//! ```text
//! cheap ───────────────────────────────► room (cores + 1)
//! dear ─ queue (64, else 503) ─ dear (cores) ─┘
//! ```

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::error::ApiError;
use super::timing;

/// How long a request waits for room before it is told to come back.
const PATIENCE: Duration = Duration::from_secs(10);

/// What a piece of work costs, as far as can be told before it is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cost {
    /// A few milliseconds at most: one row, a page, what a cache knows already.
    Cheap,
    /// More: it goes over all rows, or makes many of them.
    Dear,
}

/// A bounded number of blocking jobs.
#[derive(Debug, Clone)]
pub struct Pool {
    room: Arc<Semaphore>,
    dear: Arc<Semaphore>,
    queue: Arc<Semaphore>,
    patience: Duration,
}

/// Room for a job, given back when dropped.
#[derive(Debug)]
pub struct Room {
    _room: OwnedSemaphorePermit,
    _dear: Option<OwnedSemaphorePermit>,
}

impl Pool {
    /// Room for `jobs` at once, at least one. All but one of them may be dear; as many as 64 dear ones wait.
    pub fn new(jobs: usize) -> Self {
        Self::with_queue(jobs, 64)
    }

    /// The same, with so many dear jobs waiting at most.
    pub fn with_queue(jobs: usize, waiting: usize) -> Self {
        let jobs = jobs.max(1);
        let semaphore = |n: usize| Arc::new(Semaphore::new(n.min(Semaphore::MAX_PERMITS)));
        Self {
            room: semaphore(jobs),
            dear: semaphore(jobs.saturating_sub(1).max(1)),
            queue: semaphore(waiting.max(1)),
            patience: PATIENCE,
        }
    }

    /// The same, with another patience.
    #[must_use]
    pub fn patient(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// Waits for room.
    ///
    /// # Errors
    /// [`ApiError::Busy`] when there was none for ten seconds, or when too many dear ones wait already.
    pub async fn room(&self, cost: Cost) -> Result<Room, ApiError> {
        let wait = async {
            let _queued = match cost {
                Cost::Dear => Some(self.queue.try_acquire().ok().ok_or(ApiError::Busy)?),
                Cost::Cheap => None,
            };
            self.wait(cost).await
        };
        tokio::time::timeout(self.patience, wait).await.unwrap_or(Err(ApiError::Busy))
    }

    /// Whether another dear job would be let wait.
    pub fn has_room_to_wait(&self) -> bool {
        self.queue.available_permits() > 0
    }

    /// Waits for room as long as it takes: for the next piece of an answer that was begun.
    ///
    /// # Errors
    /// [`ApiError::Busy`] when the pool is closed, which it never is.
    pub async fn wait(&self, cost: Cost) -> Result<Room, ApiError> {
        let dear = match cost {
            Cost::Dear => Some(permit(Arc::clone(&self.dear)).await?),
            Cost::Cheap => None,
        };
        Ok(Room { _room: permit(Arc::clone(&self.room)).await?, _dear: dear })
    }

    /// Runs a cheap job and gives what it gives. A client that leaves does not stop a job that began.
    ///
    /// # Errors
    /// [`ApiError::Busy`] when there is no room, [`ApiError::Internal`] when the job panics, else the job's own.
    pub async fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce() -> Result<T, ApiError> + Send + 'static,
    ) -> Result<T, ApiError> {
        self.run_as("make", Cost::Cheap, job).await
    }

    /// Runs a job of some cost; `name` is what `Server-Timing` calls it.
    ///
    /// # Errors
    /// As [`Self::run`].
    pub async fn run_as<T: Send + 'static>(
        &self,
        name: &'static str,
        cost: Cost,
        job: impl FnOnce() -> Result<T, ApiError> + Send + 'static,
    ) -> Result<T, ApiError> {
        let asked = Instant::now();
        let room = self.room(cost).await?;
        timing::add("queue", asked.elapsed());
        let begun = Instant::now();
        let done = run_in(room, job).await;
        timing::add(name, begun.elapsed());
        done
    }
}

async fn permit(of: Arc<Semaphore>) -> Result<OwnedSemaphorePermit, ApiError> {
    of.acquire_owned().await.ok().ok_or(ApiError::Busy)
}

/// Runs a job in room that was waited for.
///
/// # Errors
/// [`ApiError::Internal`] when the job panics, else the job's own.
pub async fn run_in<T: Send + 'static>(
    room: Room,
    job: impl FnOnce() -> Result<T, ApiError> + Send + 'static,
) -> Result<T, ApiError> {
    let done = tokio::task::spawn_blocking(move || {
        let _room = room;
        job()
    });
    done.await.map_err(|e| ApiError::internal("a job", e))?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_job_that_panics_is_an_error_and_gives_its_room_back() {
        let pool = Pool::new(1);
        let panicked: Result<(), _> = pool.run(|| panic!("on purpose")).await;
        assert!(matches!(panicked, Err(ApiError::Internal(_))));
        assert_eq!(pool.run(|| Ok(7)).await.unwrap(), 7);
    }

    #[tokio::test]
    async fn without_room_the_answer_is_busy() {
        let pool = Pool::new(1).patient(Duration::from_millis(1));
        let _held = pool.room(Cost::Cheap).await.unwrap();
        assert!(matches!(pool.run(|| Ok(())).await, Err(ApiError::Busy)));
    }

    #[tokio::test]
    async fn dear_jobs_leave_room_for_cheap_ones_and_a_long_queue_is_refused_at_once() {
        let pool = Pool::with_queue(3, 3);
        let held = [pool.room(Cost::Dear).await.unwrap(), pool.room(Cost::Dear).await.unwrap()];
        let waits: Vec<_> = (0..3)
            .map(|_| {
                tokio::spawn({
                    let pool = pool.clone();
                    async move { pool.room(Cost::Dear).await }
                })
            })
            .collect();
        while pool.queue.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        assert!(matches!(pool.room(Cost::Dear).await, Err(ApiError::Busy)), "nothing waits behind a full queue");
        assert_eq!(pool.run(|| Ok(7)).await.unwrap(), 7, "the last room is never dear");
        drop(held);
        for wait in waits {
            assert!(wait.await.unwrap().is_ok());
        }
    }
}
