"""Every tool's schema in the form that providers hold models to, and what models then send."""

from collections.abc import Iterator
from typing import Any

import pytest

from app.agents.light import Reports
from app.agents.planning import Plan, Vote
from app.agents.tool import AgentTool, ToolOutput
from app.agents.tools.answering import Answer
from app.agents.tools.endings import Judge, ReportInput
from app.agents.tools.files import Bash, Edit, ReadFile, Search
from app.agents.tools.handing_in import Submit, SubmitRepair
from app.agents.tools.questions import Ask, Understood
from app.agents.tools.responses import Respond
from app.llm.strict import refuses_strictness, strict_schema, without_nulls

KINDS = [Answer, Ask, Bash, Edit, Judge, Plan, ReadFile, ReportInput, Reports, Respond, Search, Submit, SubmitRepair]
TOOLS = {
    kind.__name__: AgentTool(kind.__name__.lower(), kind, lambda _input, _before: ToolOutput(""), repeats=repeats)  # type: ignore[arg-type, return-value, type-var]
    for repeats, kinds in ((False, [*KINDS, Understood, Vote]), (True, [Respond, Submit]))
    for kind in kinds
}
KNOWN = {
    "type",
    "description",
    "enum",
    "const",
    "anyOf",
    "items",
    "properties",
    "required",
    "additionalProperties",
    "$defs",
    "$ref",
}


def nodes(schema: Any) -> Iterator[dict[str, Any]]:
    """Every schema within one, itself included."""
    if isinstance(schema, dict):
        yield schema
        for name, value in schema.items():
            within = (
                value.values() if name in {"properties", "$defs"} else value if isinstance(value, list) else [value]
            )
            for each in within:
                yield from nodes(each)


@pytest.mark.parametrize("all_required", [True, False], ids=["OpenAI", "Anthropic"])
@pytest.mark.parametrize("name", TOOLS)
def test_a_tool_is_described_in_what_providers_take(name: str, all_required: bool):
    for node in nodes(strict_schema(TOOLS[name].spec.schema, all_required=all_required)):
        assert set(node) <= KNOWN
        assert "$ref" not in node or len(node) == 1
        if node.get("type") == "object":
            assert node["additionalProperties"] is False
            assert set(node["required"]) <= set(node["properties"])
            assert not all_required or list(node["properties"]) == node["required"]


def test_bounds_are_told_in_words():
    told = strict_schema(
        {"type": "string", "description": "A name.", "maxLength": 60, "default": ""}, all_required=True
    )
    assert told == {"type": "string", "description": "A name. (maxLength: 60)"}


FINDING = {
    "severity": "nit",
    "category": "x",
    "path": "a.py",
    "start_line": 1,
    "end_line": 1,
    "quote": "x",
    "claim": "y",
    "why": None,
    "evidence": "",
    "suggestion": None,
    "confidence": 0.5,
}
REPORT = {"verdict": "approve", "confidence": 0.9, "summary": "Fine.", "walkthrough": None, "also": None}


def test_what_is_left_out_by_null_is_left_out():
    tool = TOOLS["ReportInput"]
    said = without_nulls({**REPORT, "findings": [FINDING, FINDING]}, tool.spec.schema)
    assert tool.problem(said) is None
    assert set(said) == {"verdict", "confidence", "summary", "findings"}
    assert "why" not in said["findings"][0]  # type: ignore[operator, index]
    assert tool.problem({**REPORT, "findings": [FINDING]}) is not None, "as it came"


def test_what_has_to_be_said_stays_as_it_came_so_that_its_fault_is_told():
    schema = {
        "type": "object",
        "properties": {"a": {"anyOf": [{"type": "string"}, {"type": "null"}]}},
        "required": ["a"],
    }
    assert without_nulls({"a": None, "b": None}, schema) == {"a": None}
    assert without_nulls({"a": None}, {}) == {}


@pytest.mark.parametrize(
    ("status", "told", "refuses"),
    [
        (400, "tools.0.custom.strict: Extra inputs are not permitted", True),
        (400, "The compiled grammar is too large", True),
        (400, "invalid_function_parameters Invalid schema for function 'report'", True),
        (422, "body.tools.0.function.strict: unexpected", True),
        (400, "prompt is too long: 210000 tokens > 200000 maximum", False),
        (429, "strict limits", False),
    ],
)
def test_what_a_refusal_is_about(status: int, told: str, refuses: bool):
    assert refuses_strictness(status, told) is refuses
