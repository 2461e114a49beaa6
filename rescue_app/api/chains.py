"""Chains over HTTP: worked out, kept, read again."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel

from rescue_app.api.chains_query import ChainQuery
from rescue_app.chains import service, telling
from rescue_app.chains.models import KeptChain
from rescue_app.http.dependencies import Db, Now, Who

router = APIRouter(prefix="/api/v1", tags=["chains"])


class KeepIn(BaseModel):
    """A chain to be worked out and kept, under a number made by who asks."""

    id: UUID
    question: ChainQuery


class KeptOut(BaseModel):
    """A kept chain: by whom, when, along which edition of the table, and all of it."""

    id: UUID
    made_by_name: str
    made_at: datetime
    edition: int
    content: dict[str, Any]

    @classmethod
    def of(cls, kept: KeptChain, content: dict[str, Any]) -> "KeptOut":
        """Give it as its reader may see it."""
        return cls(id=kept.id, made_by_name=kept.made_by_name, made_at=kept.made_at,
                   edition=kept.edition, content=content)  # fmt: skip


@router.get("/chains/follow")
def follow(db: Db, who: Who, now: Now, asked: Annotated[ChainQuery, Query()]) -> dict[str, Any]:
    """Say what comes next from a point, a drawn shape, an area, a warning or an incident."""
    content = service.work_out(db, asked.asked(db, who, now), by=who, now=now)
    return telling.for_reader(content, who)


@router.post("/chains", status_code=201)
def keep(db: Db, who: Who, now: Now, body: KeepIn) -> KeptOut:
    """Work a chain out and keep it; the same id again is the same chain."""
    asked, about = body.question.asked(db, who, now), body.question.about
    kept = service.keep(db, asked, chain_id=body.id, about=about, by=who, now=now)
    return KeptOut.of(kept, telling.for_reader(kept.content, who))


@router.get("/chains/{chain_id}")
def show(db: Db, who: Who, chain_id: UUID) -> KeptOut:
    """Give a kept chain."""
    kept = service.visible(db, chain_id)
    return KeptOut.of(kept, telling.for_reader(kept.content, who))
