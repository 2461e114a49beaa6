"""What a seed draws for one thing alone, whatever else happens before it or at the same time.

One row of dice for all would be thrown in the order in which the machine happens to get to things.
Here each message, each call and each look has dice of its own, named by whose it is, what it is,
and the how manyth of its kind: drawn again, it has the same fate and the same number.
"""

from collections import Counter
from dataclasses import dataclass, field
from random import Random
from uuid import UUID


@dataclass
class Fates:
    """The dice of one night."""

    seed: int
    drawn: Counter[str] = field(default_factory=Counter)

    def mark(self, *whose: object) -> str:
        """Name the next thing of this kind."""
        kind = " ".join(map(str, whose))
        self.drawn[kind] += 1
        return f"{kind} {self.drawn[kind]}"

    def dice(self, *whose: object) -> Random:
        """Give the dice of the next thing of this kind."""
        return self.of(self.mark(*whose))

    def of(self, mark: str) -> Random:
        """Give the dice of a thing that has its name."""
        return Random(f"{self.seed} {mark}")

    def number(self, mark: str) -> UUID:
        """Give the number of what is sent under this name."""
        return UUID(int=self.of(f"number {mark}").getrandbits(128), version=4)
