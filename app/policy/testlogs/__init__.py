"""What test runners print, read into names of failing tests. A file for each family of runners; see `reading`."""
