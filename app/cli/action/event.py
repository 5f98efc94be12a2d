"""What the event that started the job says of a pull request. Parsed once; everything else of it is left alone."""

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.policy.values import Repo, Sha


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class _Owner(_Part):
    login: str


class _Repository(_Part):
    id: int
    name: str
    owner: _Owner


class _Whose(_Part):
    id: int


class _Head(_Part):
    sha: str = Field(pattern=r"^[0-9a-f]{40}$")
    repo: _Whose | None


class _Base(_Part):
    ref: str = Field(min_length=1)


class _Pull(_Part):
    number: int = Field(gt=0)
    title: str
    body: str | None
    state: str
    head: _Head
    base: _Base


class _PullEvent(_Part):
    pull_request: _Pull
    repository: _Repository


class Pull(_Part):
    """A pull request of `repo`. `from_fork`: its head lies elsewhere, or its repository is gone."""

    repo: Repo
    number: int
    title: str
    body: str
    closed: bool
    head: Sha
    base_ref: str
    from_fork: bool


def read_pull_event(event: bytes) -> Pull:
    """https://docs.github.com/en/webhooks/webhook-events-and-payloads#pull_request. Raises `ValueError`."""
    try:
        told = _PullEvent.model_validate_json(event)
    except ValidationError as error:
        place = ".".join(map(str, error.errors()[0]["loc"]))
        raise ValueError(f"the event's file tells of no pull request ({place}: {error.errors()[0]['msg']})") from None
    pull, where = told.pull_request, told.repository
    return Pull(
        repo=Repo(0, where.id, where.owner.login, where.name),
        number=pull.number,
        title=pull.title,
        body=pull.body or "",
        closed=pull.state != "open",
        head=Sha(pull.head.sha),
        base_ref=pull.base.ref,
        from_fork=pull.head.repo is None or pull.head.repo.id != where.id,
    )
