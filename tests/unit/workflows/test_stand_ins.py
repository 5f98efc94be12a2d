from app.agents.turn import Turn
from app.llm.messages import Reply, Text
from app.workflows.stand_ins import tell_stand_ins


def turn(by: str, *instead_of: str):
    return Turn(Reply((Text("Done."),), "end", "m", by=by, instead_of=instead_of)).to_json()


def test_who_worked_in_place_of_whom_is_told_once_with_who_asked():
    steps = [
        ("write.turn-1", turn("anthropic:a")),
        ("write.turn-2", turn("openai:b", "anthropic:a")),
        ("write.turn-3", turn("openai:b", "anthropic:a")),
        ("review-security.turn-1", turn("openai:b", "anthropic:a")),
        ("planner.turn-1.shorter-1", turn("gemini:c", "anthropic:a", "openai:b")),
        ("pull-request", {"number": 7, "instead_of": ["x"]}),
        ("branch", "quorum/issue-7"),
        ("write.turn-4", Turn(None, failed="no model answered").to_json()),
    ]
    assert tell_stand_ins(steps) == [
        "`openai:b` answered in place of `anthropic:a`, which did not answer (write, review-security).",
        "`gemini:c` answered in place of `anthropic:a`, `openai:b`, which did not answer (planner).",
    ]


def test_where_everybody_answered_there_is_nothing_to_tell():
    assert tell_stand_ins([("write.turn-1", turn("anthropic:a"))]) == []
