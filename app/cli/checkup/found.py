"""What a look came to: fine, something to know, or something that keeps Quorum from working; and the remedy."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

State = Literal["ok", "warn", "fail"]


@dataclass(frozen=True)
class Found:
    """`told`: how it is. `remedy`: what to do about it, empty where it is fine."""

    name: str
    state: State
    told: str = ""
    remedy: str = ""

    def __str__(self) -> str:
        about = "; ".join(each for each in (self.told, self.remedy) if each)
        return f"{self.state:4}  {self.name}{': ' + about if about else ''}"


def fine(name: str, told: str = "") -> Found:
    return Found(name, "ok", told)


def warned(name: str, told: str, remedy: str) -> Found:
    return Found(name, "warn", told, remedy)


def failed(name: str, told: str, remedy: str) -> Found:
    return Found(name, "fail", told, remedy)


def as_json(every: Sequence[Found]) -> list[dict[str, Any]]:
    return [asdict(each) for each in every]
