"""What gateways bring us: one signed request with any number of words, each answered by itself."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel
from sqlalchemy.orm import Session

from gis.errors import Forbidden, Rejected
from rescue_app.channels import hearing, repository, signing
from rescue_app.channels.hearing import Result
from rescue_app.channels.models import Gateway
from rescue_app.http.dependencies import Now, SystemDb
from rescue_app.web.render import say

router = APIRouter(prefix="/api/v1/gateways", tags=["gateways"])
MOST_EVENTS = 500


class ResultOut(BaseModel):
    """What became of one word; `reply` may be sent back to the person."""

    id: str
    outcome: str
    code: str
    detail: str
    reply: str


class ResultsOut(BaseModel):
    """What became of all of them, in their order."""

    results: list[ResultOut]


async def body_of(request: Request) -> bytes:
    """Give the bytes as they came: the signature is over these."""
    return await request.body()


Body = Annotated[bytes, Depends(body_of)]


@router.post("/{gateway_id}/events")
def hear(request: Request, db: SystemDb, now: Now, gateway_id: UUID, body: Body) -> ResultsOut:
    """Take receipts and answers; what was refused says why, and the others are kept."""
    gateway = signed_by(request, db, gateway_id, body, now_s=int(now.timestamp()))
    results = hearing.hear(db, gateway, words_of(body), now=now)
    return ResultsOut(results=[shown(request, each) for each in results])


def signed_by(
    request: Request, session: Session, gateway_id: UUID, body: bytes, *, now_s: int
) -> Gateway:
    """Give the gateway that sent this, or refuse; an unknown one is refused like a false one."""
    secret = repository.secrets_of(session, [gateway_id]).get(gateway_id)
    signing.check(
        request.headers,
        body,
        key=bytes(secret.key) if secret else None,
        key_id=secret.key_id if secret else "",
        now_s=now_s,
    )
    gateway = repository.gateway(session, gateway_id)
    if gateway is None or not gateway.active:
        raise Forbidden("This gateway is switched off here.")
    return gateway


def words_of(body: bytes) -> Sequence[Mapping[str, Any]]:
    """Read the words of a request."""
    try:
        told = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Rejected("This is not JSON. Nothing was kept.") from error
    words = told.get("events") if isinstance(told, dict) else None
    if not isinstance(words, list) or not all(isinstance(each, dict) for each in words):
        raise Rejected('The body is {"events": [...]}, each a JSON object. Nothing was kept.')
    if len(words) > MOST_EVENTS:
        raise Rejected("Send at most {most} words at once. Nothing was kept.", most=MOST_EVENTS)
    return words


def shown(request: Request, each: Result) -> ResultOut:
    """Say what became of a word in the gateway's language."""
    problem = each.problem
    detail = say(request, problem.text, **problem.values) if problem else each.detail
    return ResultOut(
        id=each.id, outcome=each.outcome, code=each.code, detail=detail, reply=each.reply
    )
