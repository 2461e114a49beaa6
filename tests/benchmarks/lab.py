"""Where benchmarks run: a database of their own with as many points as asked."""

from types import TracebackType
from typing import Self


class Lab:
    """Gives a benchmark what it stands on; everything is made when first asked for."""

    def __init__(self, *, points: int) -> None:
        self.points = points

    def __enter__(self) -> Self:
        """Open."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Clear away."""
