"""The port that GitHub sends webhooks to is Quorum's alone, also before Quorum is up."""

import socket

import pytest

from app.cli.demo.stage import Stage


def test_nobody_else_gets_the_port_and_quorum_can_listen_there(tmp_path, monkeypatch):
    monkeypatch.setenv("QUORUM_DATA_DIR", str(tmp_path))
    with Stage("scripted:none") as stage:
        place = ("127.0.0.1", stage.port)
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(place)
        with socket.socket() as another, pytest.raises(OSError, match="in use"):
            another.bind(place)
        for _ in range(2):  # it may be started again
            with socket.create_server(place), socket.create_connection(place):
                pass
