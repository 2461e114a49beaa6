"""`yitong areas` as it is typed."""

import geopandas as gpd
import pytest
from shapely import Polygon, box
from typer.testing import CliRunner

from gis.areas import repository as areas
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from rescue_app.commands.areas import app


@pytest.fixture
def typed(database, monkeypatch, tmp_path):
    monkeypatch.setenv("DATABASE_URL", database.owner)
    monkeypatch.setenv("YITONG_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "200")

    def call(*words):
        done = CliRunner().invoke(app, list(words), catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.output

    return call


def test_the_citys_areas_are_loaded_once(typed, sessions):
    said = typed("load")
    assert "2,139" in said
    assert "847 approximate, 184 none" in said
    with unit_of_work(sessions, SYSTEM) as session:
        assert areas.by_path(session, "/500000/500101/").name == "万州区"
    assert "same" in typed("load")


def test_a_file_is_told_feature_by_feature_and_written_only_with_apply(
    typed, sessions, world, tmp_path
):
    frame = gpd.GeoDataFrame(
        {"MC": ["新田镇", "坏"], "DM": ["500101130", "500101131"], "SJ": ["万州区", "万州区"]},
        geometry=[
            box(108.1, 30.5, 108.2, 30.6),
            Polygon([(108.1, 30.5), (108.2, 30.6), (108.2, 30.5), (108.1, 30.6)]),
        ],
        crs=4326,
    )
    frame.to_file(tmp_path / "街镇.shp", encoding="GBK")
    (tmp_path / "街镇.cpg").unlink()
    words = ("import", str(tmp_path / "街镇.shp"), "--name-column", "MC", "--code-column", "DM",
             "--parent-column", "SJ", "--valid-from", "2024-01-01")  # fmt: skip
    said = typed(*words)
    assert "1 refused, 1 added" in said or "1 added, 1 refused" in said
    assert "图形自相交" in said
    assert "crosses itself" in said
    assert "Add --apply" in said

    def there():
        with unit_of_work(sessions, SYSTEM) as session:
            return [area.path for area in areas.by_name(session, "新田镇")]

    assert there() == []
    assert "Imported: " in typed(*words, "--apply")
    assert there() == ["/500000/500101/500101130/"]
