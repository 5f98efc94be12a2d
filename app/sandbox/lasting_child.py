"""The process that runs one lasting command. Started by `app.sandbox.lasting` with the folder of its order."""

import asyncio
import json
import sys
from contextlib import suppress
from pathlib import Path

from app.sandbox.box import Limits, Prepared, Result
from app.sandbox.bubblewrap import Bubblewrap
from app.sandbox.lasting import BEAT, BEAT_S, ORDER, STOP, write_result


async def carry_out(place: Path) -> None:
    """Run the command to its end, or until it is told to stop; beat as long as it goes on."""
    order = json.loads((place / ORDER).read_text())
    packages = order["packages"]
    box = Bubblewrap([Path(each) for each in order["toolchains"]], Path(packages) if packages else None)
    prepared = Prepared(Path(order["prepared"])) if order["prepared"] else None
    tree, limits = Path(order["worktree"]), Limits(**order["limits"])
    running = asyncio.create_task(box.run(order["argv"], worktree=tree, limits=limits, prepared=prepared))
    watching = asyncio.create_task(_beat(place, running))
    try:
        result = await running
    except asyncio.CancelledError:
        result = Result(-1, "", "killed")
    except Exception as error:
        result = Result(-1, f"It could not be run: {error}", "killed")
    watching.cancel()
    with suppress(asyncio.CancelledError):
        await watching
    with suppress(OSError):  # nobody wants to know any more
        await asyncio.to_thread(write_result, place, result)


async def _beat(place: Path, running: "asyncio.Task[Result]") -> None:
    """A folder that was taken away is as much as being told to stop."""
    while not running.done():
        try:
            await asyncio.to_thread((place / BEAT).touch)
        except OSError:
            running.cancel()
        if await asyncio.to_thread((place / STOP).exists):
            running.cancel()
        await asyncio.sleep(BEAT_S)


if __name__ == "__main__":
    asyncio.run(carry_out(Path(sys.argv[1])))
