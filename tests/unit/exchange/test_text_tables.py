"""A ledger sent as CSV comes in whole, whatever program wrote it."""

import pytest

from gis import exchange
from gis.errors import Missing, Rejected


def write(folder, text, encoding="utf-8", name="点位.csv"):
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_a_chinese_ledger_reads_the_same_in_every_usual_encoding(tmp_path, encoding):
    path = write(tmp_path, "编号,名称,人数\n0012,李家湾滑坡,35\n0013,望江石危岩,\n", encoding)
    table = exchange.read(path)
    assert table.columns == ("编号", "名称", "人数")
    assert table.frame["编号"].tolist() == ["0012", "0013"]
    assert table.frame["人数"].isna().tolist() == [False, True]
    assert table.lines.tolist() == [2, 3]


def test_what_is_neither_utf8_nor_chinese_is_asked_about(tmp_path):
    path = write(tmp_path, "name,kind\nGlissement de l'Étang près de Mâcon,é\n", "latin-1")
    with pytest.raises(Rejected, match="Name its encoding"):
        exchange.read(path)
    assert exchange.read(path, encoding="latin-1").frame["name"][0].endswith("Mâcon")


def test_a_wrongly_named_encoding_says_where_it_breaks(tmp_path):
    path = write(tmp_path, "名称\n滑坡\n", "gbk")
    with pytest.raises(Rejected, match="byte 1"):
        exchange.read(path, encoding="utf-8")
    with pytest.raises(Rejected, match="no encoding called klingon"):
        exchange.read(path, encoding="klingon")


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_found(tmp_path, separator):
    path = write(tmp_path, separator.join("abc") + "\n" + separator.join("123") + "\n")
    assert exchange.read(path).frame.iloc[0].tolist() == ["1", "2", "3"]


def test_titles_above_the_heading_are_passed_over_and_lines_still_count(tmp_path):
    path = write(tmp_path, "万州区隐患点台账,,\n编号,名称,地址\n1,甲,乙\n")
    table = exchange.read(path)
    assert table.columns == ("编号", "名称", "地址")
    assert table.lines.tolist() == [3]


def test_line_breaks_in_quotes_and_blank_lines_do_not_shift_the_line_numbers(tmp_path):
    path = write(tmp_path, 'a,b\n1,"two\nlines"\n\n,\n2,x\n')
    table = exchange.read(path)
    assert table.frame["a"].tolist() == ["1", "2"]
    assert table.lines.tolist() == [2, 6]


def test_windows_line_ends_and_no_end_at_all(tmp_path):
    table = exchange.read(write(tmp_path, "a,b\r\n1,2\r\n3,4"))
    assert table.frame["b"].tolist() == ["2", "4"]
    assert table.lines.tolist() == [2, 3]


def test_a_ragged_row_is_refused_by_line_and_the_others_are_kept(tmp_path):
    table = exchange.read(write(tmp_path, "a,b,c\n1,2,3\n4,5\n6,7,8,9\n1,1,1,,\n"))
    assert table.lines.tolist() == [2, 5]
    assert [refused.line for refused in table.refused] == [3, 4]
    assert "2 columns, the heading has 3" in str(table.refused[0].reason)


def test_an_open_quote_is_named_by_its_line(tmp_path):
    table = exchange.read(write(tmp_path, 'a,b\n1,"x\n2,y\n'))
    assert [refused.line for refused in table.refused] == [2]
    assert len(table) == 0


def test_columns_without_or_with_the_same_name_can_be_told_apart(tmp_path):
    table = exchange.read(write(tmp_path, "名称,名称,\n1,2,3\n"))
    assert table.columns == ("名称", "名称#2", "#3")


@pytest.mark.parametrize("text", ["", "\n\n", "\ufeff"])
def test_an_empty_file_is_refused(tmp_path, text):
    with pytest.raises(Rejected, match="empty"):
        exchange.read(write(tmp_path, text))


def test_a_heading_without_rows_is_an_empty_table(tmp_path):
    assert len(exchange.read(write(tmp_path, "a,b\n"))) == 0


def test_other_files_are_refused_with_the_list_of_kinds(tmp_path):
    with pytest.raises(Rejected, match=r"\.gpkg"):
        exchange.read(write(tmp_path, "x", name="台账.pdf"))
    with pytest.raises(Missing):
        exchange.read(tmp_path / "no.csv")
