"""The verbs of an order, each in a unit of work of its own."""

from datetime import UTC, datetime

from sqlalchemy import select

from gis.store.base import new_id
from rescue_app.dispatch import changing, service, telling
from rescue_app.dispatch.changes import ChangeDraft, ChangeKind
from rescue_app.dispatch.drafts import OrderDraft, StepDraft, Target
from rescue_app.dispatch.models import Assignment
from rescue_app.dispatch.rules import StepKind, Urgency
from tests.world import GAOSUNTANG, WANZHOU


class Night:
    """The verbs of the service, each in a unit of work of its own."""

    def __init__(self, acting, cast):
        self.acting, self.cast = acting, cast

    def issue(self, *targets, who="city", order_id=None, what="撤离河边住户", place=None,
              checklist=()):  # fmt: skip
        draft = OrderDraft(
            id=order_id or new_id(),
            what=what,
            where="高笋塘街道沿江路",
            urgency=Urgency.FLASH,
            targets=tuple(Target.parse(target) for target in targets),
            place=place,
            checklist=checklist,
        )
        with self.acting(who) as (session, actor):
            return service.issue(session, draft=draft, by=actor, now=datetime.now(UTC))

    def hop(self, order, name, who="city"):
        with self.acting(who) as (session, _):
            query = select(Assignment).where(
                Assignment.order_id == order.id, Assignment.name_en == name
            )
            return session.scalars(query.order_by(Assignment.created_at.desc())).first()

    def tell(self, who, hop, kind, note="", step_id=None, done_at=None, offer=None):
        step = StepDraft(step_id or new_id(), StepKind(kind), note, done_at, offer=offer)
        with self.acting(who) as (session, actor):
            now = datetime.now(UTC)
            return telling.tell(session, hop_id=hop.id, step=step, by=actor, now=now)

    def pass_down(self, who, hop, *targets, step_id=None, parts=None):
        to = [Target.parse(target, (parts or {}).get(target, "")) for target in targets]
        with self.acting(who) as (session, actor):
            return service.pass_down(
                session,
                hop_id=hop.id,
                step_id=step_id or new_id(),
                to=to,
                by=actor,
                now=datetime.now(UTC),
            )

    def take_back(self, who, hop):
        with self.acting(who) as (session, actor):
            now = datetime.now(UTC)
            draft = ChangeDraft(new_id(), ChangeKind.CANCELLED, "改派")
            return changing.take_back(session, hop_id=hop.id, draft=draft, by=actor, now=now)

    def change(self, who, order, kind, *, why="", change_id=None, words=None):
        draft = ChangeDraft(change_id or new_id(), ChangeKind(kind), why, words)
        with self.acting(who) as (session, actor):
            now = datetime.now(UTC)
            return changing.change(session, order_id=order.id, draft=draft, by=actor, now=now)

    def down_to_the_crew(self):
        order = self.issue(self.cast.unit(WANZHOU))
        district = self.hop(order, "Wanzhou centre")
        self.tell("wanzhou", district, "accepted")
        self.pass_down("wanzhou", district, self.cast.unit(GAOSUNTANG))
        street = self.hop(order, "Gaosuntang centre")
        self.tell("street", street, "accepted")
        self.pass_down("street", street, self.cast.crew("gaosuntang"))
        return order, self.hop(order, "Gaosuntang crew 1")
