"""What two districts press who lend and borrow a crew."""

from datetime import UTC, datetime, timedelta

import pytest

from gis.store.base import new_id
from rescue_app.loans import service
from rescue_app.loans.rules import LoanAct, LoanDraft
from tests.world import WANZHOU


class Desk:
    """What the two districts press; Yunyang borrows, Wanzhou lends."""

    def __init__(self, acting, cast):
        self.acting, self.cast = acting, cast

    def ask(self, who="yunyang", lender=WANZHOU, loan_id=None, hours=6):
        until = datetime.now(UTC) + timedelta(hours=hours)
        draft = LoanDraft(loan_id or new_id(), lender, "双江街道内涝，借排水队", until)
        with self.acting(who) as (session, actor):
            return service.ask(session, draft=draft, by=actor, now=datetime.now(UTC))

    def act(self, who, loan, act, crew=None, why=""):
        crew_id = self.cast.crews[crew] if crew else None
        with self.acting(who) as (session, actor):
            told = {"loan_id": loan.id, "act": LoanAct(act), "crew_id": crew_id, "why": why}
            return service.decide(session, **told, by=actor, now=datetime.now(UTC))

    def lent(self):
        loan = self.ask()
        return self.act("wanzhou", loan, "agree", "gaosuntang")


@pytest.fixture
def desk(acting, cast):
    return Desk(acting, cast)
