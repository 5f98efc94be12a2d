"""Files, branches and refs over the API, on the repository that git sees."""

import base64


def encoded(text):
    return base64.b64encode(text.encode()).decode()


def put(stage, path, text, **more):
    body = {"message": f"Write {path}", "content": encoded(text), **more}
    return stage.ask("PUT", f"contents/{path}", stage.person, body)


def text_of(answer):
    return base64.b64decode(answer.json()["content"]).decode()


def test_a_file_is_written_read_changed_and_deleted(stage):
    made = put(stage, "docs/readme.md", "one\n")
    assert made.status_code == 201
    assert text_of(stage.ask("GET", "contents/docs/readme.md", stage.writer)) == "one\n"
    assert put(stage, "docs/readme.md", "two\n").status_code == 422
    assert put(stage, "docs/readme.md", "two\n", sha="0" * 40).status_code == 409
    changed = put(stage, "docs/readme.md", "two\n", sha=made.json()["content"]["sha"])
    assert changed.status_code == 200
    raw = {"accept": "application/vnd.github.raw+json"}
    assert stage.ask("GET", "contents/docs/readme.md", stage.writer, headers=raw).text == "two\n"
    gone = {"message": "Away", "sha": changed.json()["content"]["sha"]}
    assert stage.ask("DELETE", "contents/docs/readme.md", stage.person, gone).status_code == 200
    assert stage.ask("GET", "contents/docs/readme.md", stage.writer).status_code == 404


def test_a_folder_lists_what_is_in_it_and_git_sees_the_same(stage):
    for path in ("docs/a.md", "docs/b.md", "c.txt"):
        assert put(stage, path, path).status_code == 201
    listed = stage.ask("GET", "contents/", stage.writer).json()
    assert [(each["name"], each["type"]) for each in listed] == [("c.txt", "file"), ("docs", "dir")]
    assert [each["path"] for each in stage.ask("GET", "contents/docs", stage.writer).json()] == [
        "docs/a.md",
        "docs/b.md",
    ]
    assert stage.git("clone", "--quiet", stage.remote(stage.writer), "seen").returncode == 0
    assert (stage.folder / "seen" / "docs" / "b.md").read_text() == "docs/b.md"


def test_a_write_is_told_as_a_push_and_kept_from_a_protected_branch(stage, receiver):
    sha = put(stage, "a.txt", "a\n").json()["commit"]["sha"]
    told = receiver.next().payload
    assert (told["after"], told["created"], told["head_commit"]["added"]) == (sha, True, ["a.txt"])
    stage.protect(required_pull_request_reviews={})
    refused = put(stage, "b.txt", "b\n")
    assert refused.status_code == 409
    assert "Changes must be made through a pull request." in refused.json()["message"]


def test_refs_are_made_moved_forward_forced_and_deleted(stage):
    first = stage.pushed()
    second = put(stage, "more.txt", "more\n").json()["commit"]["sha"]
    new = {"ref": "refs/heads/side", "sha": second}
    assert stage.ask("POST", "git/refs", stage.writer, new).status_code == 201
    assert stage.ask("POST", "git/refs", stage.writer, new).json()["message"] == "Reference already exists"
    assert stage.ask("POST", "git/refs", stage.writer, {**new, "ref": "side"}).status_code == 422
    back = stage.ask("PATCH", "git/refs/heads/side", stage.writer, {"sha": first})
    assert (back.status_code, back.json()["message"]) == (422, "Update is not a fast forward")
    assert stage.ask("PATCH", "git/refs/heads/side", stage.writer, {"sha": first, "force": True}).status_code == 200
    assert stage.ask("GET", "git/ref/heads/side", stage.writer).json()["object"]["sha"] == first
    found = stage.ask("GET", "git/matching-refs/heads/", stage.writer).json()
    assert [each["ref"] for each in found] == ["refs/heads/main", "refs/heads/side"]
    assert stage.ask("DELETE", "git/refs/heads/side", stage.writer).status_code == 204
    assert stage.ask("GET", "git/ref/heads/side", stage.writer).status_code == 404


def test_a_branch_whose_name_has_a_slash_is_found(stage):
    sha = stage.pushed()
    stage.ask("POST", "git/refs", stage.writer, {"ref": "refs/heads/fix/it", "sha": sha})
    assert stage.ask("GET", "branches/fix/it", stage.writer).json()["commit"]["sha"] == sha
    assert stage.ask("GET", "commits/fix/it/check-runs", stage.writer).json()["total_count"] == 0
    assert stage.ask("GET", "branches/fix/it/protection", stage.person).json()["message"] == "Branch not protected"
