"""Where it may happen: ground brought in, a map by a job, possible points into the review flow."""

import re
from html import unescape

import numpy as np
import pytest
import rasterio
from affine import Affine
from shapely import LineString
from sqlalchemy import func, select, update

from gis.authority import Role
from gis.errors import Conflict, Forbidden, Missing, Rejected
from gis.store.base import new_id
from gis.store.engine import unit_of_work
from gis.store.files import StoredFile
from gis.store.scope import SYSTEM, Scope
from gis.water import Water
from hazards.events.models import DisasterEvent
from hazards.evidence import grid, service
from hazards.evidence.models import EvidenceProposal, EvidenceSearch
from hazards.points.cases.models import LedgerCase
from hazards.susceptibility import ground, removing, repository
from hazards.susceptibility.models import GroundLayer, SusceptibilityZone
from hazards.susceptibility.rules import Kind
from rescue_app.jobs.models import Job
from rescue_app.jobs.running import execute
from tests.evidence import keep, known
from tests.integration.evidence.conftest import NOW
from tests.susceptibility import OUTLINE, raster, ridge, slides_on_the_ridge
from tests.world import GAOSUNTANG, IN_GAOSUNTANG, WANZHOU, YUNYANG

FORM = {"family": "geological", "side_m": 1000, "seed": 1}


@pytest.fixture
def cells(world):
    return grid.over(OUTLINE, wide_m=1_000)


@pytest.fixture
def slid(cells, sessions, hazard_types):
    """Slides on the steep side of the middle, most of them about Gaosuntang, and vague ones."""
    records = slides_on_the_ridge(cells)
    vague = [known(IN_GAOSUNTANG, "2012-07-01", accuracy_m=50_000)]
    keep(sessions, [*records, *vague], area=GAOSUNTANG)
    return records


@pytest.fixture
def desk(client, world, slid, sign_in):
    client.follow_redirects = False
    sign_in(client, Role.PLANNER, WANZHOU, name="王规划")
    return client


def bring(desk, path, kind="elevation", **more):
    form = {"id": str(new_id()), "kind": kind, "name": "演示高程", **more}
    with path.open("rb") as file:
        return desk.post("/evidence/possible/ground", data=form, files={"file": (path.name, file)})


def drawn(desk, sessions) -> EvidenceSearch:
    assert desk.post("/evidence/possible", data=FORM).status_code == 303
    with unit_of_work(sessions, SYSTEM) as session:
        job_id = session.scalars(select(Job.id).where(Job.state == "queued")).one()
    execute(sessions, job_id, must_stop=lambda: False)
    with unit_of_work(sessions, SYSTEM) as session:
        job = session.get_one(Job, job_id)
        assert (job.state, job.done) == ("done", job.total)
        return session.get_one(EvidenceSearch, job_id)


def test_a_map_is_drawn_from_the_ground_and_its_settlements_go_into_review(
    desk, sessions, tmp_path, slid
):
    assert bring(desk, ridge(tmp_path / "dem.tif")).status_code == 303
    made = drawn(desk, sessions)
    result = made.result
    assert result["outcome"] == "mapped"
    assert (made.vintage["used"], made.vintage["too_vague"]) == (60, 1)
    assert set(result["missing"]) == {"river", "road", "fault", "rain"}
    assert result["trials"][result["drawn_by"]]["mean"] > 0.7
    assert sum(line["records"] for line in result["classes"]) == 60
    again = drawn(desk, sessions)
    same = ("trials", "classes", "factors", "curve", "together")
    assert [again.result[name] for name in same] == [result[name] for name in same]
    assert again.vintage == made.vintage
    with unit_of_work(sessions, SYSTEM) as session:
        zones = select(SusceptibilityZone.search_id).distinct()
        assert session.scalars(zones).all() == [again.id]  # the map before is figures only
        (row,) = session.scalars(select(EvidenceProposal))
    assert (row.evidence, row.state, row.facts["settlement"]) == ("possible", "open", "高笋塘街道")

    chinese = unescape(desk.get(f"/evidence/possible/{again.id}").text)
    assert "1 条不用" in chinese
    assert "倍" in chinese
    english = unescape(desk.get(f"/evidence/possible/{again.id}?lang=en").text)
    assert "times as many records as its area would give" in english
    assert f'data-run="{again.id}"' in english
    assert "距最高等级的地面" in unescape(desk.get("/evidence?lang=zh").text)

    page = desk.get(f"/evidence/{row.id}").text
    assert f"/evidence/possible/{again.id}" in page
    (case,) = set(re.findall(r'name="case" value="([^"]+)"', page))
    form = {"case": case, "name": "高笋塘", "category": "hidden_danger"}
    answer = desk.post(f"/evidence/{row.id}/accept", data=form)
    assert answer.headers["location"] == f"/cases/{case}"
    with unit_of_work(sessions, SYSTEM) as session:
        (applied,) = session.scalars(select(LedgerCase))
        assert "倍" in applied.reason


def test_a_rejected_settlement_comes_back_only_when_records_or_ground_change(
    desk, sessions, tmp_path, planner
):
    bring(desk, ridge(tmp_path / "dem.tif"))
    drawn(desk, sessions)
    with unit_of_work(sessions, Scope.of(planner)) as session:
        (row,) = session.scalars(select(EvidenceProposal))
        service.reject(session, proposal_id=row.id, reason="已治理", by=planner, now=NOW)
    assert drawn(desk, sessions).result["new"] == 0
    other = ridge(tmp_path / "new.tif", high_m=901)
    bring(desk, other)
    assert drawn(desk, sessions).result["new"] == 1
    with unit_of_work(sessions, SYSTEM) as session:
        states = session.scalars(select(EvidenceProposal.state).order_by(EvidenceProposal.id))
        assert states.all() == ["rejected", "open"]


def test_without_ground_or_with_too_few_records_nothing_is_drawn_and_the_page_says_so(
    desk, sessions, tmp_path
):
    none = drawn(desk, sessions)
    assert desk.get(f"/evidence/possible/{none.id}").status_code == 200
    assert none.result["outcome"] == "no_factors"
    bring(desk, ridge(tmp_path / "dem.tif"))
    desk.post("/evidence/possible", data=FORM | {"family": "flood"})
    with unit_of_work(sessions, SYSTEM) as session:
        job_id = session.scalars(select(Job.id).where(Job.state == "queued")).one()
    execute(sessions, job_id, must_stop=lambda: False)
    assert "记录太少" in desk.get(f"/evidence/possible/{job_id}").text
    with unit_of_work(sessions, SYSTEM) as session:
        assert session.scalar(select(func.count()).select_from(SusceptibilityZone)) == 0
    assert desk.post("/evidence/possible", data=FORM | {"side_m": 20}).status_code == 422


def remove(desk, layer_id):
    return desk.post(f"/evidence/possible/ground/{layer_id}/remove")


def test_a_place_proposed_from_made_up_heights_says_so_wherever_it_is_shown(
    desk, sessions, tmp_path
):
    bring(desk, ridge(tmp_path / "dem.tif"))
    with unit_of_work(sessions, SYSTEM) as session:
        session.execute(update(DisasterEvent).values(synthetic=False))
    drawn(desk, sessions)
    with unit_of_work(sessions, SYSTEM) as session:
        row = session.scalars(select(EvidenceProposal)).one()
        session.execute(update(GroundLayer).values(synthetic=True))
    pages = ("/evidence", f"/evidence/{row.id}", f"/proposals/{row.id}/panel")
    marks = {path: desk.get(path).text.count('class="synthetic"') for path in pages}
    drawn(desk, sessions)
    for path, before in marks.items():
        assert desk.get(path).text.count('class="synthetic"') > before, path
    told = desk.get("/api/v1/evidence/proposals.geojson").json()["features"]
    assert (row.synthetic, [one["properties"]["synthetic"] for one in told]) == (False, [True])


def test_removed_ground_is_used_no_more_and_what_was_drawn_with_it_says_so(
    desk, sessions, tmp_path, people
):
    bring(desk, ridge(tmp_path / "dem.tif"))
    made = drawn(desk, sessions)
    with unit_of_work(sessions, SYSTEM) as session:
        layer_id = session.scalar(select(GroundLayer.id))
    desk.post("/evidence/possible", data=FORM)
    refused = remove(desk, layer_id)
    assert refused.status_code == 409
    assert "正在用这份地面资料绘图" in refused.text
    with unit_of_work(sessions, SYSTEM) as session:
        job_id = session.scalars(select(Job.id).where(Job.state == "queued")).one()
    desk.post(f"/jobs/{job_id}/cancel")
    other = people.add(Role.PLANNER, YUNYANG).as_actor()
    with unit_of_work(sessions, Scope.of(other)) as session, pytest.raises(Forbidden):
        removing.remove(session, layer_id, by=other, now=NOW)

    assert remove(desk, layer_id).status_code == 303
    assert remove(desk, layer_id).status_code == 303  # twice is once
    page = unescape(desk.get("/evidence/possible").text)
    assert "移除：" in page
    assert f"ground/{layer_id}/restore" in page
    assert f"ground/{layer_id}/remove" not in page
    said = unescape(desk.get(f"/evidence/possible/{made.id}").text)
    assert "演示高程" in said
    assert "移除：" in said
    assert drawn(desk, sessions).result["outcome"] == "no_factors"
    assert repository_says(sessions, made.id) == made.result
    assert desk.post(f"/evidence/possible/ground/{layer_id}/restore").status_code == 303
    assert drawn(desk, sessions).result["trials"] == made.result["trials"]


def repository_says(sessions, run_id):
    with unit_of_work(sessions, SYSTEM) as session:
        return repository.run(session, run_id).result


def test_what_was_removed_long_ago_leaves_its_name_and_frees_its_bytes(
    desk, sessions, tmp_path, planner
):
    bring(desk, ridge(tmp_path / "dem.tif"))
    later = NOW + 2 * removing.KEPT_FOR
    with unit_of_work(sessions, Scope.of(planner)) as session:
        (layer,) = repository.layers(session)
        removing.remove(session, layer.id, by=planner, now=NOW)
    with unit_of_work(sessions, SYSTEM) as session:
        layer = repository.layer(session, layer.id)
        assert removing.forget_removed(session, now=NOW) == 0
        assert removing.forget_removed(session, now=later) == 1
        assert removing.forget_removed(session, now=later) == 0
        assert session.scalar(select(func.count()).select_from(StoredFile)) == 0
        assert layer.removed_by_name == planner.name
        with pytest.raises(Conflict):
            removing.bring_back(session, layer.id, by=planner, now=later)


def test_ground_that_cannot_be_used_is_refused_with_what_to_do(desk, tmp_path):
    nowhere = raster(tmp_path / "dem.tif", lambda e, _: e)
    text = tmp_path / "dem2.tif"
    text.write_text("no raster")
    assert bring(desk, text).status_code == 422
    assert "GeoTIFF" in bring(desk, text).text
    plain = tmp_path / "lines.geojson"
    plain.write_text(
        '{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[108.3,30.7]}}'
    )
    assert bring(desk, plain, kind="fault").status_code == 422
    assert bring(desk, nowhere).status_code == 303
    assert "演示高程" in desk.get("/evidence/possible").text


def test_faults_are_brought_in_and_rivers_that_ship_are_not_measured_to(
    desk, sessions, planner, tmp_path
):
    fault = tmp_path / "faults.geojson"
    fault.write_text(
        '{"type":"Feature","properties":{},"geometry":{"type":"LineString","coordinates":[[108.4,30.4],[108.4,31.2]]}}'
    )
    assert bring(desk, fault, kind="fault").status_code == 303
    river = LineString([(108.1, 30.4), (108.1, 31.2)])
    with unit_of_work(sessions, SYSTEM) as session:
        session.add(Water(name="", name_en="", shape=river, source="WDBII"))
    made = drawn(desk, sessions)
    assert list(made.vintage["factors"]) == ["fault"]
    assert made.result["factors"][0]["factor"] == "fault"
    with unit_of_work(sessions, SYSTEM) as session:
        session.add(Water(name="长江", name_en="Yangtze", shape=river, source="survey"))
    assert set(drawn(desk, sessions).vintage["factors"]) == {"fault", "river"}


def test_tiles_and_maps_are_for_those_of_the_area(desk, sessions, people, tmp_path):
    bring(desk, ridge(tmp_path / "dem.tif"))
    made = drawn(desk, sessions)
    tile = f"/api/v1/tiles/susceptibility/8/205/105.mvt?run={made.id}"
    assert b"susceptibility" in desk.get(tile).content
    assert desk.get(tile.replace(str(made.id), "x")).status_code == 422
    other = people.add(Role.PLANNER, YUNYANG).as_actor()
    with unit_of_work(sessions, Scope.of(other)) as session:
        with pytest.raises(Missing):
            repository.run(session, made.id)
        assert session.scalar(select(func.count()).select_from(SusceptibilityZone)) == 0
        assert len(repository.layers(session)) == 1  # heights are no secret of an area


NOWHERE = 'LOCAL_CS["site grid",UNIT["metre",1]]'


@pytest.mark.parametrize(
    ("profile", "told"),
    [({"crs": None}, "what its coordinates are"), ({"crs": NOWHERE}, "what its coordinates are"),
     ({"count": 3}, "bands"), ({"dtype": "complex64"}, "bands")],
)  # fmt: skip
def test_a_raster_that_says_no_heights_of_a_place_is_refused(
    sessions, planner, tmp_path, profile, told
):
    path = tmp_path / "dem.tif"
    plain = {"crs": "EPSG:4326", "count": 1, "dtype": "float32"} | profile
    size = {"width": 4, "height": 4, "transform": Affine(0.25, 0, 108, 0, -0.25, 31)}
    with rasterio.open(path, "w", driver="GTiff", **plain, **size) as file:
        file.write(np.ones((plain["count"], 4, 4), plain["dtype"]))
    with unit_of_work(sessions, Scope.of(planner)) as session, pytest.raises(Rejected, match=told):
        ground.bring_in(
            session, path, id=new_id(), kind=Kind.ELEVATION, name="", by=planner, now=NOW
        )
