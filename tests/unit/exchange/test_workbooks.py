"""A workbook is read as its reader sees it: titles skipped, merged cells meant for every row."""

import datetime as dt

import openpyxl
import pytest

from gis import exchange
from gis.errors import Rejected


@pytest.fixture
def book(tmp_path):
    def make(rows, merged=(), title="台账"):
        workbook = openpyxl.Workbook()
        sheet = workbook.active
        sheet.title = title
        for row in rows:
            sheet.append(row)
        for block in merged:
            sheet.merge_cells(block)
        path = tmp_path / "台账.xlsx"
        workbook.save(path)
        return path

    return make


def test_numbers_and_dates_become_the_text_a_person_reads(book):
    path = book(
        [
            ["编号", "人数", "经度", "发现日期", "已核"],
            [12, 35.0, 108.123456, dt.datetime(2024, 7, 1), True],  # noqa: DTZ001 - a sheet has no zone
            ["0013", None, "108.2", dt.datetime(2024, 7, 1, 8, 30), False],  # noqa: DTZ001 - as above
        ]
    )
    table = exchange.read(path)
    assert table.frame.iloc[0].tolist() == ["12", "35", "108.123456", "2024-07-01", "true"]
    assert table.frame["发现日期"][1] == "2024-07-01 08:30:00"
    assert table.frame["人数"].isna().tolist() == [False, True]
    assert (table.unit, table.layer, table.lines.tolist()) == ("row", "台账", [2, 3])


def test_titles_and_merged_districts(book):
    rows = [
        ["重庆市地质灾害隐患点台账"],
        [],
        ["区县", "名称"],
        ["万州区", "甲"],
        [None, "乙"],
        [None, None],
        ["云阳县", "丙"],
    ]
    table = exchange.read(book(rows, merged=["A1:B1", "A4:A5"]))
    assert table.frame["区县"].tolist() == ["万州区", "万州区", "云阳县"]
    assert table.lines.tolist() == [4, 5, 7]
    assert "row 3" in str(table.notes[0])


def test_a_sheet_is_chosen_by_name(book):
    path = book([["a", "b"], [1, 2]], title="一")
    assert exchange.read(path, layer="一").frame["a"].tolist() == ["1"]
    with pytest.raises(Rejected, match=r"no sheet 二\. It has: 一"):
        exchange.read(path, layer="二")


def test_a_stray_cell_in_the_last_corner_does_not_kill_the_process(tmp_path):
    workbook = openpyxl.Workbook()
    workbook.active["A1"] = "名称"
    workbook.active["XFD1048576"] = "."
    workbook.save(tmp_path / "far.xlsx")
    with pytest.raises(Rejected, match="row 1048576, column 16384"):
        exchange.read(tmp_path / "far.xlsx")


def test_an_empty_sheet_and_a_damaged_file(book, tmp_path):
    with pytest.raises(Rejected, match="empty"):
        exchange.read(book([]))
    (tmp_path / "x.xlsx").write_bytes(b"PK\x03\x04 not really")
    with pytest.raises(Rejected, match="damaged"):
        exchange.read(tmp_path / "x.xlsx")
    (tmp_path / "x.xls").write_bytes(b"nothing of the kind")
    with pytest.raises(Rejected, match="damaged"):
        exchange.read(tmp_path / "x.xls")
