"""The world's catalogues run through: by the wizard, searched, to proposals with their reasons.

The rows are made up, in the form of NASA's landslide catalogue and of the Dartmouth floods.
"""

import pytest
from sqlalchemy import select

from hazards.events.models import DisasterEvent
from hazards.evidence.models import EvidenceProposal
from hazards.points.cases.models import LedgerCase
from tests.evidence import beside
from tests.integration.evidence import test_record_lists as lists
from tests.integration.points.desks import fields, figures
from tests.integration.test_jobs import run_worker
from tests.world import IN_GAOSUNTANG, IN_TAIBAI

__all__ = ["fields", "run_worker"]
pytestmark = pytest.mark.usefixtures("world", "hazard_types")
city, bring, press = lists.city, lists.bring, lists.press
GLC = (
    "source_name,source_link,event_id,event_date,event_time,location_description,"
    "location_accuracy,landslide_category,landslide_trigger,landslide_size,landslide_setting,"
    "fatality_count,injury_count,storm_name,country_name,admin_division_name,"
    "gazeteer_closest_point,gazeteer_distance,last_edited_date,longitude,latitude"
)
DFO = (
    "ID,GlideNumber,Country,OtherCountry,long,lat,Area,Began,Ended,Validation,Dead,Displaced,"
    "MainCause,Severity"
)


def slide(number, day, accuracy="1km", *, kind="mudslide", dead="0", spot=IN_GAOSUNTANG):
    return (
        f"made up,,{number},{day} 0:00,,Made-up road,{accuracy},{kind},downpour,small,unknown,"
        f"{dead},0,,China,Chongqing,Wanzhou,1,2/15/2018 15:51,{spot.x:.6f},{spot.y:.6f}"
    )


def flood(number, day, km2):
    spot = beside(IN_GAOSUNTANG, 300 * number)
    return (
        f"{number},0,China,0,{spot.x:.6f},{spot.y:.6f},{km2},{day},{day},News,2,50,Heavy rain,1.5"
    )


SLIDES = [
    *(slide(n, day) for n, day in enumerate(("6/20/2007", "7/1/2009", "7/2/2009", "9/12/2014"), 1)),
    slide(5, "7/8/2016", "50km"),
    slide(6, "7/9/2016", "unknown"),
    slide(7, "7/1/2016", "exact", kind="rock_fall", spot=IN_TAIBAI),
]
UGLY = [
    slide(8, "13/40/1998"),
    slide(9, "7/1/2016", "nearly"),
    slide(10, "7/1/2016", dead="-3"),
    slide(11, "7/1/2016", spot=IN_TAIBAI.__class__(IN_TAIBAI.y, IN_TAIBAI.x)),
    slide(12, "7/1/2016"),
    slide(12, "7/1/2016"),
]
FLOODS = [
    flood(n, day, km2)
    for n, (day, km2) in enumerate(
        [("1998-07-03", 12), ("2004-09-05", 9), ("2010-07-18", 12), ("1999-07-01", 9_000)], 1
    )
]


@pytest.fixture
def through(city, bring, press, fields, run_worker):
    """Bring a list in, search it, and give what the list of proposals says."""

    def run(head, rows, name, **search):
        page = bring("\n".join((head, *rows, "")).encode(), name)
        tried = press(page, "columns", **fields(city.get(page).text), go="1")
        press(page, "send")
        assert city.post("/evidence", data=search).status_code == 303
        run_worker()
        return figures(tried), tried, city.get("/evidence", params={"lang": "zh"}).text

    return run


def proposals(owner):
    owner.rollback()
    number = dict(owner.execute(select(DisasterEvent.id, DisasterEvent.source_id)).all())
    rows = owner.scalars(select(EvidenceProposal).order_by(EvidenceProposal.evidence)).all()
    return rows, [sorted(number[one] for one in row.event_ids) for row in rows]


def test_landslides_run_through_and_what_is_known_to_50_km_is_no_point(through, owner):
    told, tried, said = through(GLC, [*SLIDES, *UGLY], "glc.csv", family="geological")
    assert told == [7, 0, 0, 6]
    for reason in ("13/40/1998", "nearly", "-3", "颠倒", "12"):
        assert reason in tried
    rows, behind = proposals(owner)
    assert [row.evidence for row in rows] == ["high_frequency", "historical"]
    assert behind == [["1", "2", "3", "4"], ["7"]]
    assert "2007-06-20" in said
    assert "4 条" in said
    assert "共 3 次" in said
    assert rows[0].area_path.startswith("/500000/")


def test_floods_run_through_and_speak_of_the_area_they_are_known_to(through, owner, city):
    told, _, said = through(DFO, FLOODS, "floods.csv", family="flood", within_m=5_000)
    assert told == [4, 0, 0, 0]
    (row,), behind = proposals(owner)
    assert behind == [["1", "2", "3"]]
    assert "1998-07-03" in said
    page = city.get(f"/evidence/{row.id}", params={"lang": "zh"}).text
    assert "位置精度只有 1,954 米" in page
    assert f'action="/evidence/{row.id}/accept"' not in page
    sent = {"case": str(row.id), "name": "江边", "category": "occurrence"}
    refused = city.post(f"/evidence/{row.id}/accept", data=sent)
    assert refused.status_code == 422
    assert owner.scalars(select(LedgerCase)).all() == []
