"""Laying files into parts: what belongs together together where it fits, what is riskiest first. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from app.agents.belonging import Folder, Unit
from app.agents.hunks import Chunk, FileDiff, cut_at_hunks


@dataclass
class Shelf:
    """What one part shows; `room` is what is left of its characters."""

    room: int
    chunks: list[Chunk] = field(default_factory=list)


class Shelves:
    """Parts of at most `limit` characters, at most `most` of them. `unread` are the files that are in none."""

    def __init__(self, limit: int, most: int) -> None:
        self._limit = limit
        self._most = most
        self._cuts: dict[str, tuple[Chunk, ...]] = {}
        self.parts: list[Shelf] = []
        self.unread: list[str] = []

    def lay(self, folders: Sequence[Folder]) -> None:
        """Each folder whole, else each unit, else each file: a file is read as a whole or is not read."""
        for folder in folders:
            if not self._lay_whole([file for unit in folder for file in unit]):
                for unit in folder:
                    self._lay_unit(unit)

    def _lay_unit(self, unit: Unit) -> None:
        if len(unit) > 1 and self._lay_whole(unit):
            return
        for file in unit:
            if not self._lay_whole([file]) and not self._lay_cut(file):
                self.unread.append(file.path)

    def _lay_whole(self, files: Sequence[FileDiff]) -> bool:
        """Into one part, each file in one piece."""
        cuts = [self._cut(file) for file in files]
        if any(len(cut) != 1 for cut in cuts):
            return False
        chunks = [cut[0] for cut in cuts]
        size = sum(len(chunk.text) for chunk in chunks)
        shelf = next((each for each in self.parts if size <= each.room), None) or self._new(size)
        if shelf is None:
            return False
        self._put(shelf, chunks)
        return True

    def _lay_cut(self, file: FileDiff) -> bool:
        """Over as many parts as it takes, if there are as many."""
        chunks = self._cut(file)
        rooms = [shelf.room for shelf in self.parts] + [self._limit] * (self._most - len(self.parts))
        places = []
        for chunk in chunks:
            place = next((number for number, room in enumerate(rooms) if len(chunk.text) <= room), None)
            if place is None:
                return False
            rooms[place] -= len(chunk.text)
            places.append(place)
        for place, chunk in zip(places, chunks, strict=True):
            while place >= len(self.parts):
                self.parts.append(Shelf(self._limit))
            self._put(self.parts[place], [chunk])
        return bool(chunks)

    def _cut(self, file: FileDiff) -> tuple[Chunk, ...]:
        if file.path not in self._cuts:
            self._cuts[file.path] = cut_at_hunks(file, self._limit)
        return self._cuts[file.path]

    def _new(self, size: int) -> Shelf | None:
        if len(self.parts) >= self._most or size > self._limit:
            return None
        self.parts.append(Shelf(self._limit))
        return self.parts[-1]

    def _put(self, shelf: Shelf, chunks: Sequence[Chunk]) -> None:
        shelf.chunks += chunks
        shelf.room -= sum(len(chunk.text) for chunk in chunks)
