from collections.abc import Callable


class Scheduler:
    """Jobs by name; `run_all` is what the clock calls at night."""

    def __init__(self) -> None:
        self._jobs: dict[str, Callable[[], str]] = {}

    def add(self, name: str, job: Callable[[], str]) -> None:
        if name in self._jobs:
            raise ValueError(f"there is a job {name!r} already")
        self._jobs[name] = job

    def run(self, name: str) -> str:
        return self._jobs[name]()

    def run_all(self) -> list[str]:
        return [job() for job in self._jobs.values()]
