"""The rate limit on every answer, and what is read for nothing: 304 to who has it already."""


def left(answer):
    return int(answer.headers["x-ratelimit-remaining"])


def test_every_answer_says_what_is_left_and_whose_tokens_share_it(stage):
    first, second = stage.token(issues="read"), stage.token(issues="read", metadata="read")
    one = stage.ask("GET", "issues", first)
    assert (one.headers["x-ratelimit-limit"], one.headers["x-ratelimit-resource"]) == ("15000", "core")
    assert int(one.headers["x-ratelimit-used"]) + left(one) == 15000
    refused = stage.ask("POST", "issues", second, {"title": "No"})
    assert (refused.status_code, left(refused)) == (403, left(one) - 1)
    assert left(stage.ask("GET", "issues", stage.person)) == 14999
    assert left(stage.ask("GET", "issues", stage.writer)) == 14999


def test_who_has_used_all_is_refused_until_the_hour_is_over(stage):
    stage.control("limits", {"core": 2})
    answers = [stage.ask("GET", "issues", stage.person) for _ in range(3)]
    assert [each.status_code for each in answers] == [200, 200, 403]
    told = answers[2]
    assert told.json()["message"] == f"API rate limit exceeded for user ID {stage.world.users['ada'].id}."
    assert (told.headers["x-ratelimit-remaining"], told.headers["x-ratelimit-used"]) == ("0", "2")
    assert stage.ask("GET", "issues", stage.writer).status_code == 200
    for window in stage.rates.windows():
        window.reset = 0
    assert stage.ask("GET", "issues", stage.person).status_code == 200


def test_to_ask_how_much_is_left_costs_nothing(stage):
    stage.ask("GET", "issues", stage.person)
    told = [stage.ask("GET", "/rate_limit", stage.person) for _ in range(2)]
    assert [each.json()["resources"]["core"]["remaining"] for each in told] == [14999, 14999]
    assert [left(each) for each in told] == [14999, 14999]


def test_graphql_has_a_limit_of_its_own(stage):
    stage.control("limits", {"graphql": 1})
    headers = {"authorization": f"Bearer {stage.person}"}
    url = f"{stage.url}/api/graphql"
    answers = [stage.wire.post(url, json={"query": "{}"}, headers=headers) for _ in range(2)]
    assert [(each.status_code, each.headers["x-ratelimit-resource"]) for each in answers] == [
        (200, "graphql"),
        (403, "graphql"),
    ]
    assert stage.ask("GET", "issues", stage.person).status_code == 200


def test_what_has_not_changed_is_neither_sent_nor_counted(stage):
    stage.ask("POST", "issues", stage.person, {"title": "It breaks"})
    first = stage.ask("GET", "issues", stage.person)
    known = {"if-none-match": first.headers["etag"]}
    again = stage.ask("GET", "issues", stage.person, headers=known)
    assert (again.status_code, again.content, left(again)) == (304, b"", left(first))
    assert again.headers["etag"] == first.headers["etag"]
    stage.ask("PATCH", "issues/1", stage.person, {"title": "It breaks often"})
    assert stage.ask("GET", "issues", stage.person, headers=known).status_code == 200


def test_another_token_finds_nothing_unchanged(stage):
    first, second = stage.token(issues="read"), stage.token(issues="read")
    known = {"if-none-match": stage.ask("GET", "issues", first).headers["etag"]}
    assert stage.ask("GET", "issues", first, headers=known).status_code == 304
    assert stage.ask("GET", "issues", second, headers=known).status_code == 200


def test_a_refusal_carries_no_etag(stage):
    answer = stage.ask("GET", "issues/99", stage.person)
    assert (answer.status_code, "etag" in answer.headers) == (404, False)
