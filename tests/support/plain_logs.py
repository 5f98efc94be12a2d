"""What is logged while a test runs, without colours and without every variable of every frame of an error.

Telling those takes half a second for each error, and stories log many on purpose. Quorum itself tells none either.
"""

import structlog


def log_plainly() -> None:
    *before, _ = structlog.get_config()["processors"]
    renderer = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[*before, renderer])
