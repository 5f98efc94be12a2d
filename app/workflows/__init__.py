"""What Quorum does, one durable function a file."""

from collections.abc import Mapping

from app.runs.drive import CleanupFunction, WorkflowFunction
from app.wiring import Services
from app.workflows.converse import converse
from app.workflows.deploy import deploy
from app.workflows.group import group, settle_group
from app.workflows.land import land
from app.workflows.mend import mend, settle_mend
from app.workflows.recheck import recheck
from app.workflows.review import review, settle_review
from app.workflows.settle import settle
from app.workflows.solve import settle_solve, solve

WORKFLOWS: Mapping[str, WorkflowFunction[Services]] = {
    "solve": solve,
    "review": review,
    "recheck": recheck,
    "group": group,
    "converse": converse,
    "land": land,
    "deploy": deploy,
    "settle": settle,
    "mend": mend,
}
CLEAN_UPS: Mapping[str, CleanupFunction[Services]] = {
    "solve": settle_solve,
    "review": settle_review,
    "group": settle_group,
    "mend": settle_mend,
}
