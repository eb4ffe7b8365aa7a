//! How long work says how far it is, without knowing who watches.

/// Takes the news of one step at a time. The application shows bars or plain lines.
pub trait Progress: Sync {
    /// A step begins; `total` in the step's own unit (bytes, relations, tiles), when it is known.
    fn begin(&self, step: &str, total: Option<u64>);

    /// So much more is done. Called from any thread.
    fn advance(&self, by: u64);

    /// The step is over.
    fn finish(&self);
}

/// Nobody watches.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Progress for Silent {
    fn begin(&self, _step: &str, _total: Option<u64>) {}
    fn advance(&self, _by: u64) {}
    fn finish(&self) {}
}
