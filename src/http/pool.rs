//! Where processor work runs: off the threads that answer, and never more at once than there is room for.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::error::ApiError;

/// How long a request waits for room before it is told to come back.
const PATIENCE: Duration = Duration::from_secs(10);

/// A bounded number of blocking jobs.
#[derive(Debug, Clone)]
pub struct Pool {
    room: Arc<Semaphore>,
    patience: Duration,
}

impl Pool {
    /// Room for `jobs` at once, at least one.
    pub fn new(jobs: usize) -> Self {
        Self { room: Arc::new(Semaphore::new(jobs.max(1))), patience: PATIENCE }
    }

    /// Waits for room.
    ///
    /// # Errors
    /// [`ApiError::Busy`] after ten seconds.
    pub async fn room(&self) -> Result<OwnedSemaphorePermit, ApiError> {
        match tokio::time::timeout(self.patience, Arc::clone(&self.room).acquire_owned()).await {
            Ok(Ok(permit)) => Ok(permit),
            Ok(Err(_)) | Err(_) => Err(ApiError::Busy),
        }
    }

    /// Runs a job and gives what it gives. A client that leaves does not stop a job that began.
    ///
    /// # Errors
    /// [`ApiError::Busy`] when there is no room, [`ApiError::Internal`] when the job panics, else the job's own.
    pub async fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce() -> Result<T, ApiError> + Send + 'static,
    ) -> Result<T, ApiError> {
        let permit = self.room().await?;
        let done = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            job()
        });
        done.await.map_err(|e| ApiError::internal("a job", e))?
    }
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
        let pool = Pool { patience: Duration::from_millis(1), ..Pool::new(1) };
        let _held = pool.room().await.unwrap();
        assert!(matches!(pool.run(|| Ok(())).await, Err(ApiError::Busy)));
    }
}
