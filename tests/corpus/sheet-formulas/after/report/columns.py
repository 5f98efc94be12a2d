FORMULAS = {
    "margin": "revenue - cost",
    "rate": "(revenue - cost) / revenue if revenue else 0.0",
}
"""Column to formula, over the columns `revenue` and `cost`."""

_COMPILED = {name: compile(formula, f"<{name}>", "eval") for name, formula in FORMULAS.items()}


def derive(row: dict[str, float]) -> dict[str, float]:
    """The derived columns of a row."""
    names = {"revenue": row["revenue"], "cost": row["cost"]}
    return {name: eval(code, {"__builtins__": {}}, names) for name, code in _COMPILED.items()}
