"""Carrying out a worker's orders in this process's own sandbox. Nothing is run before isolation was shown here."""

import asyncio
import os
from asyncio import StreamReader, StreamWriter
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import structlog
from pydantic import ValidationError

from app.sandbox.apart.rooms import place_in, prepared_in, tree_in, tree_of
from app.sandbox.apart.wire import (
    MOST_ORDER_BYTES,
    MOST_OUTPUT_BYTES,
    ORDER,
    Answer,
    Begun,
    Failed,
    Proved,
    ProveOrder,
    Ran,
    Refused,
    RunOrder,
    framed,
    read_frame,
    user_behind,
)
from app.sandbox.box import Limits, Prepared
from app.sandbox.bubblewrap import Bubblewrap
from app.sandbox.errors import SandboxUnavailableError
from app.sandbox.selftest import Proof, check, prove

_ORDER_S = 30.0
"""For an order to arrive as a whole."""
_ANSWER_S = 60.0
_TRIES = 3
_UNSHOWN = SandboxUnavailableError("its isolation was not shown yet", "Wait until `quorum sandbox` says that it is.")

log = structlog.get_logger()


class SandboxServer:
    """Answers connections. Commands work in runs' trees below `root`, with what was set up below `prepared`.

    Both are folders without links in their paths.
    """

    def __init__(self, box: Bubblewrap, root: Path, prepared: Path) -> None:
        self._box = box
        self._root = root
        self._prepared = prepared
        self._refusal: SandboxUnavailableError | None = _UNSHOWN
        self._proving = asyncio.Lock()

    async def prove(self) -> tuple[Proof, ...]:
        """Try what must be impossible; from now on commands are run if all of it held, and none if something did not.

        What was shown before stands where nothing could be told now, as on a machine that is too busy. Raises
        `SandboxUnavailableError` that says what did not hold, or could not be tried.
        """
        async with self._proving:
            proofs: tuple[Proof, ...] = ()
            try:
                proofs = await self._try()
                check(proofs)
            except SandboxUnavailableError as error:
                if self._refusal is not None or any(not each.held and not each.undecided for each in proofs):
                    self._refusal = error
                raise
            self._refusal = None
            return proofs

    async def _try(self) -> tuple[Proof, ...]:
        """Anew where something was left undecided: nobody may ask again before commands come."""
        for _ in range(_TRIES - 1):
            proofs = await prove(self._box)
            if not any(each.undecided for each in proofs):
                return proofs
        return await prove(self._box)

    async def attend(self, reader: StreamReader, writer: StreamWriter) -> None:
        """Answer one order. A connection that is closed meanwhile ends what goes on for it.

        Only a loop that ends cancels it, which Python 3.11 would log as an error of this connection's.
        """
        try:
            with suppress(ConnectionError, EOFError, TimeoutError, asyncio.CancelledError):
                if user_behind(writer) == os.getuid():
                    await self._attend(reader, writer)
        finally:
            writer.close()

    async def _attend(self, reader: StreamReader, writer: StreamWriter) -> None:
        answer: Answer | None
        try:
            async with asyncio.timeout(_ORDER_S):
                body = await read_frame(reader, MOST_ORDER_BYTES)
        except ValueError as error:
            answer = Failed(error="unreadable", told=str(error))
        else:
            answer = None if body is None else await self._unless_gone(reader, body)
        if answer is not None:
            async with asyncio.timeout(_ANSWER_S):
                writer.write(framed(answer))
                await writer.drain()

    async def _unless_gone(self, reader: StreamReader, body: bytes) -> Answer | None:
        """What came of an order; None where nobody waits for it any more. The command is gone when this returns."""
        doing = asyncio.create_task(self._answer(body))
        # Nothing may come after an order, so that whatever can be read here means an end.
        leaving = asyncio.create_task(reader.read(1))
        try:
            await asyncio.wait((doing, leaving), return_when=asyncio.FIRST_COMPLETED)
        finally:
            if not doing.cancelling():  # a loop that ends has done it, and twice would cut the end of a command off
                doing.cancel()
            leaving.cancel()
            answer, _left = await asyncio.gather(doing, leaving, return_exceptions=True)
        return None if isinstance(answer, BaseException) else answer

    async def _answer(self, body: bytes) -> Answer:
        try:
            return await self._carry_out(body)
        except SandboxUnavailableError as error:
            log.warning("an order was refused", error=str(error))
            return Refused(what=error.what, remedy=error.remedy)
        except ValidationError as error:
            told = "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors())
            return Failed(error="unreadable", told=f"the order cannot be read: {told[:500]}")
        except ValueError as error:
            return Failed(error="value", told=str(error))
        except OSError as error:
            return Failed(error="os", told=error.strerror or str(error), errno=error.errno)
        except Exception as error:
            log.exception("an order could not be carried out")
            return Failed(error="other", told=f"{type(error).__name__}: {error}")

    async def _carry_out(self, body: bytes) -> Answer:
        order = await asyncio.to_thread(ORDER.validate_json, body)
        if isinstance(order, ProveOrder):
            return Proved(proofs=await self.prove())
        if self._refusal is not None:
            raise self._refusal
        _require_bounded(order.limits)
        argv = [os.fsdecode(each) for each in order.argv]
        prepared = None if order.prepared is None else prepared_in(self._prepared, order.prepared)
        of_set_up = None if prepared is None else tree_of(prepared, order.worktree)
        tree = of_set_up or tree_in(self._root, order.worktree)
        if isinstance(order, RunOrder):
            return await self._run(order, argv, tree, prepared)
        place = place_in(self._root, order.place, tree)
        await self._box.begin(place, argv, worktree=tree, limits=order.limits, prepared=prepared)
        return Begun()

    async def _run(self, order: RunOrder, argv: Sequence[str], tree: Path, prepared: Prepared | None) -> Answer:
        env = {name: os.fsdecode(value) for name, value in order.env.items()}
        result = await self._box.run(
            argv,
            worktree=tree,
            limits=order.limits,
            stdin=order.stdin,
            env=env,
            writable=order.writable,
            prepared=prepared,
        )
        return Ran(result=result)


def _require_bounded(limits: Limits) -> None:
    if limits.output_bytes > MOST_OUTPUT_BYTES:
        raise ValueError(f"{limits.output_bytes} bytes of output are more than {MOST_OUTPUT_BYTES}")
