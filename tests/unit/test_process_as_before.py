"""What a test does to its whole process ends with it."""

import gc
import io
import logging
import os

import structlog

from app import telemetry
from tests.support.as_before import process_as_before


def test_log_lines_go_where_they_went_before():
    root, before = logging.getLogger(), structlog.get_config()
    handlers, level = list(root.handlers), root.level
    with process_as_before():
        telemetry.configure(io.StringIO(), level="error")
        assert structlog.get_config() != before
    assert (root.handlers, root.level) == (handlers, level)
    assert structlog.get_config() == before


def test_the_environment_the_folder_and_what_is_secret_are_as_before(tmp_path):
    folder, secrets, path = os.getcwd(), dict(telemetry._secrets), os.environ["PATH"]  # noqa: PTH109
    with process_as_before():
        os.chdir(tmp_path)
        os.environ |= {"QUORUM_LEFT_BEHIND": "1", "PATH": "/nowhere"}
        telemetry.register_secret("left behind")
    assert (os.getcwd(), telemetry._secrets) == (folder, secrets)  # noqa: PTH109
    assert telemetry.redact("left behind") == "left behind"
    assert ("QUORUM_LEFT_BEHIND" in os.environ, os.environ["PATH"]) == (False, path)


def test_garbage_is_looked_for_as_often_as_before():
    before = gc.get_threshold()
    with process_as_before():
        gc.set_threshold(before[0] + 1)
    assert gc.get_threshold() == before
