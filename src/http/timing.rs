//! Where the time of a request went, for `Server-Timing` (W3C): each part named once, in milliseconds.

use std::fmt::Write;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http::HeaderValue;

/// The parts of one request, in the order they were first met.
#[derive(Debug, Clone, Default)]
pub struct Timing(Arc<Mutex<Vec<(&'static str, Duration)>>>);

tokio::task_local! {
    static TIMING: Timing;
}

/// Adds to a part of the request that this task answers; elsewhere nothing is kept.
pub fn add(part: &'static str, took: Duration) {
    let _ = TIMING.try_with(|timing| timing.add(part, took));
}

impl Timing {
    /// Answers a request, collecting its parts.
    pub async fn of<T>(&self, answer: impl Future<Output = T>) -> T {
        TIMING.scope(self.clone(), answer).await
    }

    fn add(&self, part: &'static str, took: Duration) {
        let mut parts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match parts.iter_mut().find(|(name, _)| *name == part) {
            Some((_, sum)) => *sum += took,
            None => parts.push((part, took)),
        }
    }

    /// The header; `None` when no work was done.
    pub fn header(&self) -> Option<HeaderValue> {
        let parts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut text = String::new();
        for (name, took) in parts.iter() {
            let comma = if text.is_empty() { "" } else { ", " };
            let _ = write!(text, "{comma}{name};dur={:.3}", took.as_secs_f64() * 1e3);
        }
        if text.is_empty() { None } else { HeaderValue::try_from(text).ok() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn parts_are_summed_in_the_order_they_came() {
        let timing = Timing::default();
        timing
            .of(async {
                add("queue", Duration::from_micros(500));
                add("make", Duration::from_millis(2));
                add("queue", Duration::from_micros(250));
            })
            .await;
        add("make", Duration::from_mins(1));
        assert_eq!(timing.header().unwrap(), "queue;dur=0.750, make;dur=2.000");
        assert_eq!(Timing::default().header(), None);
    }
}
