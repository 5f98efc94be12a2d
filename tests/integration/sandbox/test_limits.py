"""What never ends by itself is ended, with everything that it started."""

import asyncio
import dataclasses
import os
import time
from pathlib import Path

import psutil
import pytest

from app.sandbox.box import Limits, Result
from app.sandbox.bubblewrap import Bubblewrap
from app.sandbox.removal import remove_tree

_NO_RESERVE = 0x4000
"""`MAP_NORESERVE` of mmap(2), which Python does not name."""


async def python(box: Bubblewrap, tree: Path, limits: Limits, source: str) -> Result:
    return await box.run(["python3", "-I", "-c", source], worktree=tree, limits=limits)


def processes_with(marker: str) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        try:
            if process.pid != os.getpid() and any(marker in word for word in process.cmdline()):
                found.append(process)
        except psutil.Error:
            continue
    return found


def for_an_hour(number: int) -> str:
    """Seconds to sleep, as nobody else on this machine sleeps: others may run these tests, too."""
    return f"360{number}.{os.getpid():010}"


async def assert_gone(marker: str) -> None:
    deadline = time.monotonic() + 60
    while processes_with(marker):
        assert time.monotonic() < deadline, processes_with(marker)
        await asyncio.sleep(0.02)


async def test_what_sleeps_for_ever_is_ended_at_its_time(box: Bubblewrap, tree: Path, limits: Limits) -> None:
    long = for_an_hour(1)
    result = await box.run(["sleep", long], worktree=tree, limits=dataclasses.replace(limits, wall_s=0.5))
    assert (result.ended, result.ok) == ("timeout", False)
    assert result.seconds < 600
    await assert_gone(long)


@pytest.mark.parametrize("start", ["sleep {} &", "setsid sleep {} &", "(setsid nohup sleep {} >/dev/null 2>&1 &)"])
async def test_a_child_left_behind_does_not_outlive_its_command(
    start: str, box: Bubblewrap, tree: Path, limits: Limits
) -> None:
    long = for_an_hour(2)
    command = ["sh", "-c", f"{start.format(long)} exit 0"]
    result = await box.run(command, worktree=tree, limits=dataclasses.replace(limits, wall_s=3))
    assert result.ended in {"exit", "timeout"}
    await assert_gone(long)


async def test_it_goes_first_where_memory_is_at_an_end(box: Bubblewrap, tree: Path, limits: Limits) -> None:
    """The kernel would choose the largest process, which Quorum's own is beside many small ones."""
    told = await box.run(
        ["sh", "-c", "cat /proc/1/oom_score_adj /proc/self/oom_score_adj"], worktree=tree, limits=limits
    )
    assert told.output == "1000\n1000\n"


async def test_a_cancelled_run_leaves_nothing_behind(box: Bubblewrap, tree: Path, limits: Limits) -> None:
    long = for_an_hour(3)
    task = asyncio.create_task(box.run(["sleep", long], worktree=tree, limits=limits))
    deadline = time.monotonic() + 60
    while not processes_with(long):
        assert time.monotonic() < deadline
        await asyncio.sleep(0.02)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await assert_gone(long)


async def test_a_fork_bomb_meets_its_bound(box: Bubblewrap, tree: Path, limits: Limits) -> None:
    source = (
        "import os, time\ncount = 0\ntry:\n    while count < 500:\n"
        "        if os.fork() == 0:\n            time.sleep(60)\n"
        "        count += 1\nexcept OSError as error:\n    print(error.errno, count)"
    )
    result = await python(box, tree, limits, source)
    code, count = map(int, result.output.split())
    assert code == 11
    assert count <= limits.processes


async def test_a_thread_bomb_meets_its_bound(box: Bubblewrap, tree: Path, limits: Limits) -> None:
    source = (
        "import threading, time\ncount = 0\ntry:\n    while count < 500:\n"
        "        threading.Thread(target=time.sleep, args=(60,), daemon=True).start()\n        count += 1\n"
        "except RuntimeError as error:\n    print(count, flush=True)\n    import os; os._exit(0)"
    )
    result = await python(box, tree, dataclasses.replace(limits, memory_bytes=1024**3 * 4), source)
    assert int(result.output) <= limits.processes


async def test_one_process_that_takes_too_much_memory_is_refused_or_ended(
    box: Bubblewrap, tree: Path, limits: Limits
) -> None:
    result = await python(box, tree, limits, "kept = []\nwhile True:\n    kept.append(b'x' * (16 << 20))")
    assert result.ended == "memory" or "MemoryError" in result.output


async def test_addresses_that_are_never_touched_are_no_memory(box: Bubblewrap, tree: Path, limits: Limits) -> None:
    """Each memory of WebAssembly reserves ten GiB of them in V8, and Node's `fetch` has one."""
    source = f"import mmap\nmmap.mmap(-1, 10 << 30, mmap.MAP_PRIVATE | {_NO_RESERVE})\nprint('reserved')"
    result = await python(box, tree, limits, source)
    assert (result.ended, result.output) == ("exit", "reserved\n")


async def test_memory_that_processes_share_is_counted_once(box: Bubblewrap, tree: Path, limits: Limits) -> None:
    source = (
        "import os, time\nkept = b'x' * (60 << 20)\n"
        "children = []\nfor _ in range(8):\n    child = os.fork()\n    if child == 0:\n"
        "        time.sleep(1.5)\n        os._exit(0)\n    children.append(child)\n"
        "for child in children:\n    os.waitpid(child, 0)\nprint('shared')"
    )
    result = await python(box, tree, limits, source)
    assert (result.ended, result.output) == ("exit", "shared\n")


async def test_many_processes_that_take_too_much_memory_together_are_ended(
    box: Bubblewrap, tree: Path, limits: Limits
) -> None:
    source = (
        "import os, time\nfor _ in range(8):\n    if os.fork() == 0:\n        kept = b'x' * (60 << 20)\n"
        "        time.sleep(60)\ntime.sleep(60)"
    )
    assert (await python(box, tree, limits, source)).ended == "memory"


@pytest.mark.parametrize("folder", ["/tmp", "/dev/shm", "/home/agent"])
async def test_the_folders_in_memory_are_bounded(folder: str, box: Bubblewrap, tree: Path, limits: Limits) -> None:
    source = (
        "import errno\nwritten = 0\ntry:\n    for n in range(1024):\n"
        f"        with open('{folder}/' + str(n), 'wb') as file:\n"
        "            file.write(b'x' * (1 << 20))\n        written += 1\nexcept OSError as error:\n"
        "    print(errno.errorcode[error.errno], written)"
    )
    reason, written = (await python(box, tree, limits, source)).output.split()
    assert reason == "ENOSPC"
    assert int(written) <= 256


async def test_a_work_tree_that_is_filled_up_ends_the_command(box: Bubblewrap, tree: Path, limits: Limits) -> None:
    source = (
        "import time\nfor n in range(24):\n    with open(str(n), 'wb') as file:\n        file.write(b'x' * (4 << 20))\n"
        "time.sleep(60)"
    )
    assert (await python(box, tree, limits, source)).ended == "disk"


@pytest.mark.parametrize("then", ["", "import time\ntime.sleep(60)"])
async def test_folders_nested_without_end_switch_nothing_off(
    box: Bubblewrap, tree: Path, limits: Limits, then: str
) -> None:
    source = f"import os\nfor n in range(3000):\n    os.mkdir('d')\n    os.chdir('d')\n{then}"
    assert (await python(box, tree, limits, source)).ended == "disk"
    remove_tree(tree)
    assert not await asyncio.to_thread(tree.exists)


async def test_a_single_file_cannot_grow_beyond_the_disk_limit(box: Bubblewrap, tree: Path, limits: Limits) -> None:
    source = "import signal\nsignal.signal(signal.SIGXFSZ, signal.SIG_IGN)\nopen('sparse', 'wb').truncate(1 << 40)"
    result = await python(box, tree, limits, source)
    assert "File too large" in result.output
    assert (tree / "sparse").stat().st_size == 0


async def test_a_flood_of_output_ends_the_command_and_is_not_kept(box: Bubblewrap, tree: Path, limits: Limits) -> None:
    result = await box.run(["sh", "-c", "echo first; exec yes"], worktree=tree, limits=limits)
    assert result.ended == "output"
    assert result.output.startswith("first\n")
    assert len(result.output) < limits.output_bytes + 200
    assert result.omitted_bytes > 60 * 1024**2


async def test_a_program_that_spins_is_ended_by_its_processor_time(box: Bubblewrap, tree: Path, limits: Limits) -> None:
    result = await python(box, tree, dataclasses.replace(limits, cpu_s=1), "while True: pass")
    assert not result.ok
    assert result.seconds < limits.wall_s - 5


async def test_descriptors_run_out_inside_only(box: Bubblewrap, tree: Path, limits: Limits) -> None:
    source = "kept = []\ntry:\n    while True:\n        kept.append(open('/dev/null'))\n"
    source += "except OSError as error:\n    print(error.errno)"
    assert (await python(box, tree, limits, source)).output.strip() == "24"


async def test_what_is_no_text_comes_back_as_text(box: Bubblewrap, tree: Path, limits: Limits) -> None:
    result = await box.run(["printf", r"\377\000\033[31m"], worktree=tree, limits=limits)
    assert result.output == "\ufffd\x00\x1b[31m"


async def test_standard_input_is_given_and_ends(box: Bubblewrap, tree: Path, limits: Limits) -> None:
    result = await box.run(["wc", "-c"], worktree=tree, limits=limits, stdin=b"x" * 300_000)
    assert result.output.strip() == "300000"


async def test_a_command_that_ignores_its_input_does_not_fail(box: Bubblewrap, tree: Path, limits: Limits) -> None:
    assert (await box.run(["true"], worktree=tree, limits=limits, stdin=b"x" * 3_000_000)).ok


async def test_the_exit_code_comes_back(box: Bubblewrap, tree: Path, limits: Limits) -> None:
    result = await box.run(["sh", "-c", "echo told; exit 7"], worktree=tree, limits=limits)
    assert (result.exit_code, result.output, result.ended, result.ok) == (7, "told\n", "exit", False)


async def test_only_the_work_tree_stays_between_commands(box: Bubblewrap, tree: Path, limits: Limits) -> None:
    source = "touch /work/kept /tmp/lost /home/agent/lost /dev/shm/lost"
    assert (await box.run(["sh", "-c", source], worktree=tree, limits=limits)).ok
    listed = await box.run(["sh", "-c", "ls /work /tmp /home/agent /dev/shm"], worktree=tree, limits=limits)
    assert "kept" in listed.output
    assert "lost" not in listed.output


async def test_a_tree_that_is_mounted_for_reading_cannot_be_written(
    box: Bubblewrap, tree: Path, limits: Limits
) -> None:
    (tree / "readable").write_text("content")
    result = await box.run(["sh", "-c", "cat readable; touch planted"], worktree=tree, limits=limits, writable=False)
    assert "content" in result.output
    assert "Read-only file system" in result.output
    assert not (tree / "planted").exists()


async def test_a_toolchain_is_found_first_and_cannot_be_written(tree: Path, limits: Limits, tmp_path: Path) -> None:
    program = tmp_path / "tools" / "bin" / "python3"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\necho of the toolchain; touch $0.planted\n")
    program.chmod(0o755)
    result = await Bubblewrap([tmp_path / "tools"]).run(["python3"], worktree=tree, limits=limits)
    assert result.output.startswith("of the toolchain\n")
    assert [path.name for path in program.parent.iterdir()] == ["python3"]
