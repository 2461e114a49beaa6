"""What is noted of every act on stores, and who hears of it."""

from sqlalchemy.orm import Session

from gis.authority import Actor
from gis.store import audit, notify
from gis.store.base import new_id


def tell(session: Session, kind: str, by: Actor, touched: tuple[str, ...], **facts: object) -> None:
    """Note an act, and let open pages know."""
    this = new_id()
    audit.record(session, act=f"stores.{kind}", subject=this, area_path=by.area_path, **facts)
    notify.announce(
        session, topic="store", kind=kind, ref=this, area_path=by.area_path, also=touched
    )
