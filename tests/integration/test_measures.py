"""What to do at an asset, and where the materials for it lie: on the scan page and by command."""

import re
from uuid import uuid4

import pytest
import yaml
from sqlalchemy import select, text
from typer.testing import CliRunner

from gis.authority import Role
from gis.errors import Rejected
from gis.store.engine import unit_of_work
from gis.store.scope import RESIDENT, SYSTEM, Scope
from qr_codes.measures import service
from qr_codes.stores.models import MaterialStore
from rescue_app.commands import measures, stores
from rescue_app.settings import PROJECT
from tests.patrols import NOW, labelled
from tests.world import CITY, TAIBAI, WANZHOU, YUNYANG

pytestmark = pytest.mark.usefixtures("world")
PAGE = {"accept": "text/html"}
SHIPPED = PROJECT / "data/measures/cards.yaml"
HEAD = "仓库编号,名称,地址,管理人,联系电话,物资名称,数量（件）,单位,经度,纬度\n"
STORES = (
    HEAD
    + """\
W1,高笋塘物资点,白岩路8号,陈管库,13800000001,编织袋,300,条,108.351,30.801
W1,高笋塘物资点,白岩路8号,陈管库,13800000001,锥桶,40,,108.351,30.801
W2,太白应急库,,周保管,13800000002,潜水泵,6,台,108.45,30.80
W2,太白应急库,,周保管,13800000002,块石,120,方,108.45,30.80
W2,太白应急库,,周保管,13800000002,沙袋,0,条,108.45,30.80
Y1,云阳物资库,,云阳保管,13800000009,沙袋,900,条,108.90,30.95
"""
)


@pytest.fixture
def yitong(database, monkeypatch, tmp_path):
    """`yitong(stores, "import", …)` runs a command on the test's database: output and exit code."""
    monkeypatch.setenv("DATABASE_URL", database.owner)
    monkeypatch.setenv("YITONG_APP_DATABASE_URL", database.app)
    monkeypatch.setenv("YITONG_HOME", str(tmp_path))

    def run(group, *words):
        result = CliRunner().invoke(group.app, [str(word) for word in words])
        if isinstance(result.exception, Rejected):
            raise result.exception
        return result.output, result.exit_code

    return run


@pytest.fixture
def bring(yitong, tmp_path):
    """Write a list of stores as an office would, in GBK, and bring it in."""

    def do(said, *words, name="物资.csv"):
        file = tmp_path / name
        file.write_text(said, encoding="gbk")
        return yitong(stores, "import", file, "--crs", "CGCS2000", *words)[0]

    return do


def see(street, labelled_asset, who="", **more):
    if who:
        street.sign_in(who)
    else:
        street.client.cookies.clear()
    answer = street.client.get(f"/c/{labelled_asset.code}", headers=PAGE, **more)
    assert answer.status_code == 200
    return answer.text


def in_order(page, *words):
    at = 0
    for word in words:
        found = page.find(word, at)
        assert found >= 0, word
        at = found + len(word)


def test_a_patrol_reads_what_to_do_and_calls_the_nearest_store_that_has_it(street, bring):
    bridge = labelled(street.sign_in("street"))
    bare = see(street, bridge, "patrol")
    in_order(bare, "本区县的物资点都没有", "块石", "还没有登记物资点")
    bring(STORES, "--apply")
    calm = see(street, bridge, "patrol")
    in_order(calm, 'id="visit"', "处置措施", "涨水冲刷桥墩", "立即两端封桥", "巡查员",
             "物资在哪里", "高笋塘物资点", "150 m", "锥桶 40 个", "白岩路8号",
             "tel:13800000001", "陈管库", "太白应急库", "9.6 km", "块石 120 方", "tel:13800000002",
             "本区县的物资点都没有", "铜锣喇叭")  # fmt: skip
    assert 'measure" open' not in calm
    assert "汛前准备" in calm
    assert "云阳" not in calm  # another district's store is not theirs to call
    english = see(street, bridge, "patrol", params={"lang": "en"})
    in_order(english, "Disposal measures", "Scour at high water", "Riprap 120 m³")


def test_in_an_emergency_or_closed_measures_come_before_the_list_and_opened(street, bring):
    underpass = labelled(street.sign_in("street"), type="underpass", name="龙洞下穿道")
    assert "没顶救援" not in see(street, underpass, "patrol")
    street.sign_in("patrol")
    form = {"id": str(uuid4()), "reason": "积水过封闭线"}
    street.client.post(f"/assets/{underpass.asset['id']}/closures", data=form, headers=PAGE)
    page = see(street, underpass, "patrol")
    in_order(page, "交通封闭", "处置措施", 'measure" open', "下穿道积水", 'id="visit"')
    assert "雨前准备" not in page
    body = {"id": str(uuid4()), "area_path": WANZHOU, "mode": "war", "reason": "特大暴雨"}
    assert street.sign_in("wanzhou").post("/api/v1/modes", json=body).status_code == 201
    bring(STORES, "--apply")
    page = see(street, underpass, "patrol")
    in_order(page, "战时状态", "指挥通信", "处置措施", 'measure" open', "没顶救援",
             "冲锋舟 1 艘", "下穿道积水",
             "tel:13800000002", 'id="visit"')  # fmt: skip


def test_residents_read_only_what_everybody_does_and_no_store(street, bring, sessions):
    bring(STORES, "--apply")
    tunnel = labelled(street.sign_in("street"), type="tunnel", name="白岩隧道")
    for page in (see(street, tunnel), see(street, tunnel, "yunyang")):
        in_order(page, "万一出事", "隧道起火", "不在车里等")
        assert "呼吸器" not in page
        for secret in ("13800000001", "陈管库", "高笋塘物资点", "物资在哪里"):
            assert secret not in page
    for scope, seen in (
        (Scope(WANZHOU, Role.PLANNER), {"W1", "W2"}),
        (Scope(TAIBAI, Role.PATROL), {"W1", "W2"}),
        (Scope(YUNYANG, Role.DISTRICT_COMMANDER), {"Y1"}),
        (Scope(CITY, Role.OBSERVER), {"W1", "W2", "Y1"}),
        (RESIDENT, set()),
    ):
        with unit_of_work(sessions, scope) as session:
            assert set(session.scalars(select(MaterialStore.source_id))) == seen


def test_a_list_of_stores_comes_in_dry_first_and_twice_changes_nothing(bring, street, owner):
    counts = text("select count(*), max(stock ->> 'sandbag') from material_store")
    assert "Add --apply" in bring(STORES)
    assert owner.execute(counts).one() == (0, None)
    owner.rollback()
    assert re.search(r"6 │\s+3 │\s+0 │\s+0 │\s+0", bring(STORES, "--apply"))
    assert re.search(r"6 │\s+0 │\s+0 │\s+3 │\s+0", bring(STORES, "--apply"))
    less = STORES.replace("编织袋,300", "编织袋,120").replace("13800000001", "13800000003")
    assert re.search(r"6 │\s+0 │\s+1 │\s+2 │\s+0", bring(less, "--apply"))
    said = owner.execute(text("select keeper_phone, stock from material_store"
                              " where source_id = 'W1'")).one()  # fmt: skip
    assert said == ("13800000003", {"sandbag": 120, "cone": 40})
    acts = owner.execute(text("select act from audit_entry where act like 'stores.%'")).all()
    assert len(acts) == 2


def test_rows_that_cannot_be_right_are_refused_with_line_and_reason(bring, street):
    rows = """\
A,甲库,,张,1,沙袋,10,条,108.35,30.80
A,甲库,,张,1,编织袋,20,条,108.35,30.80
A,甲库,,李,2,锥桶,5,个,108.35,30.80
B,乙库,,王,3,火箭,1,枚,108.35,30.80
C,丙库,,王,3,水泵,,台,108.35,30.80
D,丁库,,王,3,水泵,2,吨,108.35,30.80
E,戊库,,王,3,水泵,-2,台,108.35,30.80
F,己库,,王,3,水泵,2,台,30.80,108.35
"""
    told = bring(HEAD + rows)
    for line, words in ((3, "already"), (4, "another name"), (5, "火箭"), (6, "go together"),
                        (7, "counted in 台"), (8, "-2"), (9, "")):  # fmt: skip
        assert re.search(rf"line {line}: .*{words}", told), (line, told)
    with pytest.raises(Rejected, match="which store"):
        bring("物资,数量,经度,纬度\n沙袋,1,108.35,30.80\n")


def test_a_city_replaces_the_cards_by_its_own_file_and_every_edition_stays(
    yitong, street, sessions, tmp_path, owner
):
    own = tmp_path / "own.yaml"
    said = yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))
    said["name"]["zh"] = "万州区处置卡"
    said["cards"] = [c for c in said["cards"] if c["code"] in {"bridge_scour", "bridge_damage"}]
    said["cards"][0]["steps"][0]["zh"] = "本市规定：先鸣笛再封桥"
    own.write_text(yaml.safe_dump(said, allow_unicode=True, sort_keys=False), encoding="utf-8")
    dry, code = yitong(measures, "import", own)
    assert (code, "0 new, 1 changed, 20 gone, 1 the same" in dry) == (0, True), dry
    bridge = labelled(street.sign_in("street"))
    assert "先鸣笛" not in see(street, bridge, "patrol")
    assert "Edition 2 is in force" in yitong(measures, "import", own, "--apply")[0]
    page = see(street, bridge, "patrol")
    assert "先鸣笛再封桥" in page
    assert "汛前准备" not in page
    assert "Edition 2 is in force" in yitong(measures, "import", own, "--apply")[0]
    with unit_of_work(sessions, SYSTEM) as session:
        newer = tmp_path / "cards.yaml"
        newer.write_text(SHIPPED.read_text(encoding="utf-8") + "# newer\n", encoding="utf-8")
        service.load(session, newer, now=NOW)
    assert "先鸣笛再封桥" in see(street, bridge, "patrol")
    listed = yitong(measures, "history")[0].splitlines()
    assert [line[:2] for line in listed] == ["3 ", "2*", "1 "]
    assert "yitong: 万州区处置卡" in listed[1]
    yitong(measures, "export", tmp_path / "first.yaml", "--edition", "1")
    assert (tmp_path / "first.yaml").read_text() == SHIPPED.read_text()
    assert (
        owner.scalar(text("select count(*) from audit_entry where act = 'measures.imported'")) == 1
    )


UNKNOWN = (
    ("hazard: scour", "hazard: scoure", "Nobody knows scoure"),
    ("assets: [tunnel]", "assets: [tunel]", "Nobody knows tunel"),
    ("who: police", "who: polizei", "Nobody knows polizei"),
    ("{pump: 2, sandbag: 200, cone: 20", "{pomp: 2, cone: 20", "Nobody knows pomp"),
    ("- code: road_slide", "- code: drain_open", "drain_open stands here a second time"),
)
UNFIT = (
    ("modes: [urgent, war]", "modes: [panic]", "does not fit"),
    ("hazard: fire\n", "hazard: fire\n    colour: red\n", "colour here. Correct the word"),
    ("day: 2026-11-24\n", "", "day is missing"),
)
BROKEN = (("cards:\n", "cards: [\n", "no YAML"),)


def test_every_slip_in_a_file_is_told_with_its_line(yitong, street, tmp_path, owner):
    file = tmp_path / "cards.yaml"
    for slips in (UNKNOWN, UNFIT, BROKEN):
        spoilt = SHIPPED.read_text(encoding="utf-8")
        for before, after, _ in slips:
            assert before in spoilt
            spoilt = spoilt.replace(before, after, 1)
        file.write_text(spoilt, encoding="utf-8")
        told, code = yitong(measures, "import", file, "--apply")
        assert code == 1
        for _, after, words in slips:
            assert words in told, told
            said = after.strip().split("\n")[-1]
            if said and slips is not BROKEN:
                lines = [n for n, line in enumerate(spoilt.splitlines(), 1) if said in line]
                assert any(f"line {line}:" in told for line in lines), (said, told)
    assert owner.scalar(text("select count(*) from measure_edition")) == 1
