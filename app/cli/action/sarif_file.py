"""The review as a file that `github/codeql-action/upload-sarif` takes."""

import json
from pathlib import Path

from app.cli.action.inputs import Inputs
from app.cli.action.job import Job
from app.cli.reviewing.in_sarif import review_sarif
from app.cli.reviewing.outcome import Review
from app.policy.finding import Severity


def write_sarif(job: Job, inputs: Inputs, review: Review) -> str:
    """Where it lies now: as the input says, from the workspace on, else among the job's temporary files.

    Empty where it could not be written, which the run's page tells.
    """
    least = Severity.CRITICAL if inputs.fail_on == "never" else inputs.fail_on
    try:
        place = _place(job, inputs.sarif_file)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(json.dumps(review_sarif(review, least), indent=1) + "\n", "utf-8")
    except OSError as error:
        job.tell_summary(f"\n- The SARIF file could not be written: {error.strerror}. See the input `sarif-file`.")
        return ""
    return str(place)


def _place(job: Job, wanted: str) -> Path:
    """Raises `OSError` for one that leads out of the job's folders: what is checked out may be a stranger's links."""
    if not wanted:
        return job.temp / "quorum.sarif"
    place = (job.workspace / wanted).resolve()
    if not any(place.is_relative_to(folder.resolve()) for folder in (job.workspace, job.temp)):
        raise OSError(0, "its place is neither in the workspace nor among the job's temporary files")
    return place
