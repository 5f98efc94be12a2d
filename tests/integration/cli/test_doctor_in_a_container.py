"""What `quorum doctor` makes of a container: keys that an engine mounted, and only some of them; a volume."""

from types import SimpleNamespace

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from app.cli.checkup import machine
from app.settings import Settings


@pytest.fixture
def key_file(tmp_path):
    """Readable for all, as an engine mounts what a user of another number is to read."""
    path = tmp_path / "secrets" / "key.pem"
    path.parent.mkdir()
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()))
    path.chmod(0o444)
    return path


def test_a_key_that_all_can_read_is_a_fault_but_where_engines_mount_it(key_file, monkeypatch):
    settings = Settings(app_id=7, private_key_file=key_file)
    told = machine.look_at_key(settings)
    assert told.state == "warn"
    assert "others can read" in told.told
    monkeypatch.setattr(machine, "SECRETS", key_file.parent)
    assert machine.look_at_key(settings).state == "ok"


def test_a_worker_of_its_own_needs_no_webhook_secret():
    assert machine.look_at_secret(Settings(health_port=0)).state == "fail"
    assert machine.look_at_secret(Settings(health_port=8471)).state == "ok"


@pytest.mark.parametrize(("left", "state"), [(5 * 1024**3, "ok"), (3 * 1024**2, "warn")])
def test_a_volume_that_is_nearly_full_is_told_of(left: int, state: str, tmp_path, monkeypatch):
    """A run only waits and tries again there: nothing else says why."""
    tmp_path.chmod(0o700)
    monkeypatch.setattr(machine.shutil, "disk_usage", lambda _: SimpleNamespace(free=left))
    found = machine.look_at_data(Settings(data_dir=tmp_path))
    assert found.state == state
    assert ("3 MB left" in found.told) == (state == "warn")
