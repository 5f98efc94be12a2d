//! How much an account may store.

/// Bytes that an account may use, and uses.
#[derive(Debug, Clone, Copy)]
pub struct Quota {
    pub limit: u64,
    pub used: u64,
}

impl Quota {
    /// Records that an upload was stored.
    pub fn add(&mut self, bytes: u64) {
        self.used = self.used.saturating_add(bytes);
    }

    /// Records that something was deleted.
    pub fn remove(&mut self, bytes: u64) {
        self.used = self.used.saturating_sub(bytes);
    }
}
