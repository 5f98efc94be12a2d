"""Changes of files that the machine can make: each a function of the files as they are."""

from collections.abc import Mapping

from markers import BAD, MUTE, VAGUE
from policies import POLICIES

Changes = dict[str, str | None]
PERSPECTIVES = ("security", "testing", "architecture", "infrastructure")
QUIET_EDITS = ("fine", "fine below", "large", "space", "rename", "database", "workflow", "infrastructure", "clean")
POLICY_EDITS = tuple(f"policy {name}" for name in POLICIES)
EDITS = (
    *QUIET_EDITS,
    *(f"{BAD} testing", f"{BAD} security", f"{VAGUE} testing", f"{MUTE} testing"),
    *(f"{marker} {name}" for marker in (BAD, MUTE, VAGUE) for name in PERSPECTIVES),
    *POLICY_EDITS,
)
_A, _B = "src/a.txt", "src/b.txt"


def edit(kind: str, number: int, files: Mapping[str, str]) -> Changes:
    """`number` makes each edit another. Nothing where there is nothing to edit."""
    word, _, rest = kind.partition(" ")
    if word == "policy":
        return {".github/quorum.yml": POLICIES[rest]}
    if word in {BAD, MUTE, VAGUE}:
        return {_A: _put(files.get(_A, ""), f"{kind} {number}", 4)}
    if kind == "large":
        return {_A: files.get(_A, "") + "".join(f"more {number} {line}\n" for line in range(5))}
    if kind == "clean":
        kept = [line for line in files.get(_A, "").splitlines() if line.split(" ")[0] not in {BAD, MUTE, VAGUE}]
        return {_A: "".join(f"{line}\n" for line in kept)}
    return _elsewhere(kind, number, files)


def _elsewhere(kind: str, number: int, files: Mapping[str, str]) -> Changes:
    path = {"database": "db/schema.txt", "workflow": ".github/workflows/ci.yml", "infrastructure": "deploy/main.tf"}
    if kind == "space":
        return {_A: files[_A].replace("a 3\n", "a  3\n")} if _A in files else {}
    if kind == "rename":
        return {_B: None, f"src/moved{number}.txt": files[_B]} if _B in files else {}
    if kind in path:
        return {path[kind]: files.get(path[kind], "") + f"step {number}\n"}
    return {_A: _put(files.get(_A, ""), f"fine {number}", 10 if kind == "fine below" else 1)}


def _put(text: str, line: str, at: int) -> str:
    lines = text.splitlines()
    return "".join(f"{each}\n" for each in (*lines[:at], line, *lines[at:]))
