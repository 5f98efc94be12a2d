"""The sandbox as a process of its own: a server that holds no key, and the `Box` that asks it over a Unix socket."""
