"""How a perspective has done in a repository, and what that means for the advice that it gives there. Pure."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Literal

from app.policy.finding import Finding
from app.policy.rules import VETO

Fate = Literal["acted", "dismissed", "left", "refuted"]
"""What became of a finding: a push mended it, people did not want it, neither of both; or the challenge refuted it."""

SILENCED_AFTER = 3
"""In so many pull requests the same advice is dismissed before it is no longer given."""
_PRIOR = 4.0
_LEFT_COUNTS = 0.5
_HIGHEST_BAR = 0.9
_AREA_CHARS, _CATEGORY_CHARS = 200, 60


@dataclass(frozen=True)
class Tally:
    """How many findings ended how."""

    acted: int = 0
    dismissed: int = 0
    left: int = 0
    refuted: int = 0

    @property
    def stood(self) -> int:
        return self.acted + self.dismissed + self.left


@dataclass(frozen=True)
class Record:
    """Of one perspective in one repository, over pull requests that were closed."""

    perspective: str
    blocking: Tally = Tally()
    advice: Tally = Tally()

    @property
    def published(self) -> int:
        return self.blocking.stood + self.advice.stood

    @property
    def acted(self) -> int:
        return self.blocking.acted + self.advice.acted

    @property
    def dismissed(self) -> int:
        return self.blocking.dismissed + self.advice.dismissed

    @property
    def bar(self) -> float:
        """How sure it must be, from 0 to 0.9, for its advice to be given. That of a veto is, whatever this says."""
        return 0.0 if self.perspective == VETO else bar_of(self.advice)


def bar_of(advice: Tally) -> float:
    """Rises as the share of advice that was acted on falls below a half; what was left alone is half a no.

    The share is the mean of a Beta distribution that begins at (4, 4), so that a few findings change little:
    https://en.wikipedia.org/wiki/Rule_of_succession. One more that was acted on never raises it, one more that was not
    never lowers it.
    """
    against = advice.dismissed + _LEFT_COUNTS * advice.left
    share = (advice.acted + _PRIOR) / (advice.acted + against + 2 * _PRIOR)
    return _HIGHEST_BAR * max(0.0, 1.0 - 2.0 * share)


@dataclass(frozen=True)
class Theme:
    """What makes advice the same in two pull requests. `area` is a glob."""

    perspective: str
    category: str
    area: str

    @property
    def handle(self) -> str:
        """What people call it by on the command line."""
        told = json.dumps([self.perspective, self.category, self.area])
        return hashlib.sha256(told.encode()).hexdigest()[:8]


def theme_of(perspective: str, finding: Finding) -> Theme:
    """Without NUL, which a model may say and a database does not keep."""
    category = " ".join(finding.category.replace("\0", " ").casefold().split())[:_CATEGORY_CHARS]
    return Theme(perspective, category, area_of(finding.path.replace("\0", "")))


def area_of(path: str) -> str:
    """Files of one ending under one top-level folder, as a glob: `app/**/*.py`; those of the root as `/*.py`."""
    pure = PurePosixPath(path)
    name = f"*{pure.suffix}" if pure.suffix else pure.name
    return (f"{pure.parts[0]}/**/{name}" if len(pure.parts) > 1 else f"/{name}")[:_AREA_CHARS]
