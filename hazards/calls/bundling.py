"""Matters that ask the same of one person stand on one card: read once, answered once.

A superior over two hundred silent crews of one order had two hundred cards of the same words.
Each matter keeps its own answer; only the tap is one.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid5

from hazards.calls.own import MyCall

NAMESPACE = UUID("8b0f2f0a-5d0c-4c1e-9f37-0a6d3f1c7e52")
MOST = 500
"""So many matters are answered in one transaction; what is more stands on the next card."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """One matter, or several that ask the same, the most pressing first."""

    id: UUID
    calls: Sequence[MyCall]

    @property
    def first(self) -> MyCall:
        """The most pressing of them."""
        return self.calls[0]

    @property
    def many(self) -> bool:
        """Whether there are several."""
        return len(self.calls) > 1

    @property
    def alike(self) -> bool:
        """Whether all of them say the same words."""
        return len({each.call.text_zh for each in self.calls}) == 1

    @property
    def told(self) -> str:
        """Every matter with the rungs that are shown here, as the page sends them back."""
        return " ".join(
            f"{each.call.id}:{','.join(str(r.id) for r in each.rungs)}" for each in self.calls
        )


def bundles(calls: Sequence[MyCall]) -> list[Bundle]:
    """Put together what asks the same, in the order of the most pressing of each."""
    found: dict[UUID, list[MyCall]] = defaultdict(list)
    for each in calls:
        found[_key(each)].append(each)
    return [
        Bundle(uuid5(key, str(start)), theirs[start : start + MOST])
        for key, theirs in found.items()
        for start in range(0, len(theirs), MOST)
    ]


def of(bundled: Sequence[Bundle], asked: UUID) -> list[Bundle]:
    """Take a card apart into its single matters; of a matter that is named, give it alone."""
    single = [Bundle(each.call.id, (each,)) for bundle in bundled for each in bundle.calls]
    card = next((bundle for bundle in bundled if bundle.id == asked), None)
    there = {each.call.id for each in card.calls} if card else {asked}
    return [each for each in single if each.id in there]


def _key(each: MyCall) -> UUID:
    """Name what a matter asks, as whom, and how it stands: what differs in that stays apart."""
    call = each.call
    if call.bundle is None:
        return uuid5(NAMESPACE, str(call.id))
    said = each.said.kind if each.said and not each.owed else ""
    asks = call.topic, call.bundle, call.urgency, call.is_drill, call.synthetic
    stands = each.owed, said, call.over_at is None, each.latest.kind
    return uuid5(NAMESPACE, f"{asks} {stands}")
