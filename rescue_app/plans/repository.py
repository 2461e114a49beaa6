"""SQL for plans: which version is in force, and which there were."""

from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from rescue_app.plans.models import PlanVersion


def all_in_force(session: Session) -> dict[str, PlanVersion]:
    """Give the plan in force of every kind that has one."""
    query = select(PlanVersion).where(PlanVersion.in_force)
    return {row.plan_type: row for row in session.scalars(query)}


def in_force(session: Session, plan_type: str) -> PlanVersion | None:
    """Give the plan in force of a kind."""
    query = select(PlanVersion).where(PlanVersion.in_force, PlanVersion.plan_type == plan_type)
    return session.scalar(query)


def versions(session: Session, plan_type: str) -> Sequence[PlanVersion]:
    """Give all versions of a plan, newest first."""
    query = select(PlanVersion).where(PlanVersion.plan_type == plan_type)
    return session.scalars(query.order_by(PlanVersion.version.desc())).all()


def set_aside(session: Session, plan_type: str) -> None:
    """Let no version of a plan be in force."""
    held = (PlanVersion.plan_type == plan_type) & PlanVersion.in_force
    session.execute(update(PlanVersion).where(held).values(in_force=False))
