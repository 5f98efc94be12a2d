"""`quorum setup`: pages on this machine that take a person from nothing to an installed App, step by step."""
