"""What a run has understood before it begins: what is wanted, what the project says of itself, how it is tested."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.agents.envelope import enclose
from app.policy.render import code
from app.workflows.said import voices
from app.workflows.texts import brief


@dataclass(frozen=True)
class Answered:
    """Questions that were put to people, and what they said: login and text of each comment."""

    questions: tuple[str, ...]
    said: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class TestCommand:
    """How the tests are run. `found_by`: what spoke for the command; empty where the policy names it.

    `tried`: commands that proved nothing, each with what came of it; what they printed is in there, so it is data.
    """

    __test__ = False  # no test class, whatever pytest thinks of its name

    command: str | None = None
    found_by: str = ""
    tried: tuple[str, ...] = ()


@dataclass(frozen=True)
class Understanding:
    """`criteria`: what must hold in the end. `linked`: other issues that this one speaks of, as text.

    `guidance`: what the project tells who works on it. `setup`: the steps by which it prepares an environment.
    `project`: what its files say of its name, its version and what it runs on. `prepared`: how Quorum set it up, and
    what came of it. `toolchain`: what the sandbox has to run it. `tested`: in a line, what its tests gave at the start.
    All of it, but for what `tests` was found by, is text of others.
    """

    criteria: tuple[str, ...] = ()
    linked: tuple[str, ...] = ()
    guidance: str = ""
    setup: tuple[str, ...] = ()
    tests: TestCommand = TestCommand()
    answers: tuple[Answered, ...] = ()
    project: str = ""
    prepared: str = ""
    toolchain: str = ""
    tested: str = ""


NOTHING = Understanding()
_CRITERIA = (
    "What must hold when it is solved, as the issue lists it or as it was understood; the issue's other sentences "
    "count as well:"
)
_PREPARED = (
    "How it was set up before you came. What that installed is there and can be read, not changed; there is no "
    "network, so that nothing more can be installed:"
)


def wanted_told(understanding: Understanding) -> list[str]:
    """What an agent is told of what is wanted, beside the issue itself."""
    parts = []
    if understanding.linked:
        parts += ["Issues that it speaks of:", enclose("linked issues", "\n\n".join(understanding.linked))]
    for answered in understanding.answers:
        parts += ["You asked, and this was answered; it counts more than the issue where they differ:"]
        parts += [enclose("questions", "\n".join(answered.questions)), enclose("answers", voices(answered.said))]
    if understanding.criteria:
        listed = "\n".join(f"- {each}" for each in understanding.criteria)
        parts += [_CRITERIA, enclose("criteria", listed)]
    return parts


def project_told(understanding: Understanding) -> list[str]:
    """What an agent is told of how the project works."""
    parts = []
    if understanding.project:
        parts += ["What the project's files say of it:", enclose("project", understanding.project, rendered=False)]
    if understanding.toolchain:
        parts += ["What the sandbox has to run it with; CI may have others:"]
        parts += [enclose("toolchain", understanding.toolchain, rendered=False)]
    if understanding.guidance:
        parts += ["The project's guidance, nearest to the files in question first:"]
        parts += [enclose("guidance", understanding.guidance)]
    if understanding.prepared:
        parts += [_PREPARED, enclose("set-up", understanding.prepared)]
    elif understanding.setup:
        steps = "\n\n".join(understanding.setup)
        parts += ["How the project prepares an agent's environment; nobody ran these steps, and there is no network:"]
        parts += [enclose("setup steps", steps, rendered=False)]
    if understanding.tests.command is None and understanding.tests.tried:
        tried = "\n".join(understanding.tests.tried)
        parts += ["Commands that were tried to run its tests, and what came of them:"]
        parts += [enclose("tried commands", tried, rendered=False)]
    return parts


def notes_told(notes: str) -> list[str]:
    """What an agent that builds is told of what people asked to be remembered."""
    told = "What people with write permission asked to be remembered of this project, the newest last:"
    return [told, enclose("notes", notes)] if notes else []


def render_start(understanding: Understanding, result: str) -> str:
    """The line of the progress comment with which the work begins. `result`: of the tests, in a line."""
    tests = understanding.tests
    if tests.command is None:
        told = render_untested(tests)
    elif tests.found_by:
        tried = "".join(f"\n  - tried before: {brief(each)}" for each in tests.tried[:3])
        told = f"The project's tests, {code(tests.command)}, at the start: {result}. {render_advice(tests)}{tried}"
    else:
        told = f"The project's tests at the start: {result}"
    return "".join(
        [f"Read the issue. {told}", *(f"\n  - must hold: {each}" for each in render_criteria(understanding.criteria))]
    )


def render_criteria(criteria: Sequence[str]) -> list[str]:
    """Cleaned, a line each."""
    return [brief(each, 300) for each in criteria]


def render_advice(tests: TestCommand) -> str:
    """For people, where the command was found out: how to make it certain."""
    if tests.command is None or not tests.found_by:
        return ""
    return (
        f"No test command is configured; this one was found out ({brief(tests.found_by)}) and proved by running it. "
        f"To keep it, write {code(f'test: {tests.command}')} to `.github/quorum.yml`."
    )


def render_untested(tests: TestCommand) -> str:
    """For people, where nothing ran."""
    if not tests.tried:
        return "No test command is configured, and none could be found out: write one to `.github/quorum.yml`."
    tried = "; ".join(brief(each) for each in tests.tried[:4])
    return (
        f"No test command is configured, and none of those tried ran tests ({tried}); add one to `.github/quorum.yml`."
    )
