"""Lists of assets as offices keep them, SYNTHETIC: nothing here is a real drain or bridge."""

from pathlib import Path

DRAIN_HEADINGS = "编号,坐标,权属单位,养护单位,建设年份,类型,井深(cm),管径(mm),排入,所属街道"
YEARS = range(2017, 2026)
BRIDGE_HEADINGS = (
    "桥梁编号,桥梁名称,经度,纬度,管养单位,养护等级,建成年份,结构形式,桥梁全长(m),跨数,"
    + ",".join(f"{year}年评级" for year in YEARS)
)


def drain(n: int, *, east: float = 0.0, north: float = 0.0, street: str = "高笋塘街道") -> str:
    """Give one made-up inlet; they stand in rows of 140, some 70 m apart."""
    lon, lat = 108.302 + n % 140 * 0.0007 + east, 30.702 + n // 140 * 0.0019 + north
    year, form = "不详" if n % 7 == 0 else 1990 + n % 30, ("雨水箅", "雨水井", "偏沟式")[n % 3]
    place = f"{lat:.6f}，{lon:.6f}"
    return f"演示Y{n:05d},{place},演示市政,演示三所,{year},{form},{90 + n % 80},300,长江,{street}"


def drains(path: Path, count: int, *more: str, **changes: float) -> Path:
    """Write an inventory in GBK, both numbers in one cell, latitude first, as many offices do."""
    rows = [drain(n, **changes) for n in range(count)]  # type: ignore[arg-type]  # numbers alone
    path.write_bytes("\r\n".join([DRAIN_HEADINGS, *rows, *more, ""]).encode("gbk"))
    return path


def bridges(path: Path, count: int = 3, *, last: str = "D") -> Path:
    """Write a bridge list with nine yearly ratings, places in degrees, minutes and seconds."""
    marks = ["A", "A", "B", "B", "", "C", "C", "C", last]
    kinds = ("预应力混凝土连续梁桥", "石拱桥", "连续刚构桥")
    rows = [
        f"演示Q{n},演示桥{n},108°21′{n}″,30°48′{n}″,演示桥梁所,II等,{1990 + n},{kinds[n % 3]},"
        f"{120.5 + n},{3 + n},{','.join(marks)}"
        for n in range(count)
    ]
    path.write_bytes("\n".join([BRIDGE_HEADINGS, *rows, ""]).encode("gb18030"))
    return path
