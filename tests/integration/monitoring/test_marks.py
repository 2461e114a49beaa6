"""A river's marks are set on its station's page and by the list of stations."""

import pytest
from sqlalchemy import select

from gis import exchange
from gis.exchange.importing.mapping import Mapping
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM, Scope
from hazards.monitoring.importing import stations as importing
from hazards.monitoring.models import Datastream, MonitoringPoint
from rescue_app.http.dependencies import COOKIE
from tests.monitoring import LIST, MAPPING, NOW, bring

NAMES = ("mark_warning", "mark_guaranteed", "mark_historical")
HEAD = f"number,name,lon,lat,property,interval,{','.join(NAMES)}"
PLAIN = MAPPING.model_dump()
WITH_MARKS = Mapping.model_validate(
    PLAIN | {"fields": PLAIN["fields"] | {name: name for name in NAMES}}
)


@pytest.fixture
def page(client, sessions, cast, people, tmp_path):
    """Give the station's page as the district's commander sees it, and the form's address."""
    bring(sessions, tmp_path, cast.actor("city"), *LIST)
    client.cookies.set(COOKIE, people.token(cast.accounts["wanzhou"]))
    with unit_of_work(sessions, SYSTEM) as session:
        point, number = session.execute(
            select(MonitoringPoint.id, Datastream.number)
            .join(Datastream, Datastream.point_id == MonitoringPoint.id)
            .where(Datastream.property == "water_level")
        ).one()
    return f"/monitoring/{point}", f"/monitoring/{point}/streams/{number}/marks"


def marks(sessions):
    with unit_of_work(sessions, SYSTEM) as session:
        river = select(Datastream.marks).where(Datastream.property == "water_level")
        return session.scalars(river).one()


def test_marks_are_set_changed_and_emptied_on_the_page(client, sessions, page):
    shown, form = page
    sent = {"mark.warning": "8", "mark.guaranteed": "9.5", "mark.historical": "7.2"}
    assert client.post(form, data=sent, follow_redirects=False).status_code == 303
    assert marks(sessions) == {"warning": 8, "guaranteed": 9.5, "historical": 7.2}
    assert "警戒水位 <b" in client.get(shown).text
    client.post(form, data={"mark.warning": " ", "mark.guaranteed": "9.5"})
    assert marks(sessions) == {"guaranteed": 9.5}


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"mark.warning": "9", "mark.guaranteed": "8"}, "像是填反了"),
        ({"mark.warning": "很高"}, "不是数字"),
        ({"mark.flood": "9"}, "没有特征值"),
    ],
)
def test_marks_that_cannot_be_are_refused_in_words(client, sessions, page, sent, said):
    told = client.post(page[1], data=sent)
    assert (told.status_code, said in told.text) == (422, True)
    assert marks(sessions) == {}


def test_who_may_not_sets_no_marks(client, sessions, page, cast, people):
    for who, status in (("yunyang", 404), ("patrol", 403)):
        client.cookies.set(COOKIE, people.token(cast.accounts[who]))
        told = client.post(page[1], data={"mark.warning": "8"})
        assert told.status_code == status
    assert marks(sessions) == {}


def bring_marks(sessions, by, folder, *rows):
    path = folder / "marked.csv"
    path.write_text("\n".join([HEAD, *rows, ""]), encoding="utf-8")
    with unit_of_work(sessions, Scope.of(by)) as session:
        how = {"table": exchange.read(path), "mapping": WITH_MARKS, "by": by, "now": NOW}
        return importing.bring_in(session, **how, apply=True)


def test_a_list_sets_marks_and_leaves_those_that_it_says_nothing_of(sessions, page, cast, tmp_path):
    city, river = cast.actor("city"), "YB-1,龙宝雨量站,108.35,30.80,water_level,5"
    rain = "YB-1,龙宝雨量站,108.35,30.80,降雨量,5,,,"
    report = bring_marks(sessions, city, tmp_path, rain, f"{river},8,9.5,")
    assert (report.new, report.changed) == (0, 1)
    assert bring_marks(sessions, city, tmp_path, rain, f"{river},8,9.5,").changed == 0
    bring_marks(sessions, city, tmp_path, f"{river},,,7.7")
    assert marks(sessions) == {"warning": 8, "guaranteed": 9.5, "historical": 7.7}


def test_a_list_with_exchanged_marks_is_refused_with_its_line(sessions, page, cast, tmp_path):
    river = "YB-1,龙宝雨量站,108.35,30.80,water_level,5,9.5,8,"
    rain = "YB-2,双江雨量站,108.90,30.95,rain,60,3,,"
    report = bring_marks(sessions, cast.actor("city"), tmp_path, river, rain)
    assert [(one.line, "exchanged" in str(one.reason)) for one in report.refusals] == [
        (2, True),
        (3, False),
    ]
    assert marks(sessions) == {}
