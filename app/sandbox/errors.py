"""Why nothing is executed."""


class SandboxError(Exception):
    """The root of this room's errors."""


class SandboxUnavailableError(SandboxError):
    """Isolation cannot be had here, so nothing is run. Names what is missing and the remedy."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(f"the sandbox cannot be used: {what}. {remedy}")
        self.what = what
        self.remedy = remedy


class SandboxAwayError(SandboxUnavailableError):
    """The process that runs commands does not answer. It may come back, so that it is asked again later."""

    unknown = True


class WorktreeError(SandboxError):
    """A work tree cannot be laid out or read back."""


class PatchError(SandboxError):
    """A diff does not read as git writes diffs, so nothing may be concluded from it."""


class ReportError(SandboxError):
    """An analyzer did not do its work, or what it printed cannot be read. The text continues `NAME: `."""
