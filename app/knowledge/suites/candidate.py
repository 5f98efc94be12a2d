"""A command that may run a project's tests, and what speaks for it."""

from dataclasses import dataclass

Weight = int
STATED, USUAL, NEEDS_MORE = 1, 2, 3
"""The project names it itself; its files make it usual; it sets up an environment first, which takes a network."""


@dataclass(frozen=True)
class Candidate:
    """`command` is ours, from a closed table; of the repository's text it holds at most a target's plain name.

    `runner` is the program that continuous integration may be seen to call. `why` names the file that speaks for it.
    """

    command: str
    why: str
    ecosystem: str
    runner: str
    weight: Weight = USUAL
