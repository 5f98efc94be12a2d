"""One commit that may go to production; each test changes one thing about it."""

from app.policy.deployment_facts import DeploymentFacts, LandingFact
from app.policy.environments import Environment
from app.policy.values import Sha

SHA = Sha("a" * 40)
EARLIER = Sha("b" * 40)
BEFORE = Sha("c" * 40)
NOW = 1_800_000_000.0
MINUTE, HOUR = 60.0, 3600.0
STRICT = Environment(after=("staging",), soak_minutes=60, branches=("main",), migrations="reversible", max_age_hours=48)


def landing(after_sha=SHA, **changes):
    values = {
        "pull": 12,
        "approved": True,
        "security": True,
        "approved_at": NOW - HOUR,
        "policy_hash": "0123456789abcdef",
        "still_enough": True,
    }
    return LandingFact(after_sha, **{**values, **changes})


def stray(after_sha=EARLIER, **changes):
    return landing(after_sha, **{"pull": None, "approved": False, "reason": "pushed straight to main", **changes})


def facts(**changes):
    values = {
        "environment": "prod",
        "now": NOW,
        "sha": SHA,
        "run_sha": SHA,
        "default_branch": "main",
        "branches": ("main",),
        "landings": (landing(EARLIER, pull=11), landing()),
        "origin": "deployed",
        "origin_sha": BEFORE,
        "rollback": False,
        "had": {"staging": NOW - 2 * HOUR},
        "migrations": (),
        "policy_source": "base",
    }
    return DeploymentFacts(**{**values, **changes})
