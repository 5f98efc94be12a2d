"""The agent loop: ask, act on what was asked for, append, again. The conversation only ever grows at its end.

Every turn and every tool call is a step of the run's journal, so a run that died goes on with the same prompt, to the
byte.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

from app.agents.steps import Steps
from app.agents.stuck import Watch
from app.agents.tool import AgentTool, ToolOutput
from app.llm.codec import dump_reply, load_reply
from app.llm.errors import ModelError
from app.llm.messages import Block, Message, Model, Reply, Request, Text, ToolResult, ToolUse
from app.policy.values import Json, JsonValue, MicroUsd

Ended = Literal["submitted", "no_tool_call", "turns", "loop", "refused", "model_error", "malformed"]

_NO_TOOL_CALL = "You answered without calling a tool. Go on with the task by calling one of your tools."
_TOO_LONG = "Your answer was cut off because it was too long. Do less in one turn: one tool call with a short input."
_FAILED = "failed"
_MALFORMED_IN_A_ROW = 3
_SILENT_IN_A_ROW = 2


@dataclass(frozen=True)
class Brief:
    """What an agent is told: who it is (`system`), what all agents of this change share, and its own task.

    `part`: what those share who read the same part of it. `role` picks the model; `name` starts its steps' names and
    is unique within a run.
    """

    name: str
    role: str
    system: str
    task: str
    shared: str = ""
    part: str = ""
    max_turns: int = 60


@dataclass(frozen=True)
class AgentOutcome:
    """`value` is the input of the tool that ended it, when `ended` is `submitted`; else `reason` says what happened."""

    ended: Ended
    value: Json | None
    turns: int
    cost: MicroUsd
    model: str
    reason: str = ""


async def run_agent(brief: Brief, *, model: Model, tools: Sequence[AgentTool[Any]], steps: Steps) -> AgentOutcome:
    """Let an agent work until it submits, or until something says that it will not."""
    return await _Conversation(brief, model, tools, steps).run()


class _Conversation:
    def __init__(self, brief: Brief, model: Model, tools: Sequence[AgentTool[Any]], steps: Steps) -> None:
        self._brief = brief
        self._model = model
        self._tools = {tool.spec.name: tool for tool in tools}
        self._steps = steps
        self._messages = [Message("user", (Text(brief.task),))]
        self._watch = Watch()
        self._previous: dict[str, str] = {}
        self._cost = 0
        self._model_name = ""
        self._silent = 0
        self._malformed = 0

    async def run(self) -> AgentOutcome:
        for turn in range(1, self._brief.max_turns + 1):
            try:
                reply = await self._ask(turn)
            except ModelError as error:
                return self._end("model_error", turn, str(error))
            self._cost += reply.cost
            self._model_name = reply.model
            if reply.stop == "refusal":
                return self._end("refused", turn, f"the model refused: {reply.text[:500]}")
            outcome = await self._act(turn, reply)
            if outcome is not None:
                return outcome
        return self._end("turns", self._brief.max_turns, f"no result after {self._brief.max_turns} turns")

    async def _ask(self, turn: int) -> Reply:
        request = Request(
            role=self._brief.role,
            system=self._brief.system,
            shared=self._brief.shared,
            part=self._brief.part,
            messages=tuple(self._messages),
            tools=tuple(tool.spec for tool in self._tools.values()),
        )

        async def ask() -> JsonValue:
            """That there was no reply is journalled too: what a run did because of it must hold at a replay."""
            try:
                return dump_reply(await self._model.reply(request))
            except ModelError as error:
                return {_FAILED: str(error)}

        told = await self._steps.step(f"{self._brief.name}.turn-{turn}", ask)
        if isinstance(told, dict) and _FAILED in told:
            raise ModelError(told[_FAILED])
        return load_reply(told)

    async def _act(self, turn: int, reply: Reply) -> AgentOutcome | None:
        """Append the reply and what came of it. Returns the outcome when this turn was the last."""
        uses = reply.tool_uses if reply.stop != "max_tokens" else ()
        if not uses:
            return self._nudge(turn, reply)
        self._silent = 0
        outputs: list[tuple[ToolUse, ToolOutput]] = []
        for number, use in enumerate(uses, start=1):
            output = await self._call(f"{self._brief.name}.tool-{turn}-{number}.{use.name}", use)
            if output.ends:
                return self._end("submitted", turn, "", use.input)
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
                self._previous[use.name] = output.text
        self._messages += [Message("assistant", reply.content), Message("user", tuple(results))]
        return None

    def _nudge(self, turn: int, reply: Reply) -> AgentOutcome | None:
        self._silent += 1
        if self._silent > _SILENT_IN_A_ROW:
            return self._end("no_tool_call", turn, f"the model called no tool {self._silent} times in a row")
        said = tuple(block for block in reply.content if isinstance(block, Text) and block.text.strip())
        correction = _TOO_LONG if reply.stop == "max_tokens" else _NO_TOOL_CALL
        self._messages += [Message("assistant", said or (Text("(nothing)"),)), Message("user", (Text(correction),))]
        return None

    async def _call(self, name: str, use: ToolUse) -> ToolOutput:
        tool = self._tools.get(use.name)
        if tool is None:
            names = ", ".join(sorted(self._tools))
            return ToolOutput(f"There is no tool {use.name!r}. Your tools are: {names}.", is_error=True, malformed=True)
        problem = tool.problem(use.input)
        if problem is not None:
            return ToolOutput(problem, is_error=True, malformed=True)

        async def call() -> JsonValue:
            return (await tool.run(use.input, self._previous.get(use.name))).to_json()

        return ToolOutput.from_json(cast("Json", await self._steps.step(name, call)))

    def _end(self, ended: Ended, turns: int, reason: str, value: Json | None = None) -> AgentOutcome:
        return AgentOutcome(ended, value, turns, MicroUsd(self._cost), self._model_name, reason)
