"""Two of `quorum serve` on one machine: the second is told why it cannot be, and the first does not notice."""

import socket

import pytest
import redis

from app.cli.serve import Part, PrivateRedis, serve


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
