"""A batch of labels as a job: issued where they lack, drawn, proved, and left to be fetched."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from gis.authority import Act, Actor, require
from gis.errors import Conflict, Rejected
from gis.store import files
from qr_codes.assets import choosing, service
from qr_codes.assets.choosing import Choice
from qr_codes.labels.sizes import SIZES
from rescue_app.http.codes import CodeBook
from rescue_app.http.printing import Press
from rescue_app.jobs import service as jobs
from rescue_app.jobs.models import Job
from rescue_app.jobs.repository import of_owner
from rescue_app.jobs.running import Work, job

KIND = "labels.batch"
MOST, LISTED, ISSUED_AT_ONCE, NAMED = 5_000, 20, 50, 5
CAUSES: Mapping[str, str] = {
    "print": "Nothing was handed out: the symbol of {which} cannot be read as it is printed. Give"
    " the asset a new label, then print again.",
    "dirt": "Nothing was handed out: the symbol of {which} cannot be read under dirt. Give the"
    " asset a new label, then print again.",
    "blur": "Nothing was handed out: the symbol of {which} cannot be read out of focus. Give the"
    " asset a new label, then print again.",
    "loss": "Nothing was handed out: the symbol of {which} cannot be read once 30 % of it is gone."
    " Give the asset a new label, then print again.",
}


def chosen(session: Session, choice: Choice, *, by: Actor) -> list[str]:
    """Give the assets that a batch labels; one that no afternoon is long enough for is refused."""
    require(by, Act.ISSUE_CODE, choice.under)
    found = choosing.assets(session, choice, limit=MOST + 1)
    if not found or not choice.wants:
        raise Rejected("There is nothing to print: no label was chosen.")
    if len(found) > MOST:
        raise Rejected("More than {most} labels at once: choose a street.", most=MOST)
    return [str(one.id) for one in found]


def ask(
    session: Session, choice: Choice, *, size: str, name: str, press: Press, by: Actor
) -> Job:  # fmt: skip
    """Let a job make a batch."""
    said = {
        "asset_ids": chosen(session, choice, by=by),
        "size": size,
        "name": name,
        "press": asdict(press),
    }
    return jobs.enqueue(session, KIND, by=by, **said)


def mine(session: Session, who: Actor) -> dict[str, Any]:
    """Gather somebody's batches with their files."""
    asked = [one for one in of_owner(session, who.id, limit=LISTED) if one.kind == KIND]
    return {"jobs": asked, "files": files.attached(session, files.RESULT, [o.id for o in asked])}


@job(KIND)
def make(
    work: Work, *, asset_ids: list[str], size: str, name: str, press: dict[str, Any]
) -> str:  # fmt: skip
    """Issue what lacks, make the batch, and keep it for whoever asked."""
    from qr_codes.labels import batches  # noqa: PLC0415 - the typesetter is the job's

    ids = [UUID(one) for one in asset_ids]
    issue(work, ids)
    with work.unit() as session:
        found = choosing.labels(session, ids)
        wanted = [Press(**press).said(one.asset, one.code) for one in found]
        about = [(one.asset_id, one.asset.name) for one in found]
    made = batches.make(
        wanted,
        public_url=press["public_url"],
        size=SIZES[size],
        step=lambda done: work.progress(done=done, total=len(wanted)),
    )
    if made.failures:
        cause = made.failures[0].cause
        failed = [about[one.index] for one in made.failures if one.cause == cause][:NAMED]
        which, assets = "、".join(said for _, said in failed), " ".join(str(i) for i, _ in failed)
        raise Conflict(CAUSES[cause], which=which, assets=assets)
    keep(work, made.content, name=f"{name}.{made.suffix}", media_type=made.media_type)
    return f"file:{work.id}"


def issue(work: Work, ids: Sequence[UUID]) -> None:
    """Issue labels a few at a time: a transaction that holds a street would stop its patrols."""
    ring = CodeBook(work.sessions).signing_ring()
    by = Actor(work.scope.actor_id, "", work.scope.role, work.scope.area_path)
    for first in range(0, len(ids), ISSUED_AT_ONCE):
        work.progress(done=0, total=len(ids))
        with work.unit() as session:
            for asset_id in choosing.unlabelled(session, ids[first : first + ISSUED_AT_ONCE]):
                now = datetime.now(UTC)
                service.issue(session, asset_id=asset_id, ring=ring, by=by, now=now)


def keep(work: Work, content: bytes, *, name: str, media_type: str) -> None:
    """Leave the file for whoever asked."""
    with work.unit() as session, TemporaryDirectory(prefix="yitong-labels-") as folder:
        path = Path(folder) / "labels"
        path.write_bytes(content)
        files.keep(
            session,
            path,
            id=work.id,
            name=name,
            media_type=media_type,
            by_id=work.scope.actor_id,
            area_path=work.scope.area_path,
            kind=files.RESULT,
            ref=work.id,
        )
