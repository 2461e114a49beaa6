"""The rows of a file, kept on the disk in slices: a gigabyte costs the memory of one slice."""

import tempfile
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from gis.errors import Rejected

SLICE_ROWS = 20_000
SLICE_BYTES = 64 * 1024**2
MOST_ROWS = 5_000_000
GEOMETRY = "geometry"
"""The column of shapes, as WKB; a column of texts is never called so."""


class Rows:
    """Columns as Arrow keeps them, to be read from any row to any other."""

    def __init__(self, schema: pa.Schema, pieces: Iterable[pa.Table], *, source: str) -> None:
        self._starts = [0]
        with tempfile.NamedTemporaryFile(prefix="yitong-rows-") as place:
            with pa.OSFile(place.name, "wb") as file, pa.ipc.new_file(file, schema) as out:
                for part in _slices(schema, pieces):
                    self._starts.append(self._starts[-1] + part.num_rows)
                    if len(self) > MOST_ROWS:
                        raise Rejected(
                            "{source} has more than {most} rows. Split it.",
                            source=source,
                            most=MOST_ROWS,
                        )
                    out.write_table(part, max_chunksize=part.num_rows)
            # The file has no name any more: it goes when nobody reads it, whatever happens.
            self._file = pa.ipc.open_file(pa.OSFile(place.name))

    def __len__(self) -> int:
        return self._starts[-1]

    @property
    def names(self) -> list[str]:
        """Give the names of all columns, that of the shapes among them."""
        return list(self._file.schema.names)

    def slices(self) -> Iterator[tuple[int, int]]:
        """Give from where to where each slice goes: what lies in one is read at once."""
        yield from zip(self._starts[:-1], self._starts[1:], strict=True)

    def part(self, start: int, end: int, names: Sequence[str]) -> pa.Table:
        """Read some columns of the rows from `start` to before `end`."""
        first = int(np.searchsorted(self._starts, start, side="right")) - 1
        schema = pa.schema([self._file.schema.field(name) for name in names])
        pieces = []
        for number in range(first, self._file.num_record_batches):
            begins = self._starts[number]
            if begins >= end:
                break
            batch = self._file.get_batch(number).select(list(names))
            pieces.append(batch.slice(max(start - begins, 0), end - max(start, begins)))
        return pa.Table.from_batches(pieces, schema)


def _slices(schema: pa.Schema, pieces: Iterable[pa.Table]) -> Iterator[pa.Table]:
    waiting: list[pa.Table] = []
    for piece in pieces:
        waiting.append(piece)
        rows = sum(one.num_rows for one in waiting)
        if rows >= SLICE_ROWS or sum(one.nbytes for one in waiting) >= SLICE_BYTES:
            yield pa.concat_tables(waiting).cast(schema).combine_chunks()
            waiting = []
    if any(one.num_rows for one in waiting):
        yield pa.concat_tables(waiting).cast(schema).combine_chunks()


def plain_points(shapes: pa.ChunkedArray) -> NDArray[np.float64] | None:
    """Give x and y where every shape is a plain point, as bytes lie: no object is made for it."""
    if pc.unique(pc.binary_length(shapes)).to_pylist() != [21]:
        return None
    whole = shapes.combine_chunks()
    first = np.frombuffer(whole.buffers()[1], np.int32)[whole.offset]
    raw = np.frombuffer(whole.buffers()[2], np.uint8)[first : first + 21 * len(whole)]
    raw = raw.reshape(-1, 21)
    if (raw[:, :5] != (1, 1, 0, 0, 0)).any():
        return None
    places = np.ascontiguousarray(raw[:, 5:]).view("<f8")
    return None if np.isnan(places).any() else places
