"""Members answer at the same moment: one transaction, and each has his own right answer."""

import http.client
import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from sqlalchemy import select

from gis.store.audit import AuditEntry
from gis.store.base import new_id
from hazards.calls.models import Call, CallRung
from rescue_app.dispatch.members.models import MemberStep
from tests.teams import held, team

__all__ = ["held", "team"]
PATIENCE_S = 60


@pytest.fixture
def say(live_server, people, cast):
    """`say((201, "zhou", part, body))` says it as he does; gives what was wanted and told."""

    tokens = {who: people.token(account) for who, account in cast.accounts.items()}

    def begin(one):
        wanted, who, part, body = one
        headers = {"cookie": f"yitong_session={tokens.get(who, who)}"}
        headers |= {"content-type": "application/json", "sec-fetch-site": "same-origin"}
        body = {"id": str(new_id())} | body
        line = http.client.HTTPConnection("127.0.0.1", live_server.port, timeout=PATIENCE_S)
        with closing(line):
            line.request("POST", f"/api/v1/parts/{part.id}/steps", json.dumps(body), headers)
            answer = line.getresponse()
            told = json.loads(answer.read())
        own = answer.status != 201 or told["id"] == str(part.id)
        return wanted, answer.status, own

    return begin


def test_each_of_many_members_answers_at_once_has_its_own_outcome(team, held, say, owner, cast):
    _, crew = held
    parts = team.give(crew, *team.people)
    zhou, wu, zheng = parts["周队员"], parts["吴队员"], parts["郑队员"]
    step = str(new_id())
    asked = [
        *[(201, "zhou", zhou, {"id": step, "kind": "accepted"})] * 3,
        (201, "wu", wu, {"kind": "cannot", "note": "腿伤了"}),
        (422, "wu", wu, {"kind": "cannot", "note": " "}),
        (201, "crew", zheng, {"kind": "accepted", "how": "radio"}),
        (403, "crew", zheng, {"kind": "accepted"}),
        (404, "wu", zhou, {"kind": "accepted"}),
        (404, "yunyang", zhou, {"kind": "accepted"}),
        (403, "zhou", zhou, {"kind": "accepted", "by": str(cast.accounts["wu"].id)}),
        (401, "nobody", zhou, {"kind": "accepted"}),
        # What no rule refuses and the database cannot keep spoils nobody else's answer.
        (422, "zhou", zhou, {"kind": "moving", "note": "\x00"}),
    ]
    with ThreadPoolExecutor(len(asked)) as callers:
        outcomes = list(callers.map(say, asked))
    assert [(got, own) for _, got, own in outcomes] == [(wanted, True) for wanted, *_ in asked]

    lines = owner.scalars(select(MemberStep).where(MemberStep.kind != "queued")).all()
    said = {(line.by_name, line.kind, line.entered_by) for line in lines}
    leader = cast.accounts["crew"].name
    assert said == {
        ("周队员", "accepted", None),
        ("吴队员", "cannot", None),
        ("郑队员", "accepted", leader),
    }
    assert len(lines) == len(said)
    refs = [part.id for part in parts.values()]
    heard = (
        select(Call.ref, CallRung.answer)
        .join(CallRung, CallRung.call_id == Call.id)
        .where(Call.ref.in_(refs))
    )
    heard = heard.where(CallRung.position == 0)
    assert Counter(answer for _, answer in owner.execute(heard)) == {"yes": 2, "cannot": 1}
    entries = owner.scalars(select(AuditEntry).where(AuditEntry.act.like("member.%")))
    signed = {
        (entry.facts["part"], entry.actor_id) for entry in entries if entry.act[7:] != "given"
    }
    assert signed == {
        (str(zhou.id), cast.accounts["zhou"].id),
        (str(wu.id), cast.accounts["wu"].id),
        (str(zheng.id), cast.accounts["crew"].id),
    }
