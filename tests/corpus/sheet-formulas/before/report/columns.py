def margin(row: dict[str, float]) -> float:
    return row["revenue"] - row["cost"]


def rate(row: dict[str, float]) -> float:
    return (row["revenue"] - row["cost"]) / row["revenue"] if row["revenue"] else 0.0
