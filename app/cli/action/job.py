"""The job that this process is a step of, as a runner tells of it, and the files by which it tells something back.

https://docs.github.com/en/actions/reference/workflows-and-actions/variables,
https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#environment-files
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

SUMMARY_BYTES = 1024 * 1024
"""Of a step; what is larger is refused as a whole (the second page above)."""
_CUT = "\n\n*(cut here: a step's summary has room for no more)*\n"


@dataclass(frozen=True)
class Job:
    """`workspace`: where a checkout would lie. `cache`: a folder that outlives the job, if there is one."""

    event_name: str
    event: bytes
    server_url: str
    actor: str
    workspace: Path
    temp: Path
    output: Path
    summary: Path
    cache: Path | None = None

    def tell_output(self, name: str, value: str) -> None:
        """Set an output of the step. The mark that ends it is of this moment, so that no value can hold it."""
        mark = f"end-{secrets.token_hex(16)}"
        with self.output.open("a", encoding="utf-8", errors="backslashreplace") as file:
            file.write(f"{name}<<{mark}\n{value}\n{mark}\n")

    def tell_summary(self, text: str) -> None:
        """Add Markdown to the page of the run, as much as it takes."""
        with self.summary.open("ab") as file:
            room = SUMMARY_BYTES - file.tell() - len(_CUT)
            told = text.encode("utf-8", "backslashreplace")
            if len(told) <= room:
                file.write(told + b"\n")
            elif room > 0:
                file.write(told[:room].rpartition(b"\n")[0] + _CUT.encode())


def read_job(environ: Mapping[str, str]) -> Job:
    """Raises `ValueError` where this is no step of a job, `OSError` where the event cannot be read."""

    def told(name: str) -> str:
        if not environ.get(name):
            raise ValueError(f"{name} is not set: `quorum action` is a step of a GitHub workflow, see docs/action.md")
        return environ[name]

    return Job(
        event_name=told("GITHUB_EVENT_NAME"),
        event=Path(told("GITHUB_EVENT_PATH")).read_bytes(),
        server_url=told("GITHUB_SERVER_URL").rstrip("/"),
        actor=told("GITHUB_ACTOR"),
        workspace=Path(told("GITHUB_WORKSPACE")),
        temp=Path(told("RUNNER_TEMP")),
        output=Path(told("GITHUB_OUTPUT")),
        summary=Path(told("GITHUB_STEP_SUMMARY")),
        cache=Path(environ["QUORUM_ACTION_CACHE"]) if environ.get("QUORUM_ACTION_CACHE") else None,
    )
