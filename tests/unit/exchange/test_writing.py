"""Texts that a file's own language would read otherwise leave and come back as they are."""

import pyarrow as pa
import pytest

from gis import crs, exchange
from gis.exchange.writing import kml, sheets
from gis.exchange.writing.slices import Slices

UGLY = ["a&b<c>", "=1+1", "_x0041_x0042_", "x\x01y", "两行\n第二", "😀曌䶮", None, '"; DROP']
SEEN = ["a&b<c>", "=1+1", "_x0041_x0042_", "x y", "两行\n第二", "😀曌䶮", "", '"; DROP']


def slices() -> Slices:
    count = len(UGLY)
    batch = pa.record_batch(
        {
            "name": pa.array(UGLY, pa.string()),
            "longitude": pa.array([108.3512345678901] * count),
            "latitude": pa.array([30.8] * count),
        }
    )
    return Slices(batch.schema, iter([batch.slice(0, 3), batch.slice(3)]), crs.WGS84)


@pytest.mark.parametrize(("write", "name"), [(sheets.workbook, "x.xlsx"), (kml.document, "x.kml")])
def test_ugly_texts_come_back_as_they_are_and_what_cannot_be_written_is_a_space(
    tmp_path, write, name
):
    write(slices(), tmp_path / name)
    frame = exchange.read(tmp_path / name).frame
    column = "name" if "name" in frame else "Name"
    assert [text or "" for text in frame[column].fillna("")] == SEEN
