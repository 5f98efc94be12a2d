"""What the sandbox has to run a project with: a manifest tells what the project asks for, and not what is there."""

from collections.abc import Iterable
from pathlib import PurePosixPath

from app.sandbox.box import Box, Limits
from app.workflows.workshop import Workshop

_PROBES = {
    "python3": ("--version", (".py", ".pyi")),
    "node": ("--version", (".js", ".mjs", ".cjs", ".ts", ".tsx", ".jsx")),
    "go": ("version", (".go",)),
    "rustc": ("--version", (".rs",)),
    "java": ("-version", (".java", ".kt", ".scala")),
    "ruby": ("--version", (".rb",)),
    "php": ("--version", (".php",)),
    "dotnet": ("--version", (".cs", ".fs")),
    "cc": ("--version", (".c", ".h", ".cc", ".cpp")),
}
_LIMITS = Limits(wall_s=20, cpu_s=20, output_bytes=4000)
_LINE_CHARS = 100


async def read_toolchain(box: Box, workshop: Workshop, names: Iterable[str]) -> str:
    """A line for each program that runs files like those of `names` and is there: its name, and what it says of its
    version. Words of programs, which set-up may have brought. Raises `SandboxError`.
    """
    endings = {PurePosixPath(name).suffix for name in names}
    asked = [(program, how) for program, (how, own) in _PROBES.items() if endings.intersection(own)]
    if not asked:
        return ""
    script = "; ".join(f"command -v {name} >/dev/null && echo {name}: $({name} {how} 2>&1)" for name, how in asked)
    directory = await workshop.lay_out()
    told = await box.run(["sh", "-c", script], worktree=directory, limits=_LIMITS, writable=False)
    lines = ["".join(char for char in line if char.isprintable()) for line in told.output.splitlines()]
    known = {f"{name}:" for name, _ in asked}
    return "\n".join(line[:_LINE_CHARS] for line in lines if line.partition(" ")[0] in known)
