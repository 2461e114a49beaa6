"""A zip from outside can neither climb out of its folder nor fill the disk."""

import zipfile

import pytest

from gis import exchange
from gis.errors import Rejected
from gis.exchange import archive


@pytest.fixture
def zipped(tmp_path):
    def make(**members):
        path = tmp_path / "sent.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
            for name, data in members.items():
                packed.writestr(name, data)
        return path

    return make


@pytest.mark.parametrize("name", ["../../etc/x.csv", "/etc/x.csv", "..\\x.csv", "C:\\x.csv"])
def test_a_name_that_points_outside_is_refused(zipped, name):
    with pytest.raises(Rejected, match="outside the archive"):
        exchange.read(zipped(**{name: "a,b\n1,2\n"}))


def test_a_link_is_refused(tmp_path):
    entry = zipfile.ZipInfo("x.csv")
    entry.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "link.zip", "w") as packed:
        packed.writestr(entry, "/etc/passwd")
    with pytest.raises(Rejected, match="outside the archive"):
        exchange.read(tmp_path / "link.zip")


def test_a_bomb_is_refused_before_it_is_unpacked(zipped):
    path = zipped(**{"x.csv": b"0" * (archive.RATIO_FREE_BYTES + 1)})
    with pytest.raises(Rejected, match="a trap, not data"):
        exchange.read(path)


def test_a_bomb_that_lies_about_its_size_is_stopped_as_it_grows(zipped, monkeypatch):
    path = zipped(**{"x.csv": b"a,b\n" * 1_000})
    data = bytearray(path.read_bytes())
    real = (4_000).to_bytes(4, "little")
    path.write_bytes(data.replace(real, (40).to_bytes(4, "little")))
    with pytest.raises(Rejected):
        exchange.read(path)
    monkeypatch.setattr(archive, "MAX_BYTES", 100)
    with pytest.raises(Rejected, match="more than we open"):
        exchange.read(zipped(**{"x.csv": b"a,b\n" * 1_000}))


def test_too_many_files_are_refused(zipped, monkeypatch):
    monkeypatch.setattr(archive, "MAX_ENTRIES", 2)
    with pytest.raises(Rejected, match="3 files"):
        exchange.read(zipped(**{"a.csv": "", "b.csv": "", "c.csv": ""}))


def test_the_same_name_twice_is_refused(zipped):
    with pytest.raises(Rejected, match="twice"):
        exchange.read(zipped(**{"one/x.csv": "a\n1\n", "two/x.csv": "a\n2\n"}))


def test_a_zip_of_nothing_we_read(zipped):
    with pytest.raises(Rejected, match="no file that we read"):
        exchange.read(zipped(**{"run.exe": "MZ"}))


def test_a_workbook_is_an_archive_too(tmp_path, monkeypatch):
    path = tmp_path / "x.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * (archive.RATIO_FREE_BYTES + 1))
    with pytest.raises(Rejected, match="trap"):
        exchange.read(path)
