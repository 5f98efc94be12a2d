"""What belongs to the whole process is put back after every test: what one leaves there, another one would meet.

Which tests share a process depends on the machine, so that such a meeting shows seldom, and elsewhere.
"""

import gc
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog

from app import telemetry


@contextmanager
def process_as_before() -> Iterator[None]:
    """Registered secrets, where log lines go, the environment, the current folder and how often garbage is looked for
    are afterwards what they were.
    """
    thresholds = gc.get_threshold()
    secrets, in_order = dict(telemetry._secrets), telemetry._longest_first[0]
    environment, folder = dict(os.environ), Path.cwd()
    with _logging_as_before():
        try:
            yield
        finally:
            telemetry._secrets.clear()
            telemetry._secrets.update(secrets)
            telemetry._longest_first[0] = in_order
            _put_back(environment)
            os.chdir(folder)
            gc.set_threshold(*thresholds)


@contextmanager
def _logging_as_before() -> Iterator[None]:
    """A command sends every line to its standard error; a test's is closed by the time that the next one logs."""
    root, config = logging.getLogger(), structlog.get_config()
    handlers, level = list(root.handlers), root.level
    try:
        yield
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        structlog.configure(**config)


def _put_back(environment: dict[str, str]) -> None:
    """Only what differs, as other threads read it; pytest says there itself which test runs."""
    for name in {*os.environ, *environment} - {"PYTEST_CURRENT_TEST"}:
        if name not in environment:
            del os.environ[name]
        elif os.environ.get(name) != environment[name]:
            os.environ[name] = environment[name]
