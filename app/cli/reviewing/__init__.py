"""A review of a work tree, on the machine where it lies."""
