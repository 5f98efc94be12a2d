"""A review for programs. Keys stay; new ones may come, and `version` grows when one changes its meaning."""

from dataclasses import asdict
from typing import Any

from app.cli.reviewing.outcome import Review, exit_code
from app.policy.finding import Severity

_VERSION = 1


def review_json(review: Review, fail_on: Severity) -> dict[str, Any]:
    """Everything that the other formats tell, and the code that the command ends with. Costs are in US dollars."""
    spent = review.spent
    return {
        "version": _VERSION,
        "base": asdict(review.base),
        "model": review.model,
        "judged": review.model is not None and bool(review.verdicts),
        "files": review.files,
        "lines": review.lines,
        "findings": [asdict(each) for each in review.remarks],
        "verdicts": [asdict(each) for each in review.verdicts],
        "hints": review.hints,
        "what": review.what,
        "weakened": [asdict(each) for each in review.weakened],
        "not_looked_at": {
            "tests": "not run",
            "unread": list(review.unread),
            "binary": list(review.unreadable),
            "set_aside": list(review.set_aside),
            "left_out": list(review.left_out),
            "analyzers": list(review.missing),
        },
        "notes": list(review.notes),
        "dropped": review.dropped,
        "cost": {
            "usd": spent.cost / 1_000_000,
            "calls": spent.calls,
            "tokens": {
                "input": spent.input,
                "cache_read": spent.cache_read,
                "cache_write": spent.cache_write,
                "output": spent.output,
            },
            "seconds": round(review.seconds, 1),
        },
        "fail_on": fail_on.value,
        "exit_code": exit_code(review, fail_on),
    }
