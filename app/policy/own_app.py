"""Our own GitHub App, as events name it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class App:
    """Our own GitHub App, as GitHub knows it."""

    id: int
    slug: str

    @property
    def login(self) -> str:
        return f"{self.slug}[bot]"
