from jobs.scheduler import Scheduler

REGIONS = ("eu-central", "us-east", "ap-south")


def build_report(region: str) -> str:
    return f"report of {region}"


def register(scheduler: Scheduler) -> None:
    """One job for each region, named `report-REGION`."""
    for region in REGIONS:
        scheduler.add(f"report-{region}", lambda: build_report(region))
