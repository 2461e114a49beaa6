"""The audit log: who did what, where and when, chained by hashes so that a lost line shows."""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, LargeBinary, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from gis.store.base import AreaPath, Base

START = b"\x00" * 32


class AuditEntry(Base):
    """One line of the audit log; `hash` covers the line and the hash before it."""

    __tablename__ = "audit_entry"

    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor_id: Mapped[UUID]
    act: Mapped[str]
    subject: Mapped[UUID | None]
    area_path: Mapped[AreaPath]
    facts: Mapped[dict[str, Any]]
    hash: Mapped[bytes] = mapped_column(LargeBinary)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a walk along the chain found. `broken_at` is the first line that does not fit."""

    lines: int
    head: str
    broken_at: int | None


def record(
    session: Session, *, act: str, subject: UUID | None, area_path: str, **facts: object
) -> None:
    """Remember an act of who the unit of work is of; it is written at its end or not at all."""
    record_for(session, None, act=act, subject=subject, area_path=area_path, **facts)


def record_for(
    session: Session,
    actor_id: UUID | None,
    *,
    act: str,
    subject: UUID | None,
    area_path: str,
    **facts: object,
) -> None:
    """Remember one person's act in a unit of work that several people share."""
    line = {"act": act, "subject": subject, "area_path": area_path, "facts": plain(facts)}
    session.info.setdefault("audit", []).append(line | {"actor_id": actor_id})


def plain(facts: dict[str, object]) -> dict[str, Any]:
    """Give facts as JSON can hold them."""
    told: dict[str, Any] = json.loads(json.dumps(facts, default=str))
    return told


def chain_hash(previous: bytes, line: dict[str, Any]) -> bytes:
    """Hash a line together with the hash before it (SHA-256 over canonical JSON)."""
    keys = ("seq", "at", "actor_id", "act", "subject", "area_path", "facts")
    shown = {k: line[k] for k in keys} | {"at": line["at"].astimezone(UTC).isoformat()}
    text = json.dumps(shown, default=str, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(previous + text.encode()).digest()


def chain(
    lines: list[dict[str, Any]], *, seq: int, previous: bytes, now: datetime, actor: UUID
) -> None:
    """Number what waits, sign it and hash it, each line with the one before."""
    for line in lines:
        seq += 1
        line |= {"seq": seq, "at": now, "actor_id": line["actor_id"] or actor}
        line["hash"] = previous = chain_hash(previous, line)


def verify(session: Session) -> Verdict:
    """Walk the whole log in the SYSTEM scope and find the first line that does not fit."""
    previous, expected = START, 1
    query = select(AuditEntry).order_by(AuditEntry.seq).execution_options(yield_per=1000)
    with session.scalars(query) as entries:
        for entry in entries:
            line = {c.key: getattr(entry, c.key) for c in AuditEntry.__table__.columns}
            if entry.seq != expected or chain_hash(previous, line) != entry.hash:
                return Verdict(expected - 1, previous.hex(), entry.seq)
            previous, expected = entry.hash, expected + 1
            session.expunge(entry)
    return Verdict(expected - 1, previous.hex(), None)
