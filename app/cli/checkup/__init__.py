"""What `quorum doctor` looks at: this machine, the services beside it, GitHub, and the repositories' protection."""
