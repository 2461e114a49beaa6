"""Which of a broker's messages were kept: a bare number that it sends again stands once.

A message without a time has nothing of its own that tells it from the next with the same value.
The broker does tell: what it sends again, not knowing that we kept it, has the number it had and
is marked so. A message that is not marked is new, whatever was kept under its number.
"""

from collections.abc import Sequence
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from hazards.monitoring.models import BrokerReceipt
from hazards.monitoring.topics import Message


def known(session: Session, messages: Sequence[Message], *, client: str) -> set[int]:
    """Give the numbers of those messages, sent again, that were kept the first time."""
    again = {one.number: _digest(one) for one in messages if one.again}
    if not again:
        return set()
    r = BrokerReceipt
    query = select(r.number, r.digest).where(r.client == client, r.number.in_(again))
    return {number for number, digest in session.execute(query) if again[number] == digest}


def keep(session: Session, messages: Sequence[Message], *, client: str) -> None:
    """Keep what was under these numbers, in the transaction that keeps the readings."""
    rows = [
        {"client": client, "number": number, "digest": digest}
        for number, digest in {one.number: _digest(one) for one in messages}.items()
    ]
    if rows:
        query = insert(BrokerReceipt)
        said = {"digest": query.excluded.digest}
        session.execute(
            query.on_conflict_do_update(index_elements=["client", "number"], set_=said), rows
        )


def _digest(message: Message) -> bytes:
    return sha256(b"\0".join((message.topic.encode(), message.payload))).digest()
