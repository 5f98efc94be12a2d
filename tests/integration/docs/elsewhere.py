"""What the pages say to programs that are not run here: what it names is there. Each has one function for its calls."""

import ast
import re
import sqlite3 as library
import tomllib
from collections.abc import Callable
from contextlib import closing
from typing import Any

import deploying
import typer.main
from desk import Desk
from packaging.requirements import Requirement

from app.cli import app
from app.settings import Settings
from tests.support.shell import Call
from tests.support.written import ROOT


def ssh(desk: Desk, call: Call) -> None:
    command: Any = typer.main.get_command(app)
    (port,) = [each.default for each in command.commands["setup"].params if each.name == "port"]
    assert call.words[:2] == ("-L", f"{port}:127.0.0.1:{port}")


def make(desk: Desk, call: Call) -> None:
    targets = set(re.findall(r"(?m)^([a-z-]+):.*##", (ROOT / "Makefile").read_text()))
    assert set(call.words) <= targets, call


def pip(desk: Desk, call: Call) -> None:
    """Extras and dependencies are ours; what else is installed is installed at a version, and apart."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    first, *rest = call.words
    assert first == "install", call
    ours = {Requirement(each).name for each in project["dependencies"]}
    for each in rest:
        if each.startswith("-"):
            assert each in {"-U", "--editable", "--target"}, call
        elif "[" in each:
            told = Requirement(each.replace(".", "quorum", 1) if each.startswith(".") else each)
            assert (told.name, told.extras <= project["optional-dependencies"].keys()) == ("quorum", True), call
        else:
            assert each in ours | {"."} or "==" in each or (rest[0] == "--target" and each.startswith("/tmp/")), call


def python(desk: Desk, call: Call) -> None:
    """The mutants: half an hour, and a package from the network. Its files and modules are there."""
    if call.words[:2] == ("-m", "pip"):
        return pip(desk, Call("pip", call.words[2:], call.folder, call.exported))
    if call.words[:2] == ("-m", "venv"):
        return None
    assert call.words[0] == "-c", call
    tree = ast.parse(call.words[1])
    files = [
        each.value for each in ast.walk(tree) if isinstance(each, ast.Constant) and str(each.value).endswith(".py")
    ]
    assert files, call
    assert all((ROOT / str(each).removeprefix("../")).is_file() for each in files), call
    for module in call.words[2].split(",") if call.words[2:] else ():
        assert (ROOT / f"app/policy/{module.partition('/')[0]}.py").is_file(), call
    return None


def pytest_(desk: Desk, call: Call) -> None:
    """It would collect every test; it is enough that there is one of that name."""
    assert call.words[0] == "-k", call
    named = f"def test_{call.words[1]}_"
    assert any(named in path.read_text() for path in (ROOT / "tests").glob("*/*/test_*.py")), call


def sqlite3(desk: Desk, call: Call) -> None:
    """What its program does, on the database of the house: the copy is whole."""
    file, (backup, target) = call.words[0], call.words[1].split()
    assert (backup, target) == (".backup", "FILE"), call
    assert Settings().database_url.endswith(f"/{file}"), call
    copy = desk.place / "copy.db"
    with closing(library.connect(desk.house.stage.home / file)) as db, closing(library.connect(copy)) as other:
        db.backup(other)
    told = Call("quorum", ("audit", "verify"), desk.folder, {"QUORUM_DATABASE_URL": f"sqlite+aiosqlite:///{copy}"})
    assert desk.quorum(told).exit_code == 0


def openssl(desk: Desk, call: Call) -> None:
    """Its stand-in refuses all else."""


PROGRAMS: dict[str, Callable[[Desk, Call], None]] = {
    "docker": deploying.docker,
    "helm": deploying.helm,
    "install": deploying.install,
    "kubectl": deploying.kubectl,
    "make": make,
    "openssl": openssl,
    "pip": pip,
    "pytest": pytest_,
    "python": python,
    "python3": python,
    "sqlite3": sqlite3,
    "ssh": ssh,
    "systemctl": deploying.systemctl,
    "useradd": deploying.useradd,
}
