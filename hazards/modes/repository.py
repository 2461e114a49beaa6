"""SQL for modes: the nearest area at or above a place that has one in force decides."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import DateTime, func, literal, select, text, update
from sqlalchemy.orm import Session

from hazards.modes.models import AreaMode
from hazards.modes.rules import Mode

MODE_LOCK = 0x59_54_4D_4F
"""Advisory lock: switches come one after the other, and no list is made from a mode just ended."""
HISTORY_ROWS = 100


def hold(session: Session, *, shared: bool = False) -> None:
    """Let no mode change until the commit; those who only read modes hold it together."""
    lock = func.pg_advisory_xact_lock_shared if shared else func.pg_advisory_xact_lock
    session.execute(select(lock(MODE_LOCK)))


def standing(session: Session, area_path: str, at: datetime) -> AreaMode | None:
    """Give the row that decides for an area: its own, else that of the nearest above."""
    query = (
        select(AreaMode)
        .where(
            func.starts_with(literal(area_path), AreaMode.area_path), AreaMode.period.contains(at)
        )
        .order_by(func.length(AreaMode.area_path).desc())
    )
    return session.scalars(query.limit(1)).first()


def mode_at(session: Session, area_path: str, at: datetime) -> Mode:
    """Tell the mode of an area at a moment; where nobody ever switched, it is peace."""
    row = standing(session, area_path, at)
    return Mode.PEACE if row is None else Mode(row.mode)


def own(session: Session, area_path: str) -> AreaMode | None:
    """Give the row in force of exactly this area."""
    open_end = func.upper_inf(AreaMode.period)
    return session.scalar(select(AreaMode).where(AreaMode.area_path == area_path, open_end))


def newest_beginning(session: Session, area_path: str) -> datetime | None:
    """Give when the newest row of an area, or of one inside it, took hold."""
    inside = func.starts_with(AreaMode.area_path, area_path)
    query = select(func.max(func.lower(AreaMode.period), type_=DateTime(timezone=True)))
    newest: datetime | None = session.scalar(query.where(inside))
    return newest


def below(session: Session, area_path: str, at: datetime) -> Sequence[AreaMode]:
    """Give the rows in force inside an area that are not its own."""
    inside = func.starts_with(AreaMode.area_path, area_path) & (AreaMode.area_path != area_path)
    query = select(AreaMode).where(inside, AreaMode.period.contains(at))
    return session.scalars(query.order_by(AreaMode.area_path)).all()


def end_below(session: Session, area_path: str, modes: Sequence[Mode], at: datetime) -> int:
    """End the rows of these modes inside an area; give how many."""
    inside = func.starts_with(AreaMode.area_path, area_path) & (AreaMode.area_path != area_path)
    ended = session.execute(
        update(AreaMode)
        .where(inside, AreaMode.mode.in_(modes), func.upper_inf(AreaMode.period))
        .values(period=func.tstzrange(func.lower(AreaMode.period), at))
        .returning(AreaMode.id)
        .execution_options(synchronize_session=False)
    )
    return len(ended.all())


def history(session: Session, area_path: str) -> Sequence[AreaMode]:
    """Give what held in an area and inside it, newest first."""
    query = select(AreaMode).where(
        func.starts_with(AreaMode.area_path, area_path)
        | func.starts_with(literal(area_path), AreaMode.area_path)
    )
    query = query.order_by(func.lower(AreaMode.period).desc(), AreaMode.area_path)
    return session.scalars(query.limit(HISTORY_ROWS)).all()


AREAS_BELOW = text("""
    SELECT path FROM area
    WHERE starts_with(path, :path) AND level IN ('city', 'district', 'street')
    AND validity @> CAST(timezone('Asia/Shanghai', now()) AS date)
""")


def paths_below(session: Session, area_path: str) -> list[str]:
    """Give the paths of an area and of the centres inside it: who has to hear of a switch."""
    return list(session.scalars(AREAS_BELOW, {"path": area_path}))
