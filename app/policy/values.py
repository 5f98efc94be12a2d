"""The small values that every room speaks of. Each is parsed once, at the border where it comes in."""

from dataclasses import dataclass
from typing import NewType

from typing_extensions import TypeAliasType

Sha = NewType("Sha", str)
"""A commit, 40 lower-case hexadecimal digits."""

MicroUsd = NewType("MicroUsd", int)
"""Money, in millionths of a US dollar, so that sums are exact."""

JsonValue = TypeAliasType("JsonValue", "None | bool | int | float | str | list[JsonValue] | dict[str, JsonValue]")
"""Named, so that pydantic can follow it into itself."""
Json = dict[str, JsonValue]


@dataclass(frozen=True)
class Repo:
    """A repository as an installation sees it. `id` survives renames; `owner` and `name` may not."""

    installation_id: int
    id: int
    owner: str
    name: str

    @property
    def full_name(self) -> str:
        return f"{self.owner}/{self.name}"

    def subject(self, number: int) -> str:
        """What a run or an entry of the audit log is about; 0 stands for the repository itself."""
        return f"{self.full_name}#{number}" if number else self.full_name
