"""What the image installs is what the project asks for; the units of systemd differ only in what they start."""

import re
import tomllib
from configparser import RawConfigParser
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[3]
TOLD = tomllib.loads((ROOT / "pyproject.toml").read_text())
PROJECT = TOLD["project"]


def locked(name: str = "requirements.txt") -> dict[str, str]:
    text = (ROOT / "deploy" / name).read_text()
    entries = re.findall(r"^([A-Za-z0-9._-]+)==([^ \\]+)((?: \\\n +--hash=sha256:[0-9a-f]{64})+)", text, re.MULTILINE)
    assert len(entries) == len(re.findall(r"^[a-z]", text, re.MULTILINE)), "each package has a version and digests"
    return {canonicalize_name(name): version for name, version, _digests in entries}


def test_the_image_has_every_dependency_at_a_version_that_fits():
    """`make lock` writes the file anew."""
    extras = PROJECT["optional-dependencies"].values()
    versions = locked()
    for each in map(Requirement, [*PROJECT["dependencies"], *(one for extra in extras for one in extra)]):
        version = versions.get(canonicalize_name(each.name))
        assert version is not None, f"{each.name} is not locked: run `make lock`"
        assert each.specifier.contains(version, prereleases=True), f"{each} is locked at {version}: run `make lock`"


def test_what_builds_the_wheel_is_locked_too():
    """It runs where the image is made, and writes what the image holds."""
    dockerfile = (ROOT / "deploy" / "Dockerfile").read_text()
    installed = re.findall(r"pip install (.+)", dockerfile)
    assert all("--require-hashes" in each for each in installed if "/dist/" not in each), installed
    versions = locked("requirements-build.txt")
    for each in map(Requirement, TOLD["build-system"]["requires"]):
        assert each.specifier.contains(versions[canonicalize_name(each.name)])


def test_everything_that_the_wheel_is_made_of_is_copied():
    """A file that is not there ends the build."""
    wheel = TOLD["tool"]["hatch"]["build"]["targets"]["wheel"]
    named = {
        *wheel["packages"],
        *wheel["force-include"],
        *PROJECT["license-files"],
        PROJECT["readme"],
        "pyproject.toml",
    }
    assert named <= copied()


def copied() -> set[str]:
    dockerfile = (ROOT / "deploy" / "Dockerfile").read_text()
    lines = re.findall(r"^COPY (?!--from)(.+) \S+$", dockerfile, re.MULTILINE)
    return {name for names in lines for name in names.split()}


def test_only_what_the_image_is_made_of_reaches_the_builder():
    dockerfile = (ROOT / "deploy" / "Dockerfile").read_text()
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    assert "*" in lines
    sent = {line[1:] for line in lines if line.startswith("!")}
    assert copied() == sent
    assert re.search(r"^USER 10001", dockerfile, re.MULTILINE)
    assert "HEALTHCHECK" in dockerfile


def test_units_differ_in_what_they_start_and_in_nothing_that_protects():
    one, more = (_unit(name) for name in ("quorum.service", "quorum-worker@.service"))
    differing = {key for key in one["Service"] | more["Service"] if one["Service"].get(key) != more["Service"].get(key)}
    assert differing == {"ExecStart"}
    assert more["Service"]["ExecStart"].endswith("worker --only runs")
    # Each of these would keep the sandbox from starting; the unit says why.
    assert not {"RestrictNamespaces", "ProtectKernelTunables", "ProtectProc", "ProtectHostname"} & set(one["Service"])


def _unit(name: str) -> dict[str, dict[str, str]]:
    parser = RawConfigParser(strict=False, delimiters=("=",))
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(ROOT / "deploy" / "systemd" / name)
    return {section: dict(parser[section]) for section in parser.sections()}
