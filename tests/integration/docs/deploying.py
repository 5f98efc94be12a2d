"""What the pages say to Docker, Kubernetes, Helm and systemd: every file, service and name in it is there."""

from pathlib import Path
from typing import Any

import helm_python
import yaml
from desk import SECRET, Desk
from sqlalchemy import make_url

from tests.support.shell import Call
from tests.support.written import ROOT

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "deploy/compose.yml").read_text())
CHART = ROOT / "deploy/helm/quorum"
_OPTIONS: dict[str, set[str]] = {
    "up": {"--detach", "--force-recreate", "--build", "--scale"},
    "ps": set(),
    "stop": set(),
    "exec": {"-T"},
}
"""https://docs.docker.com/reference/cli/docker/compose/"""
_DATABASE = ("pg_dump", "pg_restore")


def docker(desk: Desk, call: Call) -> None:
    words = list(call.words)
    if words[0] == "build":
        assert words == ["build", "-f", "deploy/Dockerfile", "-t", "quorum", "."]
        assert (ROOT / "deploy/Dockerfile").is_file()
        assert COMPOSE["x-quorum"]["image"].startswith("quorum:")
        return
    assert words[:3] == ["compose", "-f", "deploy/compose.yml"], call
    what, *rest = words[3:]
    options = [each for each in rest if each.startswith("-")] if what != "exec" else rest[: rest[0] == "-T"]
    assert set(options) <= _OPTIONS[what], call
    services = [each.removesuffix("=4") for each in rest if each not in options]
    if what == "exec":
        services, inner = services[:1], rest[len(options) + 1 :]
        assert inner[0] in {"quorum", *_DATABASE}, call
        if inner[0] == "quorum":
            assert desk.quorum(Call("quorum", tuple(inner[1:]), desk.folder, {})).exit_code == 0
    assert set(services) <= COMPOSE["services"].keys(), call
    if what == "up" and (made := desk.folder / "deploy/secrets").is_dir():
        _are_right(made)


def _are_right(secrets: Path) -> None:
    """As the guide makes them, before it starts anything."""
    told = {name: (secrets / name).read_text().strip() for name in COMPOSE["secrets"] if not name.endswith(".pem")}
    database, broker = make_url(told["quorum_database_url"]), make_url(told["quorum_broker_url"])
    assert (database.password, database.host) == (told["quorum_password"], "postgres"), database
    assert (broker.password, broker.host) == (told["redis_password"], "redis"), broker
    assert told["quorum_webhook_secret"] == SECRET
    assert (secrets / "quorum_private_key.pem").read_text()
    assert {len(told[f"{name}_password"]) for name in ("postgres", "quorum", "redis")} == {48}, told


def helm(desk: Desk, call: Call) -> None:
    words = list(call.words)
    assert words[:3] == ["install", "quorum", "deploy/helm/quorum"], call
    assert words[3::2] == ["--set"] * len(words[4::2]), call
    values: dict[str, Any] = {}
    for key, value in (each.split("=") for each in words[4::2]):
        *path, name = key.split(".")
        within = values
        for each in path:
            within = within.setdefault(each, {})
        within[name] = yaml.safe_load(value)
    assert "quorum-web" in _deployments(values)


def kubectl(desk: Desk, call: Call) -> None:
    words = call.words
    pods = _deployments({"app": {"id": 7}})
    if words[:2] == ("rollout", "restart"):
        assert words[2].removeprefix("deploy/") in pods, call
        return
    if words[0] == "exec":
        assert words[1].removeprefix("deploy/") in pods, call
        assert words[2:4] == ("--", "quorum"), call
        assert desk.quorum(Call("quorum", words[4:], desk.folder, {})).exit_code == 0
        return
    assert words[:4] == ("create", "secret", "generic", "quorum"), call
    assert yaml.safe_load((CHART / "values.yaml").read_text())["secretName"] == "quorum"
    files = [Path(each.removeprefix("--from-file=")) for each in words[4:]]
    assert {f"{each.parent}/" for each in files} <= set((ROOT / ".gitignore").read_text().split()), call
    given = {each.name for each in files}
    mounted = [
        item
        for pod in pods.values()
        for volume in pod["volumes"]
        for source in volume.get("projected", {}).get("sources", ())
        for item in ([] if source["secret"].get("optional") else source["secret"]["items"])
    ]
    assert mounted
    assert {item["key"] for item in mounted} <= given, call
    # The same files that the guide for containers makes.
    assert given <= {Path(each["file"]).name for each in COMPOSE["secrets"].values()}, call


def _deployments(values: dict[str, Any]) -> dict[str, Any]:
    """Pods by the deployment's name. Raises `helm_python.HelmError` for values that the chart's schema refuses."""
    told = helm_python.Chart.load(CHART).render(values, name="quorum", namespace="quorum")
    every = [each for path, text in told.items() if path.endswith(".yaml") for each in yaml.safe_load_all(text) if each]
    return {
        each["metadata"]["name"]: each["spec"]["template"]["spec"] for each in every if each["kind"] == "Deployment"
    }


def systemctl(desk: Desk, call: Call) -> None:
    *words, unit = call.words
    assert words == ["enable", "--now"], call
    name, at, _ = unit.partition("@")
    assert (ROOT / f"deploy/systemd/{name}{at}.service").is_file(), call
    assert (desk.place / f"etc/systemd/system/{name}{at}.service").is_file(), call


def useradd(desk: Desk, call: Call) -> None:
    """The user that the units name."""
    unit = (ROOT / "deploy/systemd/quorum.service").read_text()
    assert f"User={call.words[-1]}\n" in unit, call
    options = {"--system", "--home-dir", "--shell"}
    assert {each for each in call.words if each.startswith("-")} <= options, call


def install(desk: Desk, call: Call) -> None:
    """The folder that the units read."""
    assert call.words[:-1] == ("-d", "-m", "0750", "-g", "quorum"), call
    assert "=/etc/quorum/quorum.env\n" in (ROOT / "deploy/systemd/quorum.service").read_text()
