"""A hundred crews answer at once: one transaction, and yet each has his own right answer."""

import http.client
import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime

import pytest
from psycopg.errors import InsufficientPrivilege
from sqlalchemy import select

from gis.authority import Role
from gis.store import audit
from gis.store.audit import AuditEntry
from gis.store.base import new_id
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM, Scope
from gis.store.together import Deed, write_each
from hazards.calls.models import CallRung
from hazards.duty import service as duty
from hazards.duty.rules import CrewEntry, MemberEntry, Roster, UnitEntry, UnitKind
from rescue_app.auth.models import Account
from rescue_app.dispatch import reading, repository, service
from rescue_app.dispatch.drafts import OrderDraft, Target
from rescue_app.dispatch.models import AssignmentStep
from rescue_app.dispatch.rules import Urgency, derive
from tests.world import CITY, GAOSUNTANG, YUNYANG

CREWS = 40
PATIENCE_S = 60


@pytest.fixture
def leaders(sessions, cast):
    """Forty crews of one street, each led by a person of its own."""
    base = UnitEntry("驻地", "Base", UnitKind.BASE, "street", GAOSUNTANG)
    made = [
        Account(
            login=f"lead-{new_id()}",
            name=f"队长 {n}",
            phone=f"1390000{n:04}",
            role=Role.CREW,
            area_path=GAOSUNTANG,
            password_hash="-",
        )
        for n in range(CREWS)
    ]
    with unit_of_work(sessions, SYSTEM) as session:
        session.add_all(made)
        session.flush()
        members = [MemberEntry(a.name, "队长", a.phone, base.id, a.id) for a in made]
        now = datetime.now(UTC)
        crews = [
            CrewEntry(m.name, f"Crew {n}", base.id, [m.id], (), now) for n, m in enumerate(members)
        ]
        duty.register(session, Roster([base], members, crews), area_path=CITY)
    return dict(zip((crew.id for crew in crews), made, strict=True))


@pytest.fixture
def hops(sessions, cast, leaders):
    """One order to all of them: the hop of each crew's leader."""
    draft = OrderDraft(
        id=new_id(),
        what="撤离河边住户",
        where="沿江路",
        urgency=Urgency.FLASH,
        targets=tuple(Target("crew", crew) for crew in leaders),
    )
    actor = cast.actor("city")
    with unit_of_work(sessions, Scope.of(actor)) as session:
        service.issue(session, draft=draft, by=actor, now=datetime.now(UTC))
        return [(hop.id, leaders[hop.crew_id]) for hop in reading.hops_of(session, draft.id)]


def said_by(account):
    return {"id": str(new_id()), "kind": "accepted", "by": str(account.id)}


def test_each_of_a_hundred_answers_at_once_has_its_own_outcome(
    live_server, sessions, people, hops, cast
):
    away = people.token(people.add(Role.DISTRICT_COMMANDER, YUNYANG))
    tokens = {account.id: people.token(account) for _, account in hops}
    asked = []
    for n, (hop, account) in enumerate(hops):
        token, step = tokens[account.id], str(new_id())
        if n % 10 == 9:
            asked.append((422, token, hop, {"id": step, "kind": "cannot", "note": " "}))
        elif n % 10 == 8:
            asked.append((201, token, hop, {"id": step, "kind": "cannot", "note": "路断了"}))
        else:
            asked += [(201, token, hop, {"id": step, "kind": "accepted"})] * 2
        if n % 4 == 0:
            other = tokens[hops[n - 1][1].id]
            asked.append((403, other, hop, {"id": str(new_id()), "kind": "accepted"}))
            asked.append((404, away, hop, {"id": str(new_id()), "kind": "accepted"}))
            # Kept on a phone by somebody else than who is signed in on it now.
            asked.append((403, token, hop, said_by(hops[n - 1][1])))
            asked.append((401, "nobody", hop, {"id": str(new_id()), "kind": "accepted"}))

    # What no rule refuses and the database cannot keep spoils nobody else's answer.
    hop, account = hops[0]
    for sign in ("\x00", "\ud83d"):
        unkept = {"id": str(new_id()), "kind": "accepted", "note": sign}
        asked.insert(len(asked) // 2, (422, tokens[account.id], hop, unkept))

    def say(one):
        wanted, token, hop, body = one
        headers = {"cookie": f"yitong_session={token}", "content-type": "application/json"}
        headers["sec-fetch-site"] = "same-origin"
        line = http.client.HTTPConnection("127.0.0.1", live_server.port, timeout=PATIENCE_S)
        with closing(line):
            line.request("POST", f"/api/v1/hops/{hop}/steps", json.dumps(body), headers)
            answer = line.getresponse()
            told = json.loads(answer.read())
        own = answer.status != 201 or (told["id"], told["state"]) == (str(hop), body["kind"])
        return (wanted, answer.status, own)

    with ThreadPoolExecutor(len(asked)) as callers:
        outcomes = Counter(callers.map(say, asked))
    assert {(wanted, own) for wanted, got, own in outcomes if wanted == got} == {
        (status, True) for status in (201, 401, 403, 404, 422)
    }
    assert sum(outcomes.values()) == len(asked) > 100
    assert all(wanted == got for wanted, got, _ in outcomes)

    with unit_of_work(sessions, SYSTEM) as session:
        logs = repository.logs(session, [hop for hop, _ in hops])
        said = [len(log) for log in logs.values()]
        assert Counter(said) == {1: CREWS - CREWS // 10, 0: CREWS // 10}
        lines = session.scalars(select(AssignmentStep))
        by_hop = {line.assignment_id: line for line in lines if line.assignment_id in logs}
        for hop, account in hops:
            if hop in by_hop:
                assert by_hop[hop].by_id == account.id
                assert by_hop[hop].by_phone == account.phone
                assert derive(logs[hop]).kind == by_hop[hop].kind
        # The calls about the hops heard it, each from its own person.
        rungs = session.scalars(select(CallRung).where(CallRung.answer == "yes"))
        assert {rung.person_id for rung in rungs} >= {
            line.by_id for line in by_hop.values() if line.kind == "accepted"
        }
        # And the audit log names who said it, in an unbroken chain.
        entries = session.scalars(select(AuditEntry).where(AuditEntry.act == "order.accepted"))
        signed = {(entry.facts["hop"], entry.actor_id) for entry in entries}
        assert signed == {
            (str(hop), line.by_id) for hop, line in by_hop.items() if line.kind == "accepted"
        }
        assert audit.verify(session).broken_at is None


def test_a_line_of_a_log_is_written_through_the_eyes_of_who_says_it(sessions, hops, cast):
    """Were the program to let it pass among others, the database would not."""
    hop, account = hops[0]
    row = {
        "id": new_id(),
        "assignment_id": hop,
        "area_path": GAOSUNTANG,
        "kind": "accepted",
        "by_id": account.id,
        "by_name": account.name,
        "by_phone": "",
        "done_at": datetime.now(UTC),
        "received_at": datetime.now(UTC),
        "place": None,
        "note": "",
        "notice_id": None,
        "how": None,
        "offer": None,
        "entered_by": None,
        "via": None,
    }
    with unit_of_work(sessions, SYSTEM) as session:
        row |= {"order_id": repository.locked_all(session, [hop])[hop].order_id}
    own = Deed(Scope.of(account.as_actor()), row)
    foreign = Deed(Scope.of(cast.actor("yunyang")), row | {"id": new_id()})
    with unit_of_work(sessions, SYSTEM) as session:
        assert write_each(session, repository.ADD_STEP, [own, own]) == [True, False]
    with pytest.raises(InsufficientPrivilege), unit_of_work(sessions, SYSTEM) as session:
        write_each(session, repository.ADD_STEP, [own, foreign])
