"""What Quorum does, one durable function a file."""

from collections.abc import Mapping

from app.runs.drive import CleanupFunction, WorkflowFunction
from app.wiring import Services
from app.workflows.amend import amend, settle_amend
from app.workflows.converse import converse, settle_converse
from app.workflows.deploy import deploy
from app.workflows.elsewhere import anywhere
from app.workflows.group import group, settle_group
from app.workflows.land import land
from app.workflows.mend import mend, settle_mend
from app.workflows.part import part, settle_part
from app.workflows.recheck import recheck
from app.workflows.remedy import remedy, settle_remedy
from app.workflows.review import review, settle_review
from app.workflows.settle import settle
from app.workflows.solve import settle_solve, solve
from app.workflows.tend import tend
from app.workflows.watch import watch

_WORKFLOWS: Mapping[str, WorkflowFunction[Services]] = {
    "solve": solve,
    "review": review,
    "recheck": recheck,
    "group": group,
    "converse": converse,
    "land": land,
    "deploy": deploy,
    "settle": settle,
    "mend": mend,
    "part": part,
    "remedy": remedy,
    "tend": tend,
    "amend": amend,
    "watch": watch,
}
WORKFLOWS: Mapping[str, WorkflowFunction[Services]] = {name: anywhere(each) for name, each in _WORKFLOWS.items()}
CLEAN_UPS: Mapping[str, CleanupFunction[Services]] = {
    "solve": settle_solve,
    "review": settle_review,
    "group": settle_group,
    "converse": settle_converse,
    "mend": settle_mend,
    "part": settle_part,
    "remedy": settle_remedy,
    "amend": settle_amend,
}
