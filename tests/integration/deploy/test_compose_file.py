"""`deploy/compose.yml` against the Compose specification's schema, and against the program that it starts."""

import json
import os
import re
import signal
import subprocess
import sys
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg
import pytest
import yaml
from jsonschema import Draft202012Validator
from sqlalchemy import make_url
from typer.main import get_command

from app.cli import app
from app.sandbox.apart.settings import keys_in
from app.settings import Settings
from app.sources.faults import variables_of
from app.store.engine import migrate, open_database
from tests.support.sandboxes import SandboxProcess

DEPLOY = Path(__file__).parents[3] / "deploy"
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yml").read_text())
OURS = ("web", "worker", "beat")
# Its wheel; to import it warns of a folder that a bare machine lacks.
POSTGRES_PROGRAMS = Path(str(getattr(find_spec("pgserver"), "origin", ""))).parent / "pginstall" / "bin"
VARIABLES = {name for each, field in Settings.model_fields.items() for name in variables_of(each, field)}


def test_it_is_what_the_specification_describes():
    schema = json.loads((files("check_jsonschema") / "builtin_schemas/vendor/compose-spec.json").read_text())
    assert not [error.message for error in Draft202012Validator(schema).iter_errors(COMPOSE)]
    assert list(Draft202012Validator(schema).iter_errors({"services": {"web": {"imag": "x"}}}))


@pytest.mark.parametrize("role", OURS)
def test_each_role_is_a_command_line_that_there_is(role: str):
    name, *words = COMPOSE["services"][role]["command"]
    command = get_command(app).get_command(None, name)  # type: ignore[attr-defined,arg-type]
    assert command.make_context(name, list(words)).params["only"] is not None


@pytest.mark.parametrize("role", OURS)
def test_variables_and_secrets_are_settings(role: str):
    service = COMPOSE["services"][role]
    assert set(service["environment"]) <= VARIABLES
    mounted = {each.upper() for each in service["secrets"]}
    assert mounted - {"QUORUM_PRIVATE_KEY.PEM"} <= VARIABLES
    assert set(service["secrets"]) <= set(COMPOSE["secrets"])


@pytest.mark.parametrize("name", [*OURS, "sandbox", "redis", "postgres"])
def test_no_container_has_more_than_it_needs(name: str):
    service = COMPOSE["services"][name]
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert service["healthcheck"]
    limits = service["deploy"]["resources"]["limits"]
    assert {"memory", "pids"} <= set(limits)
    # Docker refuses a limit above what the machine has, and a small one has one core.
    assert float(limits.get("cpus", 1)) <= 1
    assert "cpus" in limits or service["cpu_shares"] < 1024
    assert not service.get("privileged")
    assert all("docker.sock" not in volume for volume in service.get("volumes", []))
    assert name == "sandbox" or service["security_opt"] == ["no-new-privileges:true"]


def test_keys_lie_only_with_who_uses_them():
    held = {role: set(COMPOSE["services"][role]["secrets"]) for role in OURS}
    assert held["web"] == {"quorum_database_url", "quorum_broker_url", "quorum_webhook_secret"}
    assert "anthropic_api_key" not in held["beat"]
    assert "quorum_webhook_secret" not in held["worker"] | held["beat"]


def test_the_sandbox_has_no_key_no_network_and_of_what_is_kept_only_trees_and_set_ups():
    worker, sandbox = (COMPOSE["services"][name] for name in ("worker", "sandbox"))
    assert not {"secrets", "env_file", "networks", "ports"} & set(sandbox)
    assert sandbox["network_mode"] == "none"
    assert keys_in(dict.fromkeys(sandbox["environment"], "x"), Path("/nowhere")) == []
    assert set(worker["volumes"]) - set(sandbox["volumes"]) == {"data:/var/lib/quorum"}
    assert set(sandbox["volumes"]) < set(worker["volumes"])
    place = sandbox["environment"]["QUORUM_SANDBOX_SOCKET"]
    assert place == worker["environment"]["QUORUM_SANDBOX_SOCKET"]
    mounted = [each.partition(":")[2] for each in sandbox["volumes"]]
    data = image_variables()["QUORUM_DATA_DIR"]
    assert mounted == [f"{data}/worktrees", f"{data}/prepared", str(Path(place).parent)]
    assert set(sandbox["environment"]) <= VARIABLES
    (command,) = sandbox["command"]
    get_command(app).get_command(None, command).make_context(command, [])  # type: ignore[attr-defined,arg-type,union-attr]


def image_variables() -> dict[str, str]:
    dockerfile = (DEPLOY / "Dockerfile").read_text()
    return dict(re.findall(r"^(?:ENV|   ) ?(QUORUM_[A-Z_]+)=(\S+)", dockerfile, re.MULTILINE))


def test_volumes_begin_with_the_folders_of_the_image_which_belong_to_its_user():
    """Docker copies a folder's owner into a volume that is new, and makes one that is not there root's."""
    (made,) = re.findall(r"install -d -m 0700 -o quorum -g quorum (.+)", (DEPLOY / "Dockerfile").read_text())
    mounted = {each.partition(":")[2] for each in COMPOSE["services"]["worker"]["volumes"]}
    assert mounted == set(made.split())


def test_what_is_asked_for_its_health_is_answered_and_told_from_one_that_hangs(tmp_path: Path):
    test = COMPOSE["services"]["sandbox"]["healthcheck"]["test"]
    place = COMPOSE["services"]["sandbox"]["environment"]["QUORUM_SANDBOX_SOCKET"]
    command = [sys.executable, "-c", test[-1].replace(place, str(tmp_path / "sandbox.sock"))]
    assert test[:-1] == ["CMD", "python", "-c"]
    with SandboxProcess(tmp_path) as sandbox:
        assert subprocess.run(command, check=False, capture_output=True).returncode == 0
        sandbox.process.send_signal(signal.SIGSTOP)
        hung = [each.replace("settimeout(8)", "settimeout(0.1)") for each in command]
        assert subprocess.run(hung, check=False, capture_output=True).returncode == 1
        sandbox.process.send_signal(signal.SIGCONT)
    assert subprocess.run(command, check=False, capture_output=True).returncode == 1


def test_the_filter_that_is_named_is_there():
    (told,) = [each for each in COMPOSE["services"]["sandbox"]["security_opt"] if each.startswith("seccomp:")]
    assert (DEPLOY / told.partition(":")[2]).is_file()


@pytest.mark.parametrize("name", ["redis", "postgres"])
def test_who_is_let_in_knows_a_password_that_no_list_of_processes_shows(name: str):
    """The machine's own users reach containers, too, whatever network these are on."""
    service = COMPOSE["services"][name]
    assert f"{name}_password" in service["secrets"]
    assert f"/run/secrets/{name}_password" in json.dumps(service)
    assert not service.get("ports")
    assert "--requirepass" not in json.dumps(service)


def test_nobody_has_the_password_of_the_databases_superuser():
    assert COMPOSE["services"]["postgres"]["environment"]["POSTGRES_USER"] == "postgres"
    assert [
        each for each, service in COMPOSE["services"].items() if "postgres_password" in service.get("secrets", [])
    ] == ["postgres"]


def test_who_the_world_speaks_to_does_not_speak_to_the_world():
    """`outside` leads anywhere, and `door` only in."""
    assert COMPOSE["services"]["web"]["networks"] == ["inside", "door"]
    told = COMPOSE["networks"]["door"]["driver_opts"]
    assert told == {"com.docker.network.bridge.enable_ip_masquerade": "false"}


async def test_the_role_that_is_made_migrates_and_is_no_superuser(postgres: str, tmp_path: Path):
    """By the script itself, on a server of the tests."""
    (tmp_path / "quorum_password").write_text("it's a password\n")
    script = (DEPLOY / "postgres-role.sh").read_text().replace("/run/secrets", str(tmp_path))
    server = make_url(postgres)
    with psycopg.connect(postgres.replace("+psycopg", ""), autocommit=True) as plain:
        plain.execute("CREATE DATABASE quorum")
        env = {**os.environ, "POSTGRES_USER": server.username or "postgres", "POSTGRES_DB": "quorum"}
        env |= {"PGHOST": str(server.query["host"]), "PATH": f"{POSTGRES_PROGRAMS}:{os.environ['PATH']}"}
        subprocess.run(["bash", "-ec", script], env=env, check=True)  # noqa: ASYNC221
        (above,) = plain.execute("SELECT rolsuper FROM pg_roles WHERE rolname = 'quorum'").fetchone() or (None,)
    assert above is False
    engine = open_database(server.set(username="quorum", database="quorum").render_as_string(hide_password=False))
    await migrate(engine)
    await engine.dispose()


def test_a_database_that_is_still_being_made_is_not_taken_for_ready():
    """Its image answers on the socket meanwhile, and begins anew afterwards."""
    assert "--host=127.0.0.1" in COMPOSE["services"]["postgres"]["healthcheck"]["test"]


def test_the_guide_makes_every_secret_that_is_mounted():
    """Docker starts nothing while one of them is missing."""
    guide = (DEPLOY.parent / "docs" / "deploy.md").read_text()
    journey = next(each for each in re.findall(r"```sh\n(.+?)```", guide, re.DOTALL) if "compose" in each)
    made = set(re.findall(r"(?:> ?|pem )(\S+)$", re.sub(r" +#.*", "", journey), re.MULTILINE)) - {"deploy/.env"}
    assert made == set(COMPOSE["secrets"])


def test_what_an_install_adds_to_the_folder_is_not_committed():
    kept = (DEPLOY.parent / ".gitignore").read_text().split()
    named = {Path(each["file"]).parent for each in COMPOSE["secrets"].values()}
    assert {f"deploy/{folder.name}/" for folder in named} | {"deploy/.env", "deploy/settings.env"} <= set(kept)
