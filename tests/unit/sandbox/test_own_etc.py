"""What of the system's `/etc` lies in the sandbox's own."""

from pathlib import Path

import pytest

from app.sandbox import etc as own
from app.sandbox.errors import SandboxUnavailableError
from app.sandbox.etc import etc, lay_out


def test_what_everybody_may_read_is_copied_and_nothing_else(tmp_path: Path):
    system, place = tmp_path / "system", tmp_path / "etc"
    place.mkdir()
    (system / "ssl" / "certs").mkdir(parents=True)
    (system / "ssl" / "certs" / "a.pem").write_text("A")
    (system / "ssl" / "certs" / "b.pem").symlink_to("a.pem")
    (system / "ssl" / "private").mkdir(mode=0o710)
    (system / "ssl" / "private" / "key").write_text("secret")
    (system / "ssl" / "key").write_text("secret")
    (system / "ssl" / "key").chmod(0o640)
    (system / "shadow").write_text("secret")
    (system / "zone").write_text("UTC")
    (system / "localtime").symlink_to(system / "zone")

    lay_out(system, place)
    found = {str(path.relative_to(place)) for path in place.rglob("*")}
    expected = {"hosts", "passwd", "group", "localtime", "ssl", "ssl/certs", "ssl/certs/a.pem", "ssl/certs/b.pem"}
    assert found == expected
    assert (place / "ssl" / "certs" / "b.pem").readlink() == Path("a.pem")
    assert not (place / "localtime").is_symlink(), "it leads out of what is mounted"
    assert "secret" not in "".join(path.read_text() for path in place.rglob("*") if path.is_file())
    assert (place / "passwd").read_text() == (place / "group").read_text() == "", "each command's own are mounted there"


def test_it_is_laid_out_anew_when_the_system_changes_or_it_was_tidied_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(own, "_SYSTEM", tmp_path)
    monkeypatch.setattr(own, "_made", {})
    (tmp_path / "mime.types").write_text("one")
    first = etc()
    assert etc() == first
    (tmp_path / "alternatives").mkdir()
    second = etc()
    assert second != first
    assert (second / "alternatives").is_dir()
    (second / "passwd").unlink()
    assert (etc() / "passwd").exists()


def test_that_there_is_no_room_is_told_and_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(own, "_SYSTEM", tmp_path)
    monkeypatch.setattr(own, "_made", {})
    with monkeypatch.context() as full:
        full.setattr(own, "lay_out", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
        with pytest.raises(SandboxUnavailableError, match="No space left"):
            etc()
    assert (etc() / "hosts").exists()
