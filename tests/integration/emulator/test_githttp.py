"""git over HTTP: real git against the emulator's own repositories."""

import gzip

import httpx


def test_a_person_pushes_and_an_app_that_may_read_clones_the_same_commit(stage):
    sha = stage.pushed()
    done = stage.git("clone", "--quiet", stage.remote(stage.token(contents="read")), "clone")
    assert done.returncode == 0, done.stderr
    assert stage.git("rev-parse", "HEAD", where=stage.folder / "clone").stdout.strip() == sha


def test_without_a_token_git_is_asked_for_one(stage):
    answer = httpx.get(stage.remote(None) + "/info/refs?service=git-upload-pack", timeout=60.0, trust_env=False)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Basic ")
    assert stage.git("ls-remote", stage.remote("ghs_1_made-up")).returncode != 0


def test_a_token_that_may_only_read_cannot_push(stage):
    sha = stage.pushed()
    stage.commit("more.txt", "more\n")
    done = stage.push(stage.token(contents="read"))
    assert done.returncode != 0
    assert "403" in done.stderr
    assert stage.git("ls-remote", stage.remote(stage.person), "refs/heads/main").stdout.split()[0] == sha


def test_a_token_for_another_repository_does_not_see_this_one(stage):
    token = stage.world.mint(stage.installation, {"contents": "write"}, [])[0]
    done = stage.git("ls-remote", stage.remote(token))
    assert done.returncode != 0
    assert "not found" in done.stderr


def test_a_push_is_told_with_the_commits_before_and_after(stage, receiver):
    first = stage.pushed()
    told = receiver.next().payload
    assert (told["ref"], told["before"], told["after"]) == ("refs/heads/main", "0" * 40, first)
    second = stage.commit("more.txt", "more\n")
    assert stage.push(stage.token(contents="write")).returncode == 0
    told = receiver.next().payload
    assert (told["before"], told["after"], told["sender"]["login"]) == (first, second, "bot[bot]")


def test_a_push_tells_only_of_the_branch_that_moved(stage, receiver):
    stage.pushed()
    stage.commit("topic.txt", "one\n", "topic")
    assert stage.push(stage.person, "topic").returncode == 0
    stage.commit("topic.txt", "two\n", "topic")
    assert stage.push(stage.person, "topic").returncode == 0
    refs = [receiver.next().payload["ref"] for _ in range(3)]
    assert refs == ["refs/heads/main", "refs/heads/topic", "refs/heads/topic"]


def test_the_head_of_a_pull_request_is_advertised_and_follows_its_branch(stage):
    stage.pushed()
    first = stage.commit("topic.txt", "one\n", "topic")
    assert stage.push(stage.person, "topic").returncode == 0
    body = {"title": "Topic", "head": "topic", "base": "main"}
    number = stage.ask("POST", "pulls", stage.person, body).json()["number"]
    advertised = ("ls-remote", stage.remote(stage.token(contents="read")), f"refs/pull/{number}/head")
    assert stage.git(*advertised).stdout.split()[0] == first
    second = stage.commit("topic.txt", "two\n", "topic")
    assert stage.push(stage.person, "topic").returncode == 0
    assert stage.git(*advertised).stdout.split()[0] == second


def test_a_gzipped_request_body_is_understood(stage):
    sha = stage.pushed()
    lines = b"0014command=ls-refs\n", b"00010009peel\n", b"0000"
    headers = {
        "content-type": "application/x-git-upload-pack-request",
        "content-encoding": "gzip",
        "git-protocol": "version=2",
    }
    url = f"{stage.remote(None)}/git-upload-pack"
    body, who = gzip.compress(b"".join(lines)), ("x-access-token", stage.person)
    answer = httpx.post(url, content=body, headers=headers, auth=who, timeout=60.0, trust_env=False)
    assert answer.status_code == 200
    assert f"{sha} refs/heads/main" in answer.text
