"""The chart, rendered by Helm itself and held against Kubernetes' own schemas and a real PostgreSQL."""

import re
from pathlib import Path
from typing import Any

import helm_python
import kubernetes_validate
import psycopg
import pytest
import yaml
from pydantic import SecretStr

from app.policy.request import RunRequest
from app.policy.values import Repo
from app.runs.admission import request_run
from app.runs.lease import claim
from app.sandbox.apart.settings import keys_in
from app.settings import Settings
from app.sources.faults import variables_of
from app.store.engine import open_database
from app.store.work import work
from tests.support.databases import fresh_database, migrated_template

CHART = Path(__file__).parents[3] / "deploy" / "helm" / "quorum"
VERSIONS = ("1.33", "1.36")
LEAST: dict[str, Any] = {"app": {"id": 7}}
MANY: dict[str, Any] = LEAST | {
    "worker": {"autoscaling": {"enabled": True}, "concurrency": 32},
    "persistence": {"accessMode": "ReadWriteMany", "storageClass": "shared"},
    "web": {"ingress": {"host": "quorum.example.org", "className": "nginx", "tlsSecretName": "tls"}},
    "settings": {"QUORUM_LIGHT_MODEL": "anthropic:claude-haiku-5"},
}
VARIABLES = {name for each, field in Settings.model_fields.items() for name in variables_of(each, field)}
Manifest = dict[str, Any]


def render(values: dict[str, Any]) -> list[Manifest]:
    chart = helm_python.Chart.load(CHART)
    told = chart.render(values, name="quorum", namespace="quorum")
    texts = [text for path, text in told.items() if path.endswith(".yaml")]
    return [each for text in texts for each in yaml.safe_load_all(text) if each]


def find(manifests: list[Manifest], kind: str, name: str) -> Manifest:
    (found,) = [each for each in manifests if each["kind"] == kind and each["metadata"]["name"] == name]
    return found


def pods(manifests: list[Manifest]) -> dict[str, Manifest]:
    found = [each for each in manifests if each["kind"] == "Deployment"]
    return {each["metadata"]["name"].removeprefix("quorum-"): each["spec"]["template"]["spec"] for each in found}


@pytest.mark.parametrize("values", [LEAST, MANY])
def test_what_is_rendered_is_known_to_kubernetes(values: dict[str, Any]):
    manifests = render(values)
    for each in manifests:
        for version in VERSIONS if "keda" not in each["apiVersion"] else ():
            kubernetes_validate.validate(each, version, strict=True)
    assert not helm_python.lint(CHART, values, strict=True)["errors"]


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({}, "/app/id"),
        (LEAST | {"workers": 3}, "workers"),
        (LEAST | {"settings": {"QUORUM_WEBHOOK_SECRET": "x"}}, "QUORUM_WEBHOOK_SECRET"),
        (LEAST | {"settings": {"QUORUM_BROKER_URL": "redis://:password@redis"}}, "QUORUM_BROKER_URL"),
        (LEAST | {"settings": {"QUORUM_HEALTH_PORT": "1"}}, "QUORUM_HEALTH_PORT"),
        (LEAST | {"settings": {"QUORUM_SANDBOX_SOCKET": "/tmp/s"}}, "QUORUM_SANDBOX_SOCKET"),
        (LEAST | {"worker": {"replicas": 2}}, "ReadWriteMany"),
        (LEAST | {"worker": {"autoscaling": {"enabled": True}}}, "ReadWriteMany"),
    ],
)
def test_values_that_cannot_work_are_refused_with_what_is_wrong(values: dict[str, Any], told: str):
    with pytest.raises(helm_python.HelmError, match=re.escape(told)):
        render(values)


def test_no_pod_has_more_than_it_needs():
    for role, pod in pods(render(MANY)).items():
        (container,) = pod["containers"]
        assert pod["automountServiceAccountToken"] is False
        assert pod["securityContext"]["runAsNonRoot"]
        assert container["securityContext"]["readOnlyRootFilesystem"]
        assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
        assert container["securityContext"]["allowPrivilegeEscalation"] is False
        assert {"startupProbe", "livenessProbe", "readinessProbe"} <= set(container)
        (secrets,) = [each for each in pod["volumes"] if each["name"] == "secrets"]
        keys = {item["key"] for each in secrets["projected"]["sources"] for item in each["secret"]["items"]}
        assert {key.upper() for key in keys} - {"QUORUM_PRIVATE_KEY.PEM"} <= VARIABLES
        assert ("quorum_webhook_secret" in keys) == (role == "web")
        assert ("quorum_private_key.pem" in keys) == (role != "web")
        assert ("anthropic_api_key" in keys) == (role == "worker")
        assert {each["name"] for each in container.get("env", [])} <= VARIABLES
        # What the sandbox needs is its alone.
        assert "procMount" not in container["securityContext"]
        assert not {"seccompProfile", "appArmorProfile"} & set(container["securityContext"])
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert "appArmorProfile" not in pod["securityContext"]
        assert ("initContainers" in pod) == (role == "worker")


def test_the_sandbox_has_no_secret_and_of_what_is_kept_only_trees_and_set_ups():
    pod = pods(render(MANY | {"settings": {"QUORUM_TOOLCHAINS": '["/opt/node"]', "AWS_REGION": "eu"}}))["worker"]
    (sandbox,), (worker,) = pod["initContainers"], pod["containers"]
    assert sandbox["restartPolicy"] == "Always", "a sidecar"
    mounts, workers = ({each["mountPath"]: each["name"] for each in one["volumeMounts"]} for one in (sandbox, worker))
    assert set(mounts) == {"/var/lib/quorum/worktrees", "/var/lib/quorum/prepared", "/run/quorum", "/tmp"}
    assert {path for path, name in mounts.items() if workers[path] == name} == set(mounts) - {"/tmp"}
    volumes = {each["name"]: each for each in pod["volumes"]}
    assert all("emptyDir" in volumes[name] for name in mounts.values())
    told = {each["name"]: each["value"] for each in sandbox["env"]}
    assert told == {"QUORUM_SANDBOX_SOCKET": "/run/quorum/sandbox.sock", "QUORUM_TOOLCHAINS": '["/opt/node"]'}
    assert told.items() <= {each["name"]: each["value"] for each in worker["env"]}.items()
    assert keys_in(told, Path("/nowhere")) == []
    assert sandbox["image"] == worker["image"]
    context = sandbox["securityContext"]
    assert context["seccompProfile"] == {"type": "Localhost", "localhostProfile": "quorum/seccomp.json"}
    assert context["readOnlyRootFilesystem"]
    assert context["capabilities"] == {"drop": ["ALL"]}
    assert context["allowPrivilegeEscalation"] is False
    assert context["procMount"] == "Unmasked"
    assert pod["hostUsers"] is False
    assert sandbox["resources"]["limits"]["memory"] == "8Gi"


def test_the_sandbox_is_asked_for_its_health_as_it_is_with_compose():
    (sandbox,) = pods(render(LEAST))["worker"]["initContainers"]
    compose = yaml.safe_load((CHART.parents[1] / "compose.yml").read_text())
    *_, asked = compose["services"]["sandbox"]["healthcheck"]["test"]
    for probe in ("startupProbe", "livenessProbe"):
        assert sandbox[probe]["exec"]["command"] == ["python", "-c", asked.replace("(8)", "(6)")]


def test_only_workers_and_sweeps_reach_beyond_the_cluster():
    manifests = render(MANY)
    for role in ("web", "worker", "beat"):
        rules = find(manifests, "NetworkPolicy", f"quorum-{role}")["spec"]
        ports = {port["port"] for rule in rules["egress"] for port in rule["ports"]}
        assert ports == ({53, 5432, 6379} if role == "web" else {53, 5432, 6379, 443})
        assert bool(rules["ingress"]) == (role == "web")


def test_database_and_broker_are_where_the_values_say():
    at = [{"ipBlock": {"cidr": "10.2.0.0/16"}}]
    values = LEAST | {"networkPolicy": {"servicePorts": [6432, 6380], "servicesAt": at}}
    for role in ("web", "worker", "beat"):
        policy = find(render(values), "NetworkPolicy", f"quorum-{role}")
        kubernetes_validate.validate(policy, VERSIONS[0], strict=True)
        (rule,) = [each for each in policy["spec"]["egress"] if {"port": 6432} in each["ports"]]
        assert rule == {"ports": [{"port": 6432}, {"port": 6380}], "to": at}


def test_every_setting_that_is_no_secret_can_be_given():
    """By its first name; what the chart has a value or a part of the Secret for is refused there."""
    own = {"HOST", "PORT", "HEALTH_PORT", "DATA_DIR", "CONCURRENCY", "APP_ID", "APP_SLUG", "GITHUB_URL", "MODEL"}
    own |= {"SANDBOX_SOCKET", "DATABASE_URL", "BROKER_URL", "RELAY_URL", "PRIVATE_KEY_FILE"}
    for name, field in Settings.model_fields.items():
        if name.upper() not in own and field.annotation is not SecretStr:
            render(LEAST | {"settings": {variables_of(name, field)[0]: "x"}})


def test_a_migration_is_given_time():
    for pod in pods(render(LEAST)).values():
        probe = pod["containers"][0]["startupProbe"]
        assert probe["periodSeconds"] * probe["failureThreshold"] >= 600


async def test_workers_grow_with_what_is_due_or_in_progress(postgres: str):
    scaled = find(render(MANY), "ScaledObject", "quorum-worker")["spec"]
    (trigger,) = scaled["triggers"]
    assert trigger["metadata"]["targetQueryValue"] == "32"
    with fresh_database(postgres, migrated_template(postgres)) as url:
        engine = open_database(url)
        async with work(engine) as db:
            for number in range(3):
                await request_run(
                    db, RunRequest("solve", Repo(1, 7, "m", "s"), number, f"{number}", "finished", f"{number}")
                )
        await claim(engine, "w", 60.0)
        await engine.dispose()
        with psycopg.connect(url.replace("+psycopg", "")) as plain:
            plain.execute(
                "UPDATE runs SET state = 'waiting', wake_at = extract(epoch FROM now()) + 600 WHERE number = 2"
            )
            (counted,) = plain.execute(trigger["metadata"]["query"]).fetchone() or (None,)
    assert counted == 2
