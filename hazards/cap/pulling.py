"""Ask the feeds of sources by the clock: only what is new is read, and nothing is read twice.

No transaction is open while the network answers. What could not be fetched is asked for again.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import requests

from gis.errors import PlatformError, Rejected, Unavailable
from gis.store.engine import Sessions, unit_of_work
from gis.store.scope import SYSTEM
from hazards.cap import feeds, parsing, repository, service
from hazards.cap.feeds import Entry
from hazards.cap.models import CapSource
from hazards.cap.service import Way

TIMEOUT_S = (4.0, 10.0)
CHUNK = 65_536
MOST_ENTRIES = 200
"""So many new entries are read in one look; the rest in the next."""
UNCHANGED, FOUND = 304, 200


@dataclass(frozen=True, slots=True)
class Answer:
    """What an address gave: nothing new, or a body with its version."""

    status: int
    body: bytes = b""
    etag: str = ""


Fetch = Callable[[str, str], Answer]
"""Asks an address for what is newer than a version; raises Unavailable."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A feed to be asked."""

    source_id: UUID
    url: str
    etag: str


def look(sessions: Sessions, *, now: datetime, fetch: Fetch | None = None) -> int:
    """Ask every feed that is due; give how many messages came."""
    with unit_of_work(sessions, SYSTEM) as session:
        due = repository.due(session, now=now)
        asked = [Asked(one.id, one.feed_url, one.etag) for one in due]
        for one in due:
            one.asked_at = now
    return sum(_read(sessions, one, now=now, fetch=fetch or get) for one in asked)


def _read(sessions: Sessions, asked: Asked, *, now: datetime, fetch: Fetch) -> int:
    try:
        answer = fetch(asked.url, asked.etag)
        if answer.status == UNCHANGED:
            _note(sessions, asked, answer, now=now)
            return 0
        fresh = _unread(sessions, asked, feeds.entries(answer.body, url=asked.url))
    except PlatformError as problem:
        _note(sessions, asked, None, now=now, problem=problem)
        return 0
    came, lost = _take_all(sessions, asked, fresh[:MOST_ENTRIES], now=now, fetch=fetch)
    whole = lost is None and len(fresh) <= MOST_ENTRIES
    _note(sessions, asked, answer if whole else None, now=now, problem=lost)
    return came


def _unread(sessions: Sessions, asked: Asked, entries: Sequence[Entry]) -> list[Entry]:
    with unit_of_work(sessions, SYSTEM) as session:
        seen = repository.seen(session, asked.source_id, [one.key for one in entries])
    return [one for one in {one.key: one for one in entries}.values() if one.key not in seen]


def _take_all(
    sessions: Sessions, asked: Asked, fresh: Sequence[Entry], *, now: datetime, fetch: Fetch
) -> tuple[int, PlatformError | None]:
    """Fetch what is new, then take it in the order it was sent: what it speaks of comes first."""
    bodies: list[tuple[Entry, bytes | PlatformError]] = []
    lost: PlatformError | None = None
    for entry in fresh:
        try:
            bodies.append((entry, _body(entry, asked, fetch)))
        except Rejected as problem:
            bodies.append((entry, problem))
        except Unavailable as problem:
            lost = problem
    came = 0
    for entry, body in sorted(bodies, key=lambda pair: _sent(pair[1], now)):
        way = Way("feed", entry=entry.key)
        with unit_of_work(sessions, SYSTEM) as session:
            source = session.get_one(CapSource, asked.source_id)
            if isinstance(body, PlatformError):
                service.refuse(session, body, source=source, way=way, now=now, about=entry.url)
                continue
            taken = service.attempt(
                session, body, source=source, way=way, now=now, about=entry.url
            )  # fmt: skip
            came += not isinstance(taken, PlatformError) and not taken.again
    return came, lost


def _body(entry: Entry, asked: Asked, fetch: Fetch) -> bytes:
    if entry.body:
        return entry.body
    feeds.check_same_place(entry, url=asked.url)
    return fetch(entry.url, "").body


def _sent(body: bytes | PlatformError, now: datetime) -> datetime:
    try:
        return now if isinstance(body, PlatformError) else parsing.message(body).sent
    except PlatformError:
        return now


def _note(
    sessions: Sessions, asked: Asked, answer: Answer | None, *, now: datetime,
    problem: PlatformError | None = None,
) -> None:  # fmt: skip
    """Keep beside the source how its feed is; its version only once all of it was read."""
    with unit_of_work(sessions, SYSTEM) as session:
        source = session.get_one(CapSource, asked.source_id)
        if problem is None:
            source.heard_at = now
        source.trouble = problem.text if problem else ""
        source.trouble_facts = {k: str(v) for k, v in problem.values.items()} if problem else {}
        if answer is not None and answer.status == FOUND:
            source.etag = answer.etag


def get(url: str, etag: str) -> Answer:
    """Ask over the network, to a limit of bytes and seconds, and never to another address."""
    headers = {"accept": "application/atom+xml, application/cap+xml, application/xml, */*;q=0.5"}
    headers |= {"if-none-match": etag} if etag else {}
    try:
        with requests.get(
            url, headers=headers, timeout=TIMEOUT_S, stream=True, allow_redirects=False
        ) as answer:
            if answer.status_code == UNCHANGED:
                return Answer(UNCHANGED)
            if answer.status_code != FOUND:
                raise Unavailable("{url} answers {status}. Look at the address, or ask the sender.",
                                  url=url[:200], status=answer.status_code)  # fmt: skip
            return Answer(FOUND, _limited(answer), answer.headers.get("etag", ""))
    except (requests.RequestException, UnicodeError):
        raise Unavailable(
            "{url} cannot be reached now. It is asked again.", url=url[:200]
        ) from None


def _limited(answer: requests.Response) -> bytes:
    body = bytearray()
    for chunk in answer.iter_content(CHUNK):
        body += chunk
        if len(body) > parsing.MOST_BYTES:
            raise Rejected("The file is larger than {most} MB. Ask the sender for a smaller one.",
                           most=parsing.MOST_BYTES // 1_000_000)  # fmt: skip
    return bytes(body)
