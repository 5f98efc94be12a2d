"""`quorum demo`: the whole life of an issue, on this machine, with no account."""

import json
import sys
import time
from pathlib import Path
from typing import Annotated

import typer


def demo(
    json_file: Annotated[Path | None, typer.Option("--json", help="also write what was seen on GitHub's side")] = None,
    serve: Annotated[bool, typer.Option("--serve", help="leave everything up to be looked at")] = False,
    repo: Annotated[str, typer.Option(help="a git repository (path or URL) instead of the bundled sample")] = "",
    issue: Annotated[Path | None, typer.Option(help="a Markdown file; its heading is the issue's title")] = None,
    test: Annotated[str, typer.Option(help="the command that runs the repository's tests")] = "",
    model: Annotated[str, typer.Option(help="`anthropic`, or any `PROVIDER:MODEL` of docs/models.md")] = "",
    patience: Annotated[float, typer.Option(min=0, help="seconds to wait for each step (60, with a model 7200)")] = 0,
) -> None:
    """Play the life of an issue: label, pull request, council, refusal, repair, merge."""
    from app.cli.demo.inputs import check_inputs
    from app.cli.demo.play import Plan, how_to_look, play
    from app.cli.demo.stage import Stage

    if bool(repo) != bool(issue):
        raise typer.BadParameter("--repo and --issue go together")
    if json_file is not None and not json_file.absolute().parent.is_dir():
        raise typer.BadParameter(f"--json: there is no folder {json_file.absolute().parent}")
    where = str(Path(repo).absolute()) if repo and Path(repo).exists() else repo
    setting = _model_setting(model, bundled=not repo)
    check_inputs(where, issue, setting)
    plan = Plan(where, issue, test, setting, patience or (60.0 if not model else 7200.0))
    start = time.monotonic()
    with Stage(plan.model) as stage:
        seen, fine = play(plan, stage, start)
        if json_file is not None:
            json_file.write_text(json.dumps(seen, indent=2) + "\n")
            print(f"What was seen is in {json_file}.")
        if serve:
            print(how_to_look(stage), flush=True)
            _wait()
    sys.exit(0 if fine else 1)


def _model_setting(model: str, *, bundled: bool) -> str:
    if not model and bundled:
        return f"scripted:{Path(__file__).parent / 'script.yml'}"
    if not model:
        raise typer.BadParameter("--repo needs --model, as the script only knows the bundled sample")
    return "anthropic:claude-sonnet-5" if model == "anthropic" else model


def _wait() -> None:
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        print("Ending.")
