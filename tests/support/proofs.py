"""Running the corpus' proofs, each in a child of one small process: starting Python anew for each takes longest.

Reads a JSON list of [tree, proof] from standard input and writes for each `passed`, `failed: …` or `broken: …`. A
proof fails by an assertion; whatever else ends it means that the proof is no good.
"""

import importlib
import json
import os
import runpy
import subprocess
import sys
from pathlib import Path

_SHARED = ("asyncio", "csv", "decimal", "hashlib", "hmac", "random", "secrets", "sqlite3", "zipfile", "zoneinfo")
"""What proofs import, imported once for all of them."""
_COMMANDS = {".js": ["node"], ".sh": ["bash"]}


def prove(pairs: list[tuple[Path, Path]]) -> list[str]:
    """What comes of each (tree, proof), in order."""
    told = json.dumps([[str(tree), str(proof)] for tree, proof in pairs])
    command = [sys.executable, "-X", "utf8", __file__]
    done = subprocess.run(command, input=told, capture_output=True, text=True, check=True)
    results: list[str] = json.loads(done.stdout)
    return results


def _run(tree: str, proof: str) -> str:
    command = _COMMANDS.get(Path(proof).suffix)
    return _in_child(tree, proof) if command is None else _as_program([*command, proof], tree)


def _as_program(command: list[str], tree: str) -> str:
    done = subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    if done.returncode == 0:
        return "passed"
    meant = "AssertionError" in done.stderr if command[0] == "node" else done.returncode == 1
    return f"{'failed' if meant else 'broken'}: {done.stderr.strip()[-500:]}"


def _in_child(tree: str, proof: str) -> str:
    read, write = os.pipe()
    child = os.fork()
    if not child:
        os.write(write, _judged(tree, proof).encode()[:4000])
        os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        told = pipe.read().decode()
    os.waitpid(child, 0)
    return told or "broken: it ended without a word"


def _judged(tree: str, proof: str) -> str:
    """Whatever the proof prints goes nowhere: standard output is for the results."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    os.chdir(tree)
    sys.path.insert(0, tree)
    sys.argv = [proof]
    sys.dont_write_bytecode = True
    try:
        runpy.run_path(proof, run_name="__main__")
    except AssertionError as error:
        return f"failed: {error}"
    except BaseException as error:
        return f"broken: {type(error).__name__}: {error}"
    return "passed"


if __name__ == "__main__":
    for name in _SHARED:
        importlib.import_module(name)
    json.dump([_run(tree, proof) for tree, proof in json.load(sys.stdin)], sys.stdout)
