"""A review as SARIF 2.1.0, for editors and for GitHub's code scanning. Pure.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/sarif-v2.1.0-os.html,
https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
"""

import os
import re
from collections import Counter
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from app.cli.reviewing.outcome import Remark, Review, exit_code
from app.cli.reviewing.words import one_line, unseen, who_judged
from app.forge.clean import clean_plain
from app.policy.finding import Severity

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_ROOT = "%SRCROOT%"
_MOST = 5000
"""Results that GitHub shows; it refuses a file with five times as many."""
_HELP = "What each finding says of its lines tells more."
_LEVELS = {
    Severity.CRITICAL: "error",
    Severity.MAJOR: "error",
    Severity.MINOR: "warning",
    Severity.NIT: "note",
}


def review_sarif(review: Review, fail_on: Severity) -> dict[str, Any]:
    """One run. A rule is `PERSPECTIVE/CATEGORY`, or `ANALYZER/RULE`."""
    remarks = review.remarks[:_MOST]
    rules = sorted({_rule(each) for each in remarks})
    failed = exit_code(review, fail_on) == 2  # noqa: PLR2004 - what it ends with where something was not read
    run = {
        "tool": {"driver": {"name": "Quorum", "rules": [_described(name) for name in rules]}},
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The root of the work tree."}}},
        "invocations": [{"executionSuccessful": not failed, "toolExecutionNotifications": _notes(review)}],
        "results": _results(remarks, rules),
        "properties": {"base": review.base.commit, "judged": bool(review.verdicts)},
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _notes(review: Review) -> list[dict[str, Any]]:
    """What a person would be told beside the findings (§3.20.21)."""
    if not review.files:
        return []
    judged = ("warning" if review.model is None else "note", who_judged(review))
    said = [judged, *(("note", line) for line in unseen(review))]
    if len(review.remarks) > _MOST:
        said.append(("warning", f"{len(review.remarks) - _MOST} findings more are left out, the least grave ones."))
    return [{"level": level, "message": {"text": text}} for level, text in said]


def _results(remarks: Sequence[Remark], rules: Sequence[str]) -> list[dict[str, Any]]:
    """Those with one key, such as of the same words twice in a file, are counted from the top."""
    seen: Counter[str] = Counter()
    told = []
    for each in remarks:
        seen[each.key] += 1
        told.append(_result(each, rules, seen[each.key]))
    return told


def _result(remark: Remark, rules: Sequence[str], number: int) -> dict[str, Any]:
    rule = _rule(remark)
    # In a message `[text](target)` is a link (§3.11.6), and words of others lead nowhere.
    text = "\n\n".join(clean_plain(each).strip() for each in (remark.claim, remark.why) if each.strip())
    place: dict[str, Any] = {"artifactLocation": {"uri": quote(os.fsencode(remark.path)), "uriBaseId": _ROOT}}
    if remark.start_line:
        place["region"] = {"startLine": remark.start_line, "endLine": max(remark.start_line, remark.end_line)}
    result: dict[str, Any] = {
        "ruleId": rule,
        "ruleIndex": rules.index(rule),
        "level": _LEVELS[remark.severity],
        "message": {"text": text or rule},
        "locations": [{"physicalLocation": place}],
        "properties": {"severity": remark.severity.value},
    }
    if remark.key:
        # So that it is known again when its lines have moved (§3.27.17); GitHub looks at the second alone.
        line_hash = f"{remark.key}:{number}"
        result["partialFingerprints"] = {"quorumFinding/v1": remark.key, "primaryLocationLineHash": line_hash}
    return result


def _described(rule: str) -> dict[str, Any]:
    """With the texts that GitHub wants of every rule."""
    by, _, category = rule.partition("/")
    short = {"text": f"{by}: {category}"[:1024]}
    return {"id": rule, "shortDescription": short, "fullDescription": short, "help": {"text": _HELP}}


def _rule(remark: Remark) -> str:
    """A slash parts the levels of a rule's id (§3.5.4), so that there is one alone."""
    return f"{remark.by}/{re.sub(r'[^A-Za-z0-9._-]+', '-', one_line(remark.category)).strip('-') or 'unnamed'}"
