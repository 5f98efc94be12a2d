"""`quorum worker`: drive runs until told to stop."""


def worker() -> None:
    """Work on runs. Start as many as you like; each needs the same settings."""
    import sys

    from app import telemetry
    from app.jobs.worker import run_worker
    from app.settings import Settings

    telemetry.configure(sys.stderr)
    settings = Settings()
    settings.require_credentials()
    run_worker(settings)
