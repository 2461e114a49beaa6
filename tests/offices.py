"""Ledgers as offices keep them, written by other programs: openpyxl, GDAL."""

import struct
import zipfile
from pathlib import Path

import geopandas as gpd
import openpyxl
from shapely import Point

from gis import crs

HEADINGS = (
    "序号", "统一编号", "灾害点名称", "灾害类型", "地理位置", "经度", "纬度", "险情等级",
    "威胁户数(户)", "威胁人数(人)", "威胁财产(元)", "防灾责任人", "联系电话",
)  # fmt: skip
KINDS = ("土质滑坡", "危岩带", "泥石流", "滑坡")
EAST, NORTH = 108.35, 30.80
CGCS2000_3_DEGREES = "EPSG:4545"


def workbook(path: Path, rows: int = 12, *, first: str = "") -> Path:
    """An Excel ledger: merged titles above, units in the headings, degrees and minutes."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "隐患点台账"
    sheet["A1"] = "万州区地质灾害隐患点台账"
    sheet.merge_cells("A1:M1")
    sheet["A2"] = "填报单位:高笋塘街道     2026年5月"
    sheet.merge_cells("A2:M2")
    sheet.append(HEADINGS)
    for n in range(rows):
        sheet.append([
            n + 1, f"500101{n + 1:06d}", first if first and not n else f"大石坡{n + 1}号滑坡",
            KINDS[n % 4], "新城路 8 号", f"108°21′{n % 40}″", f"30度48分{n % 40}秒",
            "Ⅳ级", n + 2, "1,200" if n == 1 else (n + 1) * 3, 350000, "周敏", "02358000000",
        ])  # fmt: skip
    sheet.append([None, None, "合计", None, None, None, None, None, 99, 999, None, None, None])
    book.create_sheet("填表说明")["A1"] = "说明"
    book.save(path)
    return path


def workbook_with_two_rows_of_headings(path: Path, rows: int = 3) -> Path:
    """A ledger as an office prints it: a title, then 威胁对象 above three columns."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["万州区地质灾害隐患点一览表"])
    sheet.append(["编号", "名称", "灾种", "位置", None, "威胁对象", None, None, "防灾责任人"])
    sheet.append([None, None, None, "东经", "北纬", "户数", "人数", "财产(万元)", None])
    for n in range(rows):
        sheet.append([f"D{n}", f"坡{n}", "滑坡", EAST, NORTH, n + 1, 4 * n + 3, 12.5, "周敏"])
    for block in ("A1:I1", "A2:A3", "B2:B3", "C2:C3", "D2:E2", "F2:H2", "I2:I3"):
        sheet.merge_cells(block)
    book.save(path)
    return path


def phone_track(path: Path) -> Path:
    """Placemarks as a phone's map program saves them: heights, styles, a folder, little else."""
    marks = "".join(
        f"<Placemark><name>{name}</name><description>裂缝 {n} 处</description>"
        f"<Point><coordinates>{EAST + n / 1000},{NORTH},215.4</coordinates></Point></Placemark>"
        for n, name in enumerate(("屋后裂缝", "挡墙鼓胀"))
    )
    path.write_text(
        '<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2">'
        f'<Document><Style id="r"/><Folder><name>我的收藏</name>{marks}</Folder></Document></kml>'
    )
    return path


def shapefile(path: Path, rows: int = 8, *, system: str = CGCS2000_3_DEGREES) -> Path:
    """A zipped Shapefile in GBK, in a 3-degree zone, without .prj and .cpg."""
    lon = [EAST + n / 2000 for n in range(rows)]
    lat = [NORTH + n / 3000 for n in range(rows)]
    x, y = crs.from_wgs84(lon, lat, crs=system)
    frame = gpd.GeoDataFrame(
        {
            "编号": [f"SHP{n:04d}" for n in range(rows)],
            "名称": [f"太白岩{n}号危岩" for n in range(rows)],
            "灾种": [KINDS[n % 4] for n in range(rows)],
            "威胁人数": [n * 40 for n in range(rows)],
            "规模": ["小型" if n % 2 else "中型" for n in range(rows)],
            "监测方式": ["群测群防" for n in range(rows)],
            "两卡": ["是" if n % 2 else "否" for n in range(rows)],
        },
        geometry=[Point(a, b) for a, b in zip(x, y, strict=True)],
        crs=system,
    )
    folder = path.parent / "shp"
    folder.mkdir(exist_ok=True)
    frame.to_file(folder / "隐患点.shp", encoding="GBK", engine="pyogrio")
    with zipfile.ZipFile(path, "w") as packed:
        for suffix in (".shp", ".shx", ".dbf"):
            packed.write(folder / f"隐患点{suffix}", f"隐患点{suffix}")
    return path


def locked_zip(path: Path) -> Path:
    """A zip whose entry says that it is encrypted."""
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("points.csv", "编号,名称\n1,a\n")
    data = bytearray(path.read_bytes())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.index(mark) + at
        data[place : place + 2] = struct.pack("<H", 1)
    path.write_bytes(bytes(data))
    return path
