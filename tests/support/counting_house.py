"""A house that knows on whose behalf each request to GitHub was made."""

import re
from dataclasses import dataclass

from app.runs.drive import Workflows, drive
from app.runs.lease import claim
from app.workflows import CLEAN_UPS, WORKFLOWS
from tests.support.house import House

_API = "/repositories/"
_NAMES = re.compile(r"\b(\d+|[0-9a-f]{40})\b")


@dataclass(frozen=True)
class Asked:
    """A request to the API. `run`: the workflow that made it; `when`: for a look of a review's, `start` or `end`."""

    run: str
    when: str
    method: str
    what: str
    status: int

    @property
    def counts(self) -> bool:
        """What had not changed costs nothing of the hour's requests: see `app.forge.etags`."""
        return self.status != 304


class CountingHouse(House):
    """Drives one run after another. `asked` holds what they asked of the API: no git, and no tokens."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[Asked] = []

    async def _drive(self) -> int:
        told, drives = Workflows(WORKFLOWS, CLEAN_UPS), 0
        while claimed := await claim(self.services.database, "house", 60.0, 1):
            seen = len(self.stage.requests())
            await drive(self.services.database, claimed[0], told, self.services)
            drives += 1
            when = str(claimed[0].cause.get("cause", "")).rpartition(":")[2]
            self.asked += [
                Asked(claimed[0].workflow, when, method, _what(path), status)
                for method, path, status in self.stage.requests()[seen:]
                if _API in path or path.endswith("/graphql")
            ]
        return drives


def _what(path: str) -> str:
    return _NAMES.sub("N", path.rpartition(_API)[2].partition("/")[2] or "graphql")
