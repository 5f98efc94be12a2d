"""What Quorum says that it understands."""

_WORDS = (
    ("explain", "why the gate stands as it does; in the thread of a finding, that one"),
    ("status", "what is going on here"),
    ("review [PERSPECTIVE]", "review this pull request again, or that perspective alone"),
    ("fix", "repair what blocks a pull request; to one of yours I offer the repair"),
    ("override PERSPECTIVE because …", "let it pass without that approval, on record"),
    ("dismiss FINDING because …", "a finding is not wanted; advice can be dismissed in its thread, without naming it"),
    ("veto because …", "keep the gate closed"),
    ("withdraw", "take back what you said"),
    ("go", "go on with the plan"),
    ("redo because …", "make another plan"),
    ("tell …", "pass words on to the work under way"),
    ("pause", "at the next step"),
    ("resume", "go on"),
    ("stop", "end the work here"),
    ("retry", "begin again with this issue, or review again"),
    ("priority high|normal|low", "of the work on this issue"),
    ("budget 5", "US dollars that a run for this issue may cost, within the policy"),
    ("autonomy 1", "for this issue, within the policy"),
    ("remember …", "keep a note for all agents; alone: list them"),
    ("forget N", "drop a note"),
    ("help", "this"),
)


def render_help(slug: str) -> str:
    """For who asks, and for who wrote what nobody understood."""
    lines = "\n".join(f"- `@{slug} {word}`: {what}" for word, what in _WORDS)
    return (
        f"Begin a line with my name and one of these words:\n\n{lines}\n\n"
        "People with write permission, and who opened an issue or a pull request, can also ask in plain words."
    )
