"""What five perspectives cost to ask, against one, at a provider that keeps what it has read for a while."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from app.agents import panel
from app.agents.anchor import Anchored
from app.agents.council import Bench
from app.agents.hunks import FileDiff
from app.agents.pack import ReviewPack, render_parts
from app.llm.messages import Model, Usage
from app.policy.pairing import pairs_of
from app.policy.rules import VETO
from app.sandbox.box import Result
from tests.benchmarks.cached import Caching
from tests.support.agents import Journal

FIVE = ("security", "performance", "architecture", "testing", "documentation")
GOAL = 1.8
WAYS = ((1, 1), (2, 1), (3, 1), (2, 2))
"""How a reviewer reads: its turns, and the files that it asks for in each but the last. The last two read the same."""
_READ, _WRITE = 0.1, 1.25
"""Times the input of one, with what is read from the cache at its price."""


@pytest.mark.parametrize(("files", "lines"), [(10, 40), (60, 80), (600, 33)], ids=["small", "middling", "large"])
def test_five_perspectives_against_one(files: int, lines: int, monkeypatch: pytest.MonkeyPatch) -> None:
    told = []
    for way in WAYS:
        one, five = (asyncio.run(ask(names, way, files, lines)) for names in (FIVE[:1], FIVE))
        alone = asyncio.run(ask(FIVE, way, files, lines, shared=False))
        with monkeypatch.context() as patch:
            patch.setattr(panel, "Leading", at_once)
            apart = asyncio.run(ask(FIVE, way, files, lines, shared=False))
        shares = [priced(each) / priced(one) for each in (five, alone, apart)]
        told.append((way, shares, sent(five) / sent(one), share(five), priced(five)))
        assert sent(alone) == sent(apart), "the same is said, whoever goes first"
    one_by_one, at_a_time = told[2][-1], told[3][-1]
    assert at_a_time < one_by_one, "a turn less is a reading of the change less, for each of them"
    print(f"\n{files} files: input of five perspectives against that of one, counted at its price")
    for (turns, calls), (price, alone, apart), plain, cached, tokens in told:
        print(
            f"  {turns} turns, {calls} files in each: {tokens:,.0f} tokens, {price:.2f} "
            f"({'within' if price <= GOAL else 'beyond'} {GOAL}), {plain:.2f} unweighted, "
            f"{cached:.0%} of the prompt from the cache; {alone:.2f} if each read alone, {apart:.2f} if all of them "
            "began at once"
        )


def at_once(model: Model) -> Model:
    return model


class Files:
    """A box in which every file reads the same."""

    async def run(self, argv: list[str], **_: Any) -> Result:
        return Result(0, "".join(f"{number}  value = compute({number})\n" for number in range(120)))


async def ask(names: tuple[str, ...], way: tuple[int, int], files: int, lines: int, *, shared: bool = True) -> Usage:
    diffs = [diff_of(f"p{number % 20}/m{number}.py", lines) for number in range(files)]
    packed = render_parts(ReviewPack("Mend it", "It was broken.", [], diffs, [], "Be kind.\n" * 99, "", "", 1, []))
    model = Caching(*way)
    bench = Bench(model, Files(), Path("/nowhere"), Journal(), packed.prefix)

    async def place(_found: object) -> Anchored:
        return Anchored((), ())

    together = pairs_of(names, (VETO,), "medium", sum(len(each.text) for each in diffs)) if shared else ()
    await panel.convene(bench, packed, names, place, together=together)
    return model.usage


def diff_of(path: str, lines: int) -> FileDiff:
    head = f"diff --git a/{path} b/{path}\n--- a/{path}\n+++ b/{path}\n@@ -0,0 +1,{lines} @@\n"
    text = head + "".join(f"+    value_{number} = compute({number})\n" for number in range(lines))
    return FileDiff(path, text, lines + 4)


def priced(usage: Usage) -> float:
    """In the price of input that no cache has seen; https://docs.anthropic.com/en/docs/build-with-claude/prompt-caching."""
    return usage.input + _READ * usage.cache_read + _WRITE * usage.cache_write


def sent(usage: Usage) -> int:
    return usage.input + usage.cache_read + usage.cache_write


def share(usage: Usage) -> float:
    return usage.cache_read / sent(usage)
