from jobs.reports import REGIONS, register
from jobs.scheduler import Scheduler


def test_there_is_a_job_for_each_region():
    scheduler = Scheduler()
    register(scheduler)
    assert len(scheduler.run_all()) == len(REGIONS)
