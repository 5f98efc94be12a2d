"""What one review asks of GitHub, against what an installation may ask for in an hour."""

from collections import Counter
from pathlib import Path

from tests.support.stories import Theatre, tell

AN_HOUR = 5_000
"""https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api"""


def test_github_requests_for_one_review(tmp_path: Path) -> None:
    theatres: list[Theatre] = []
    told = tell(tmp_path, theatres.append)
    asked = [row for row in theatres[0].requests() if "/repositories/" in row[1]]
    about = Counter(f"{method} {_kind(path)}" for method, path, _ in asked)
    reviews = theatres[0].rows("SELECT count(*) FROM runs WHERE workflow = 'review'")[0][0]
    of_reviews = sum(count for kind, count in about.items() if "check-runs" in kind or "pulls" in kind)
    print(f"\nthe whole story with {reviews} reviews and {len(told.steps)} steps: {len(asked)} requests to the API")
    for kind, count in about.most_common():
        print(f"  {count:4} {kind}")
    each = of_reviews / reviews
    print(
        f"about pull requests and checks: {each:.0f} a review, 1/{AN_HOUR / each:.0f} of what may be asked in an hour"
    )


def _kind(path: str) -> str:
    parts = path.split("/repositories/")[1].split("/")[1:]
    return "/".join("N" if part.isdigit() or len(part) == 40 else part for part in parts)
