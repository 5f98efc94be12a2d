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

    /// Bytes that are left.
    pub fn left(&self) -> u64 {
        self.limit - self.used
    }

    /// Whether an upload of this size may be stored.
    pub fn allows(&self, bytes: u64) -> bool {
        bytes <= self.left()
    }

    /// Records that something was deleted.
    pub fn remove(&mut self, bytes: u64) {
        self.used = self.used.saturating_sub(bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_upload_that_fits_is_allowed() {
        let quota = Quota { limit: 100, used: 40 };
        assert!(quota.allows(60));
        assert!(!quota.allows(61));
    }
}
