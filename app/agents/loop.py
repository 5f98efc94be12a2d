"""The agent loop: ask, act on what was asked for, append, again.

Every turn and every tool call is a step of the run's journal, so a run that died goes on with the same prompt, to the
byte.
"""

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, cast

from app.agents.attempt import tell_attempt
from app.agents.listening import NOT_YET, Hear, Said
from app.agents.stalls import Stalls
from app.agents.steps import Steps
from app.agents.stuck import Watch
from app.agents.tool import AgentTool, ToolOutput
from app.agents.transcript import Transcript
from app.agents.turn import Turn, why
from app.llm.errors import ModelError
from app.llm.messages import Block, Message, Model, Reply, Request, Text, ToolResult, ToolUse
from app.policy.values import Json, JsonValue, MicroUsd

Ended = Literal[
    "submitted", "no_tool_call", "turns", "budget", "time", "loop", "stalled", "refused", "model_error", "malformed"
]

_NO_TOOL_CALL = "You answered without calling a tool. Go on with the task by calling one of your tools."
_TOO_LONG = "Your answer was cut off because it was too long. Do less in one turn: one tool call with a short input."
_MALFORMED_IN_A_ROW = 3
_SILENT_IN_A_ROW = 2
_SHORTER_AT_MOST = 3


@dataclass(frozen=True)
class Brief:
    """What an agent is told: who it is (`system`), what all agents of this change share, and its own task.

    `part`: what those share who read the same part of it. `role` picks the model; `name` starts its steps' names and
    is unique within a run. `max_seconds` bounds the time that models and tools take together. `failing`: tests that
    fail whatever it does.
    """

    name: str
    role: str
    system: str
    task: str
    shared: str = ""
    part: str = ""
    max_turns: int = 60
    max_seconds: float = math.inf
    failing: frozenset[str] = frozenset()


@dataclass(frozen=True)
class AgentOutcome:
    """`value` is the input of the tool that ended it, when `ended` is `submitted`; else `reason` says what happened.

    `seconds` are counted where they are limited. `tried`: what it did, for whoever tries next, when it got nowhere.
    """

    ended: Ended
    value: Json | None
    turns: int
    cost: MicroUsd
    model: str
    reason: str = ""
    seconds: float = 0.0
    tried: str = ""


async def run_agent(
    brief: Brief, *, model: Model, tools: Sequence[AgentTool[Any]], steps: Steps, hear: Hear | None = None
) -> AgentOutcome:
    """Let an agent work until it submits, or until something says that it will not.

    `hear`: what people say meanwhile; it is asked before each turn, and before work is taken for handed in.
    """
    return await _Conversation(brief, model, tools, steps, hear).run()


async def _hear_nothing(_heard: frozenset[str]) -> Sequence[Said]:
    return ()


class _Conversation:
    def __init__(
        self, brief: Brief, model: Model, tools: Sequence[AgentTool[Any]], steps: Steps, hear: Hear | None
    ) -> None:
        self._brief = brief
        self._hear = hear or _hear_nothing
        self._heard: frozenset[str] = frozenset()
        self._model = model
        self._tools = {tool.spec.name: tool for tool in tools}
        self._specs = tuple(tool.spec for tool in tools)
        self._steps = steps
        self._transcript = Transcript(brief.task)
        self._watch = Watch()
        self._stalls = Stalls(brief.failing) if "edit" in self._tools else None
        self._previous: dict[str, str] = {}
        self._given: dict[str, Json] = {}
        self._cost = 0
        self._seconds = 0.0
        self._model_name = ""
        self._by = ""
        self._silent = 0
        self._malformed = 0

    async def run(self) -> AgentOutcome:
        for number in range(1, self._brief.max_turns + 1):
            if self._is_late():
                return self._end_late(number - 1)
            turn = await self._ask(number)
            if turn.reply is None:
                return self._end("budget" if turn.why == "budget" else "model_error", number, turn.failed)
            self._cost += turn.reply.cost
            self._model_name, self._by = turn.reply.model, turn.reply.by
            if turn.reply.stop == "refusal":
                return self._end("refused", number, f"the model refused: {turn.reply.text[:500]}")
            outcome = await self._act(number, turn.reply)
            if outcome is not None:
                return outcome
        return self._end("turns", self._brief.max_turns, f"no result after {self._brief.max_turns} turns")

    async def _ask(self, number: int) -> Turn:
        """One turn; asked again with a shorter conversation where the model could not take all of it."""
        name = f"{self._brief.name}.turn-{number}"
        turn = await self._ask_once(name)
        for shorter in range(1, _SHORTER_AT_MOST + 1):
            if turn.reply is not None or turn.why != "too_long" or not self._transcript.shorten_by_half():
                break
            turn = await self._ask_once(f"{name}.shorter-{shorter}")
        return turn

    async def _ask_once(self, name: str) -> Turn:
        """What was heard is journalled with the turn: a replay asks for the same, to the byte."""

        async def ask() -> JsonValue:
            said = tuple(await self._hear(self._heard))
            started = time.monotonic()
            try:
                reply = await self._model.reply(self._request(name, said))
            except ModelError as error:
                return Turn(None, said, self._since(started), str(error), why(error)).to_json()
            return Turn(reply, said, self._since(started)).to_json()

        turn = Turn.from_json(await self._steps.step(name, ask))
        self._transcript.hear(turn.said)
        self._heard |= {each.id for each in turn.said}
        self._seconds += turn.seconds
        return turn

    def _request(self, step: str, said: Sequence[Said]) -> Request:
        return Request(
            role=self._brief.role,
            system=self._brief.system,
            shared=self._brief.shared,
            part=self._brief.part,
            messages=self._transcript.messages(said),
            tools=self._specs,
            stays_with=self._by,
            step=step,
        )

    async def _act(self, turn: int, reply: Reply) -> AgentOutcome | None:
        """Append the reply and what came of it. Returns the outcome when this turn was the last."""
        uses = reply.tool_uses if reply.stop != "max_tokens" else ()
        if not uses:
            return self._nudge(turn, reply)
        self._silent = 0
        outputs: list[tuple[ToolUse, ToolOutput]] = []
        for number, use in enumerate(uses, start=1):
            if self._is_late():
                return self._end_late(turn)
            output = await self._call(f"{self._brief.name}.tool-{turn}-{number}.{use.name}", use)
            self._seconds += output.seconds
            if output.ends:
                return self._end("submitted", turn, "", self._complete(use))
            outputs.append((use, output))
        return self._answer(turn, reply, outputs)

    def _answer(self, turn: int, reply: Reply, outputs: Sequence[tuple[ToolUse, ToolOutput]]) -> AgentOutcome | None:
        """Whatever is counted is counted by turn: of the calls of one turn the agent has not seen any result yet."""
        self._malformed = self._malformed + 1 if all(output.malformed for _, output in outputs) else 0
        if self._malformed >= _MALFORMED_IN_A_ROW:
            told = outputs[-1][1].text[:500]
            return self._end("malformed", turn, f"{self._malformed} turns in a row held malformed calls only: {told}")
        results: list[Block] = []
        advice: dict[str, str] = {}
        for use, output in outputs:
            call = repr((use.name, use.input, output.text))
            if call not in advice:
                verdict = self._watch.saw(use, output)
                if verdict.stuck:
                    return self._end("loop", turn, verdict.why)
                advice[call] = verdict.why
            text = f"{output.text}\n\n{advice[call]}" if advice[call] else output.text
            results.append(ToolResult(use.id, text, output.is_error))
            if not output.malformed:
                self._given[use.name] = self._complete(use)
                self._previous[use.name] = output.text
        if self._stalls is not None:
            verdict = self._stalls.saw([(use.name, output) for use, output in outputs])
            if verdict.stuck:
                return self._end("stalled", turn, verdict.why)
            results += [Text(verdict.why)] if verdict.why else []
        self._transcript.add(Message("assistant", reply.content), Message("user", tuple(results)))
        return None

    def _nudge(self, turn: int, reply: Reply) -> AgentOutcome | None:
        self._silent += 1
        if self._silent > _SILENT_IN_A_ROW:
            return self._end("no_tool_call", turn, f"the model called no tool {self._silent} times in a row")
        said = tuple(block for block in reply.content if isinstance(block, Text) and block.text.strip())
        correction = _TOO_LONG if reply.stop == "max_tokens" else _NO_TOOL_CALL
        self._transcript.add(Message("assistant", said or (Text("(nothing)"),)), Message("user", (Text(correction),)))
        return None

    async def _call(self, name: str, use: ToolUse) -> ToolOutput:
        tool = self._tools.get(use.name)
        if tool is None:
            names = ", ".join(sorted(self._tools))
            return ToolOutput(f"There is no tool {use.name!r}. Your tools are: {names}.", is_error=True, malformed=True)
        given = self._complete(use)
        problem = tool.problem(given)
        if problem is not None:
            return ToolOutput(problem, is_error=True, malformed=True)

        async def call() -> JsonValue:
            started = time.monotonic()
            output = await tool.run(given, self._previous.get(use.name))
            if output.ends and await self._hear(self._heard):
                output = ToolOutput(NOT_YET)  # the words themselves come with the next turn
            return replace(output, seconds=self._since(started)).to_json()

        return ToolOutput.from_json(cast("Json", await self._steps.step(name, call)))

    def _complete(self, use: ToolUse) -> Json:
        """What was given in an earlier turn counts, as far as this call leaves it out."""
        tool = self._tools.get(use.name)
        return use.input if tool is None else tool.complete(use.input, self._given.get(use.name))

    def _since(self, started: float) -> float:
        """Nought where time does not count: a journal is the same then however fast the machine was."""
        return 0.0 if self._brief.max_seconds == math.inf else round(time.monotonic() - started, 3)

    def _is_late(self) -> bool:
        return self._seconds >= self._brief.max_seconds

    def _end_late(self, turns: int) -> AgentOutcome:
        return self._end("time", turns, f"no result after {self._seconds / 60:.0f} minutes of work")

    def _end(self, ended: Ended, turns: int, reason: str, value: Json | None = None) -> AgentOutcome:
        tried = "" if value is not None else tell_attempt(self._transcript.messages())
        cost = MicroUsd(self._cost)
        return AgentOutcome(ended, value, turns, cost, self._model_name, reason, self._seconds, tried)
