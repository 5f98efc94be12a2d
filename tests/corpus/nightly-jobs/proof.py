from jobs.reports import register
from jobs.scheduler import Scheduler

scheduler = Scheduler()
register(scheduler)
assert scheduler.run("report-eu-central") == "report of eu-central", scheduler.run_all()
