"""Words from the site that ring: a call for support is answered too, and silence is asked about."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from gis.store.notify import announce
from gis.store.scope import PROGRAM
from hazards.calls import service as calls
from hazards.calls.drafts import TEXT_LENGTH, CallDraft, Step
from hazards.calls.program import as_program
from hazards.calls.rules import Cry, Urgency
from rescue_app.dispatch import callees, calling
from rescue_app.dispatch import repository as hops
from rescue_app.dispatch.models import Assignment, Order
from rescue_app.site.models import SiteReport, SiteWatch
from rescue_app.site.rules import NEEDS, Need, ReportKind

SUPPORT = "support"
CHECK_IN = "check_in"


def ask(session: Session, report: SiteReport, hop: Assignment, *, now: datetime) -> None:
    """Call the centre that gave the order, its deputy, then those above, until one answers."""
    order = hops.visible(session, hop.order_id)
    danger = report.kind == ReportKind.DANGER
    zh, en = ("", "") if danger else NEEDS[Need(report.need or "")]
    about = f" · {report.words}" if report.words else ""
    name_en = hop.name_en or hop.name
    said = f"求援：{zh} · {hop.name}{about}", f"Support: {en} · {name_en}{about}"
    if danger:
        said = (
            f"现场呼撤 · {hop.name}{about}",
            f"Danger on site, all called away · {name_en}{about}",
        )
    with as_program(session):
        ladder = callees.upward(session, calling.holder_of(hop), giver_path=hop.giver_path)
    if order is not None and ladder:
        draft = _draft(order, hop, SUPPORT, report.id, ladder, said, name=report.by_name)
        calls.open_many(session, [draft], now=now)


def alarm(
    session: Session, watch: SiteWatch, hop: Assignment, order: Order, *, now: datetime
) -> UUID:
    """Ask about a crew that is not heard of: itself, its deputy, then who sent it and above."""
    ref = uuid5(hop.id, f"{CHECK_IN} {watch.heard_at.isoformat()}")
    since = int((now - watch.heard_at).total_seconds() // 60)
    said = (
        f"{hop.name}在现场已 {since} 分钟没有消息：平安吗？",
        f"{hop.name_en or hop.name} on site: no word for {since} minutes. Are you safe?",
    )
    holder = calling.holder_of(hop)
    with as_program(session):
        roster = callees.read(session, [holder], giver_path=hop.giver_path)
    ladder = callees.ladder(roster, holder, giver_path=hop.giver_path)
    if ladder:
        draft = _draft(order, hop, CHECK_IN, ref, ladder, said, name=PROGRAM.name)
        calls.open_many(session, [draft], now=now)
    announce(session, topic="order", kind="asked", ref=order.id, area_path=hop.area_path)
    return ref


def heard(session: Session, ref: UUID, *, now: datetime) -> None:
    """Stop asking: the crew has been heard of, or has left the site."""
    calls.cancel(session, topic=CHECK_IN, refs=[ref], why="", by=PROGRAM, now=now)


def _draft(
    order: Order,
    hop: Assignment,
    topic: str,
    ref: UUID,
    ladder: Sequence[Step],
    said: tuple[str, str],
    *,
    name: str,
) -> CallDraft:
    return CallDraft(
        topic=topic,
        ref=ref,
        area_path=hop.area_path,
        opener_path=hop.giver_path,
        opener_name=name,
        ladder=tuple(ladder),
        text_zh=said[0][:TEXT_LENGTH],
        text_en=said[1][:TEXT_LENGTH],
        page=f"/orders/{order.id}",
        urgency=Urgency.FLASH,
        is_drill=order.is_drill,
        synthetic=order.synthetic,
        cry=Cry.HELP,
    )
