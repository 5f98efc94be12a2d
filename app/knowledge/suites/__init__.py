"""How a project's tests are run, told by its files: candidates first, then what a run of one of them proves."""
