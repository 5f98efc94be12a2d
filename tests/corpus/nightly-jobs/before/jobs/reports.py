from jobs.scheduler import Scheduler

HOME = "eu-central"


def build_report(region: str) -> str:
    return f"report of {region}"


def register(scheduler: Scheduler) -> None:
    scheduler.add("report", lambda: build_report(HOME))
