"""Where settings come from besides the environment: a file, and words of the command line. Knows none of them."""
