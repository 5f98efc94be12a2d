"""The one page of set-up: what is done, what comes next, and what can be done again. Pure."""

from dataclasses import dataclass

from starlette.responses import Response

from app.cli.setting_up.html import box, choice, entry, fault, page, said, typed
from app.cli.setting_up.progress import Progress, RepoProgress
from app.markup import form, link, listing, text

_AGAIN_S = 10


@dataclass(frozen=True)
class Suggestion:
    """For the form: a name, and this machine's address where GitHub can reach it by one that is known."""

    name: str
    url: str = ""


def show_steps(
    progress: Progress, suggested: Suggestion, settings_file: str, shadowed: list[str], problem: str = ""
) -> Response:
    """`shadowed`: variables that count before what is written to the file."""
    waiting = bool(progress.page) and not progress.repositories
    parts = [fault(problem)] if problem else []
    if shadowed:
        told = (
            f"These variables count before {settings_file}: {', '.join(shadowed)}. Unset them, or set them to the same."
        )
        parts.append(fault(told))
    if not progress.slug or progress.fault:
        parts += _make(progress, suggested)
    else:
        parts += [f"<h2>1. The App</h2>{said(f'{progress.slug}: made, and its credentials are in {settings_file}.')}"]
        parts += _install(progress)
    if progress.repositories:
        parts += [*_choose(progress), *_require(progress), *_start(progress, settings_file)]
    return page("Set up Quorum", *parts, again_s=_AGAIN_S if waiting else 0)


def _make(progress: Progress, suggested: Suggestion) -> list[str]:
    broken = []
    if progress.fault:
        told = f"The App {progress.slug} cannot be used: {progress.fault}. If it is gone, make another one."
        broken = [fault(told)]
    public = "at a public address of this machine, such as https://quorum.example.com/webhooks"
    fields = [
        entry("name", "The App's name, which nobody else's has; people call it by that: @NAME", suggested.name),
        entry("organization", "The organization that owns it; nothing for yourself"),
        said("How events of GitHub reach this machine:"),
        choice("way", "url", public, chosen=bool(suggested.url)),
        choice("way", "relay", "through a relay that this machine listens to: get an address at https://smee.io/new"),
        choice("way", "poll", "not at all: GitHub is asked once a minute", chosen=not suggested.url),
        entry("url", "That address, for the first two", suggested.url),
    ]
    return ["<h2>1. The App</h2>", *broken, form("app", "Go on", *fields)]


def _install(progress: Progress) -> list[str]:
    there = link(f"{progress.page}/installations/new", "Install it on GitHub")
    resting = [
        fault(f"It is suspended on {each}: somebody there has to take that back.") for each in progress.suspended
    ]
    if not progress.repositories:
        told = "Choose the repositories there, then come back to this page, which looks again by itself."
        return ["<h2>2. Installation</h2>", *resting, said(told), f"<p>{there}</p>"]
    names = [text(each.name) for each in progress.repositories]
    more = f" and {progress.more} more" if progress.more else ""
    return ["<h2>2. Installation</h2>", *resting, f"<p>{', '.join(names)}{more}. {there} in more repositories.</p>"]


def _choose(progress: Progress) -> list[str]:
    told = [_starter(each, progress) for each in progress.repositories]
    without = [each.name for each in progress.repositories if each.starter.state == "none" and not each.fault]
    ask = form("starters", "Open pull requests", *(box("repository", name, name) for name in without))
    offer = [said("A first .github/quorum.yml can be proposed by a pull request in:"), ask] if without else []
    return ["<h2>3. Rules</h2>", listing(told), *offer]


def _starter(each: RepoProgress, progress: Progress) -> str:
    if each.fault:
        return text(f"{each.name}: {each.fault}")
    if each.starter.state == "open":
        root = progress.page.split("/apps/")[0].split("/github-apps/")[0]
        place = link(f"{root}/{each.name}/pull/{each.starter.number}", f"#{each.starter.number}")
        return f"{text(each.name)}: read and merge {place}"
    told = "has its file" if each.starter.state == "merged" else "no file yet, so the defaults count"
    return text(f"{each.name}: {told}")


def _require(progress: Progress) -> list[str]:
    told = (
        "Only an administrator can require the check quorum/gate; the App cannot, so that it cannot take it away. "
        "With a token of theirs, which is asked for and kept nowhere:"
    )
    said_of = {True: "required", False: "not required", None: "could not be seen"}
    open_ = [each for each in progress.repositories if each.required is not True and not each.fault]
    commands = [typed(f"quorum setup protect {each.name} --ask") for each in open_]
    stand = listing(text(f"{each.name}: quorum/gate is {said_of[each.required]}") for each in progress.repositories)
    return ["<h2>4. The gate</h2>", stand, *([said(told), *commands] if commands else [])]


def _start(progress: Progress, settings_file: str) -> list[str]:
    parts = ["<h2>5. Start</h2>"]
    if not progress.has_model:
        told = (
            "No model can be asked yet: set ANTHROPIC_API_KEY or another one (docs/models.md), "
            f"or write anthropic_api_key into {settings_file}."
        )
        parts.append(fault(told))
    told = "End `quorum setup` with Ctrl-C; whatever it has done stays. Then see that nothing is missing, and start:"
    return [*parts, said(told), typed("quorum doctor\nquorum serve")]
