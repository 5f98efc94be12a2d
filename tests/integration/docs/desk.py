"""What the placeholders of the pages stand for here, and a desk at which their lines are typed."""

import os
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from app.cli import app
from app.cli.demo.stage import run_git, with_token
from app.cli.playground import SCRIPT
from app.llm.scripted import Scripted
from app.policy.described_example import EXAMPLE
from app.store import audit
from tests.support.house import House
from tests.support.places import Place
from tests.support.shell import Call, Shell, found
from tests.support.stories import SAMPLE
from tests.support.written import ROOT

SECRET = "what GitHub and the web server share"
STAND_INS = (
    *("quorum", "make", "docker", "kubectl", "helm", "ssh", "pip", "python", "python3", "pytest", "sqlite3"),
    *("openssl", "systemctl", "useradd", "install"),
)
_REAL = ("cat", "cp", "mkdir", "chmod", "git", "tar", "seq")
_RANDOM = 'test "$1 $2" = "rand -hex" && for _ in $(seq "$3"); do printf %02x $((RANDOM % 256)); done && echo\n'
"""OpenSSL's program is not on every machine."""
_MUTANTS = "mkdir -p mutants\n"
"""The folder that `tests/mutation/mutants.py` makes, and that the next line enters."""
_GIVES_UP = """
label: somebody who gives up
conversations: [{role: writer, replies: [&no {text: I cannot.}, *no, *no, *no]}]
"""
_POLICY = "budget_usd: 5.00\n"


@dataclass
class Desk:
    """`folder`: where things are typed; a clone of mona's repository that has what a clone of Quorum has, too.

    `values`: the settings of a worker whose database is that of `house`, and an administrator's token. `stands_for`:
    patterns of the pages, and what is typed for them.
    """

    house: House
    place: Path
    folder: Path
    shell: Shell
    values: Mapping[str, str | None]
    token: str
    stands_for: Mapping[str, str]
    ended: dict[Any, Result] = field(default_factory=dict)
    watched: set[Any] = field(default_factory=set)

    def type(self, text: str) -> Sequence[Call]:
        """Text of the pages, in a shell for which only stand-ins and a few of the machine's programs are there."""
        for pattern, value in self.stands_for.items():
            text = re.sub(pattern, value.replace("\\", r"\\"), text)
        person = {f"GIT_{who}_{what}": "mona" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        env = {**person, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "HOME": str(self.place / "home")}
        return self.shell.run(text, self.folder, env, f"{SECRET}\n")

    def quorum(self, call: Call) -> Result:
        """How a command ends that comes to an end by itself. What stands at several places is run once."""
        key = (call.words, call.folder, *sorted(call.exported.items()))
        if key not in self.ended:
            os.chdir(call.folder)
            env = {**self.values, **call.exported}
            self.ended[key] = CliRunner().invoke(app, call.words, env=env, input=f"{self.token}\n")
        return self.ended[key]


def furnish(house: House, place: Path, patch: pytest.MonkeyPatch) -> Desk:
    # Whatever model a command names, nobody is asked.
    patch.setattr("app.wiring._model", lambda *_: Scripted.load(SCRIPT))
    sample, mona = Place(house, _POLICY, name="sample"), house.person("mona")
    sample.main = sample.push("main", sample.commit({"README.md": "A sample\n"}, sample.main), "mona")
    sample.push("release-2", sample.main, "mona")
    head, number = sample.pull({"greeting.txt": "Hello\n"})
    assert sample.gate(head).conclusion == "success"
    told = house.settings.model_dump(include={"github_url", "app_id", "app_client_id", "app_slug", "private_key_file"})
    values = {
        **{f"QUORUM_{name.upper()}": str(value) for name, value in told.items()},
        "QUORUM_DATA_DIR": str(house.stage.home),
        "QUORUM_WEBHOOK_SECRET": SECRET,
        "QUORUM_MODEL": f"scripted:{SCRIPT}",
        "QUORUM_WRITE_GAP_S": "0",
        "GITHUB_TOKEN": mona.token,
        "QUORUM_GITHUB_TOKEN": None,
    }
    remote = with_token(f"{house.stage.github_url}/mona/sample.git", mona.token)
    facts = place / "described.yml"
    facts.write_text(EXAMPLE)
    (place / "gives-up.yml").write_text(_GIVES_UP)
    shutil.copytree(SAMPLE / "sample", place / "tally")
    for words in (["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "--message", "Begin"]):
        run_git(place / "tally", *words)
    stands_for = {
        "OWNER/REPO": "mona/sample",
        "#NUMBER|#N(?![A-Z])": f"#{number}",
        "(?<=sample )NUMBER": str(number),
        "(?<=runs show )ID": house.rows("SELECT id FROM runs WHERE workflow = 'review'")[0][0],
        "PATH-OR-URL": str(place / "tally"),
        "--issue FILE": f"--issue {SAMPLE / 'issue.md'}",
        "'COMMAND'": "'python3 -m unittest'",
        "--model anthropic(?!:)": f"--model scripted:{place / 'gives-up.yml'}",
        "--facts FILE": f"--facts {facts}",
        "--policy FILE": "--policy .github/quorum.yml",
        "SEQUENCE:HASH": _anchor(house),
        "(?<=GITHUB_TOKEN=)[.]{3}": mona.token,
        "http://x-access-token:TOKEN@127.0.0.1:8470/mona/sample.git": remote,
        "http://127.0.0.1:8470": house.stage.github_url,
        "/tmp/quorum-playground-x": str(place / "playground"),
        "/path/that/it/printed/council.yml": str(SCRIPT),
        "/opt/quorum/bin": str(place / "shell/programs"),
        "/etc/systemd": str(place / "etc/systemd"),
        "{{ .Release.Name }}": "quorum",
        "/tmp/mutants-of-quorum": str(place / "mutants-of-quorum"),
    }
    (place / "shell").mkdir()
    shell = Shell(
        place / "shell", found(*_REAL), {**dict.fromkeys(STAND_INS, ""), "openssl": _RANDOM, "python": _MUTANTS}
    )
    folder = _folder(place, remote, shell)
    return Desk(house, place, folder, shell, values, mona.token, stands_for)


def _anchor(house: House) -> str:
    async def read() -> audit.AuditReport:
        async with house.services.database.connect() as db:
            return await audit.verify(db)

    seq, digest = house.run(read()).head
    return f"{seq}:{digest}"


def _folder(place: Path, remote: str, shell: Shell) -> Path:
    """Mona's repository with work that is not committed yet. What is Quorum's own in it git does not see."""
    folder = place / "work"
    run_git(place, "clone", "--quiet", remote, str(folder))
    run_git(folder, "switch", "--quiet", "--create", "work")
    (folder / "a.txt").write_text("a\n" * 21)
    (folder / ".git/info/exclude").write_text("/*\n!/*.txt\n!/.github/\n")
    shutil.copytree(ROOT / "deploy", folder / "deploy", ignore=shutil.ignore_patterns("secrets"))
    shutil.copytree(ROOT / "tests/corpus/invoice-split", folder / "tests/corpus/invoice-split")
    for made in (folder / "docs", place / "etc/systemd/system"):
        made.mkdir(parents=True)
    (folder / "new").write_text("a new secret\n")
    (folder / ".venv/bin").mkdir(parents=True)
    (folder / ".venv/bin/activate").touch()
    for name in ("quorum", "pip"):
        (folder / ".venv/bin" / name).symlink_to(shell.programs / name)
    downloads = place / "home/Downloads"
    downloads.mkdir(parents=True)
    (downloads / "YOUR-APP.private-key.pem").write_text("a key\n")
    return folder
