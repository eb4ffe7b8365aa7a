//! Answers too long for memory: made piece by piece, only as fast as the client reads.
//!
//! No thread waits for a client: a piece is made in the pool, handed over, and only then the next one is made.
//! A client that leaves, or takes nothing for a minute, ends the making. An answer that is not whole never looks
//! whole: its connection is cut.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use http_body::{Frame, SizeHint};
use tokio::io::AsyncReadExt;
use tokio::sync::mpsc::{self, Receiver, Sender};

use super::code::Coder;
use super::error::ApiError;
use super::negotiate::Encoding;
use super::pool::{Cost, Pool, Room, run_in};

/// About how much is made at a time, in bytes before coding.
pub const PIECE: usize = 256 << 10;

/// How long a client may take nothing before it is given up.
pub const PATIENCE: Duration = Duration::from_mins(1);

/// Makes the next piece, appended to its argument; says whether there is more.
pub trait Pieces: FnMut(&mut Vec<u8>) -> Result<bool, ApiError> + Send + 'static {}

impl<F: FnMut(&mut Vec<u8>) -> Result<bool, ApiError> + Send + 'static> Pieces for F {}

/// Where the pieces of an answer go.
#[derive(Debug)]
pub struct Outlet {
    send: Sender<Piece>,
    patience: Duration,
}

#[derive(Debug)]
enum Piece {
    Data(Bytes),
    End,
}

/// A body that is whole only when it was told so.
#[derive(Debug)]
struct Pumped {
    receive: Receiver<Piece>,
    length: Option<u64>,
    ended: bool,
}

/// A body and the way into it. `length`: in bytes, where it is known.
pub fn outlet(length: Option<u64>, patience: Duration) -> (Outlet, Body) {
    let (send, receive) = mpsc::channel(1);
    (Outlet { send, patience }, Body::new(Pumped { receive, length, ended: false }))
}

impl Outlet {
    /// Hands bytes over once the client has taken those before. `false`: it left, or is too slow.
    pub async fn put(&self, bytes: Bytes) -> bool {
        if bytes.is_empty() {
            return !self.send.is_closed();
        }
        matches!(tokio::time::timeout(self.patience, self.send.send(Piece::Data(bytes))).await, Ok(Ok(())))
    }

    /// Waits until the client has taken what was handed over; `None` when it left.
    pub async fn ready(&self) -> Option<Slot<'_>> {
        self.send.reserve().await.ok().map(Slot)
    }

    /// Waits until the client leaves.
    pub async fn closed(&self) {
        self.send.closed().await;
    }

    /// Says that the answer is whole.
    pub async fn end(self) {
        let _ = tokio::time::timeout(self.patience, self.send.send(Piece::End)).await;
    }
}

/// Room for one piece.
#[derive(Debug)]
pub struct Slot<'o>(mpsc::Permit<'o, Piece>);

impl Slot<'_> {
    /// Hands bytes over.
    pub fn put(self, bytes: Bytes) {
        self.0.send(Piece::Data(bytes));
    }
}

impl http_body::Body for Pumped {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if self.ended {
            return Poll::Ready(None);
        }
        let received = std::task::ready!(self.receive.poll_recv(context));
        if let (Some(Piece::Data(bytes)), Some(length)) = (&received, &mut self.length) {
            *length = length.saturating_sub(bytes.len() as u64);
        }
        self.ended = !matches!(received, Some(Piece::Data(_)));
        Poll::Ready(match received {
            Some(Piece::Data(bytes)) => Some(Ok(Frame::data(bytes))),
            Some(Piece::End) => None,
            None => Some(Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the answer could not be finished"))),
        })
    }

    fn is_end_stream(&self) -> bool {
        self.ended
    }

    fn size_hint(&self) -> SizeHint {
        self.length.map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}

/// A body of pieces, coded. `held` is kept until the body ends or is dropped.
pub fn made(pool: Pool, held: Room, encoding: Encoding, patience: Duration, pieces: impl Pieces) -> Body {
    let (outlet, body) = outlet(None, patience);
    tokio::spawn(async move {
        let _held = held;
        if let Err(error) = pump(&pool, encoding, pieces, outlet).await {
            tracing::error!(%error, "an answer was cut");
        }
    });
    body
}

async fn pump(pool: &Pool, encoding: Encoding, mut pieces: impl Pieces, outlet: Outlet) -> Result<(), ApiError> {
    let failed = |e: io::Error| ApiError::internal("coding an answer", e);
    let mut coder = Coder::new(encoding, Vec::new()).map_err(failed)?;
    loop {
        let room = pool.wait(Cost::Dear).await?;
        let job = move || {
            let mut plain = Vec::with_capacity(PIECE + PIECE / 4);
            let more = pieces(&mut plain)?;
            let bytes = coder.code(plain).map_err(failed)?;
            Ok((pieces, coder, bytes, more))
        };
        let (back, coded, bytes, more) = run_in(room, job).await?;
        (pieces, coder) = (back, coded);
        if !outlet.put(bytes.into()).await {
            return Ok(());
        }
        if !more {
            let rest = coder.finish().map_err(failed)?;
            if outlet.put(rest.into()).await {
                outlet.end().await;
            }
            return Ok(());
        }
    }
}

/// A body that is a file, from where it stands; `held` is kept until the body ends or is dropped.
pub fn file(file: std::fs::File, length: u64, held: impl Send + 'static, patience: Duration) -> Body {
    let (outlet, body) = outlet(Some(length), patience);
    tokio::spawn(async move {
        let _held = held;
        let mut file = tokio::fs::File::from_std(file);
        file.set_max_buf_size(PIECE);
        let mut left = length;
        while left > 0 {
            let mut bytes = Vec::with_capacity(PIECE.min(left as usize));
            match (&mut file).take(left.min(PIECE as u64)).read_to_end(&mut bytes).await {
                Ok(0) | Err(_) => return,
                Ok(read) => left -= read as u64,
            }
            if !outlet.put(bytes.into()).await {
                return;
            }
        }
        outlet.end().await;
    });
    body
}

#[cfg(test)]
mod tests {
    use axum::body::to_bytes;

    use super::*;

    async fn room(pool: &Pool) -> Room {
        pool.room(Cost::Cheap).await.unwrap()
    }

    #[tokio::test]
    async fn pieces_make_one_body_and_give_their_room_back() {
        let (pool, streams) = (Pool::new(2), Pool::new(1).patient(Duration::from_millis(1)));
        let mut n = 0u8;
        let pieces = move |out: &mut Vec<u8>| {
            n += 1;
            out.push(b'0' + n);
            Ok(n < 5)
        };
        let body = made(pool, room(&streams).await, Encoding::Identity, PATIENCE, pieces);
        assert_eq!(to_bytes(body, 100).await.unwrap(), "12345");
        while streams.room(Cost::Cheap).await.is_err() {}
    }

    #[tokio::test]
    async fn an_answer_that_fails_midway_never_looks_whole() {
        let (pool, streams) = (Pool::new(2), Pool::new(1));
        let mut n = 0;
        let pieces = move |out: &mut Vec<u8>| {
            n += 1;
            out.push(b'x');
            if n < 3 { Ok(true) } else { Err(ApiError::Busy) }
        };
        let body = made(pool, room(&streams).await, Encoding::Identity, PATIENCE, pieces);
        assert!(to_bytes(body, 100).await.is_err());
    }

    #[tokio::test]
    async fn a_client_that_leaves_or_reads_nothing_ends_the_making() {
        let (pool, streams) = (Pool::new(2), Pool::new(2).patient(Duration::from_millis(1)));
        let endless = |out: &mut Vec<u8>| {
            out.extend([b'x'; 1000]);
            Ok(true)
        };
        drop(made(pool.clone(), room(&streams).await, Encoding::Gzip, PATIENCE, endless));
        let _unread = made(pool, room(&streams).await, Encoding::Gzip, Duration::from_millis(1), endless);
        let both = async { while streams.room(Cost::Cheap).await.is_err() {} };
        both.await;
        let _one = streams.room(Cost::Cheap).await;
        while streams.room(Cost::Cheap).await.is_err() {}
    }

    #[tokio::test]
    async fn a_file_that_nobody_takes_is_given_up_and_never_looks_whole() {
        use std::io::{Seek, Write};
        let places = Pool::new(1).patient(Duration::from_millis(1));
        let mut stored = tempfile::tempfile().unwrap();
        stored.write_all(&vec![b'x'; 5 * PIECE]).unwrap();
        stored.rewind().unwrap();
        let length = 5 * PIECE as u64;
        let whole = file(stored.try_clone().unwrap(), length, room(&places).await, PATIENCE);
        assert_eq!(to_bytes(whole, usize::MAX).await.unwrap().len() as u64, length);
        while places.room(Cost::Cheap).await.is_err() {}
        stored.rewind().unwrap();
        let unread = file(stored, length, room(&places).await, Duration::from_millis(1));
        while places.room(Cost::Cheap).await.is_err() {}
        assert!(to_bytes(unread, usize::MAX).await.is_err());
    }
}
