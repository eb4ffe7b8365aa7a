//! Pieces of an answer that a client has not taken yet: in memory first, then on disk under the spool's quota.
//!
//! Many programs send all of a question before they read any of the answer. Without this both sides would wait
//! for each other as soon as the sockets are full.

use std::collections::VecDeque;
use std::io::{self, Write};

use bytes::Bytes;

use super::error::ApiError;
use super::spool::{Spool, SpoolFile, Waiting};

/// What waits in memory, in bytes.
const MEMORY: usize = 4 << 20;

/// The pieces, first in, first out.
#[derive(Debug)]
pub struct Backlog {
    spool: Spool,
    waiting: Waiting,
    memory: VecDeque<Bytes>,
    in_memory: usize,
    disk: Option<SpoolFile>,
    /// The lengths of the pieces on disk, and where the first begins.
    lengths: VecDeque<usize>,
    at: u64,
    /// What had no room on disk: nothing more is taken until it is gone.
    last: Option<Bytes>,
}

impl Backlog {
    /// An empty one.
    pub fn new(spool: Spool) -> Self {
        Self {
            spool,
            waiting: Waiting::default(),
            memory: VecDeque::new(),
            in_memory: 0,
            disk: None,
            lengths: VecDeque::new(),
            at: 0,
            last: None,
        }
    }

    /// Whether it takes another piece.
    pub fn has_room(&self) -> bool {
        self.last.is_none()
    }

    /// Adds a piece.
    ///
    /// # Errors
    /// [`ApiError::Internal`] when the disk fails for another reason than that it is full.
    pub async fn push(&mut self, piece: Bytes) -> Result<(), ApiError> {
        if self.disk.is_none() && self.in_memory + piece.len() <= MEMORY {
            self.in_memory += piece.len();
            self.memory.push_back(piece);
            return Ok(());
        }
        let begun = match self.disk.take() {
            Some(file) => Ok(file),
            None => self.spool.begin(&self.waiting),
        };
        let mut file = begun.map_err(failed)?;
        let job = move || {
            let before = file.written();
            let written = file.write_all(&piece);
            (file, before, piece, written)
        };
        let (file, before, piece, written) =
            tokio::task::spawn_blocking(job).await.map_err(|e| ApiError::internal("a job", e))?;
        match written {
            Ok(()) => self.lengths.push_back(piece.len()),
            Err(_) if file.refusal().is_some() && file.written() == before => self.last = Some(piece),
            Err(error) => return Err(failed(error)),
        }
        self.disk = Some(file);
        Ok(())
    }

    /// Takes the first piece.
    ///
    /// # Errors
    /// [`ApiError::Internal`] when the disk fails.
    pub async fn pop(&mut self) -> Result<Option<Bytes>, ApiError> {
        if let Some(piece) = self.memory.pop_front() {
            self.in_memory -= piece.len();
            return Ok(Some(piece));
        }
        let (Some(length), Some(file)) = (self.lengths.pop_front(), self.disk.take()) else {
            self.disk = None;
            return Ok(self.last.take());
        };
        let at = self.at;
        let job = move || (file.read_at(at, length), file);
        let (read, file) = tokio::task::spawn_blocking(job).await.map_err(|e| ApiError::internal("a job", e))?;
        let bytes = read.map_err(failed)?;
        self.at += length as u64;
        if self.lengths.is_empty() {
            self.at = 0;
        } else {
            self.disk = Some(file);
        }
        Ok(Some(bytes.into()))
    }
}

fn failed(error: io::Error) -> ApiError {
    ApiError::internal("keeping an answer on disk", error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn pieces_come_out_as_they_went_in_whether_or_not_they_were_on_disk() {
        let folder = tempfile::tempdir().unwrap();
        let spool = Spool::new(folder.path().to_owned(), 10 << 20);
        let mut backlog = Backlog::new(spool.clone());
        let piece = |n: u8| Bytes::from(vec![n; 1 << 20]);
        let mut pushed = 0;
        while backlog.has_room() {
            backlog.push(piece(pushed)).await.unwrap();
            pushed += 1;
        }
        assert_eq!(pushed, 15, "four in memory, ten on disk, and the one that found no room");
        for n in 0..pushed {
            assert_eq!(backlog.pop().await.unwrap().unwrap(), piece(n));
        }
        assert_eq!(backlog.pop().await.unwrap(), None);
        assert_eq!(spool.used(), 0);
        assert!(backlog.has_room());
        backlog.push(piece(7)).await.unwrap();
        assert_eq!(backlog.pop().await.unwrap().unwrap(), piece(7));
    }
}
