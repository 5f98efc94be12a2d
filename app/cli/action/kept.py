"""Reviews that outlive a job, so that what was reviewed once costs nothing again.

They lie in a folder that `actions/cache` carries from job to job of a pull request. Other workflows can write such a
cache, so each review is sealed with the model's key, which they need not have.
"""

import hashlib
import hmac
import json
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr, TypeAdapter, ValidationError

from app.cli.reviewing.outcome import Review
from app.settings import Settings

_MOST = 20
_REVIEWS = TypeAdapter(Review)
_VERSION = 1
"""To be raised when a review that was kept would mean another thing."""


@dataclass(frozen=True)
class Terms:
    """All that a review depends on. `diff`: git's own words, with the objects before and after.

    The same diff then means the same lines of the same files, so that findings still stand where they stood.
    """

    diff: bytes
    policy: str
    guidance: str
    only: tuple[str, ...]
    models: str
    base_ref: str
    executes: bool

    @property
    def key(self) -> str:
        told = [_VERSION, self.policy, self.guidance, self.only, self.models, self.base_ref, self.executes]
        return hashlib.sha256(json.dumps(told).encode() + b"\0" + self.diff).hexdigest()


class Reviews:
    """A folder of reviews. Without a secret none is kept, and none believed."""

    def __init__(self, folder: Path | None, settings: Settings) -> None:
        secrets = [value for name, value in settings if name.endswith("_api_key") and isinstance(value, SecretStr)]
        held = "\0".join(each.get_secret_value() for each in secrets).strip("\0")
        self._folder = folder if held else None
        self._seal = hashlib.sha256(b"quorum-action\0" + held.encode()).digest()

    def find(self, terms: Terms) -> Review | None:
        """What is no review of ours, whole and unchanged, is none."""
        if self._folder is None:
            return None
        try:
            seal, _, told = (self._folder / f"{terms.key}.json").read_bytes().partition(b"\n")
            if not hmac.compare_digest(seal, self._sealed(terms, told)):
                return None
            return _REVIEWS.validate_json(told)
        except (OSError, ValidationError):
            return None

    def keep(self, terms: Terms, review: Review) -> bool:
        """One more, in the place of the oldest. That it cannot be kept costs money another time, and no more."""
        if self._folder is None:
            return False
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            told = _REVIEWS.dump_json(review)
            (self._folder / f"{terms.key}.json").write_bytes(self._sealed(terms, told) + b"\n" + told)
            by_age = sorted(self._folder.glob("*.json"), key=lambda file: file.stat().st_mtime, reverse=True)
            for old in by_age[_MOST:]:
                old.unlink()
            return True
        return False

    def _sealed(self, terms: Terms, told: bytes) -> bytes:
        return hmac.new(self._seal, terms.key.encode() + b"\0" + told, hashlib.sha256).hexdigest().encode()
