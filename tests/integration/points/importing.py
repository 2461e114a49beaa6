"""Files as offices have them, brought in through the same verb as the command line's."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from gis import exchange
from gis.authority import Actor, Role
from gis.exchange.importing import leftover, mapping
from gis.exchange.importing.report import Report
from gis.store.base import new_id
from gis.store.engine import Sessions, unit_of_work
from gis.store.scope import SYSTEM, Scope
from hazards.points.importing import ledger

PROGRAM = Actor(id=new_id(), name="program", role=Role.SYSTEM, area_path="/")
NOW = datetime(2026, 6, 1, 4, tzinfo=UTC)

HEADING = "编号,名称,类别,灾种,经度,纬度,威胁人数,财产"
MAPPING: dict[str, Any] = {
    "source": "wanzhou",
    "crs": "EPSG:4326",
    "longitude": "经度",
    "latitude": "纬度",
    "fields": {
        "number": "编号",
        "name": "名称",
        "category": "类别",
        "evidence": {"value": "historical"},
        "hazard_type": {"column": "灾种", "values": {"土质滑坡": "landslide"}},
        "threatened_persons": "威胁人数",
        "threatened_property_10k_yuan": {"column": "财产", "factor": 0.0001},
    },
}


def row(number: str = "W1", **more: str) -> str:
    """One line of the file; `row(人数="5")` changes a cell."""
    cells = {
        "编号": number,
        "名称": f"滑坡{number}",
        "类别": "隐患点",
        "灾种": "滑坡",
        "经度": "108.35",
        "纬度": "30.80",
        "威胁人数": "120",
        "财产": "",
    } | more
    return ",".join(f'"{cell}"' if "," in cell else cell for cell in cells.values())


@dataclass
class Office:
    """Somebody with files."""

    sessions: Sessions
    folder: Path
    by: Actor = PROGRAM
    mapping: dict[str, Any] = field(default_factory=lambda: dict(MAPPING))

    def save(self, *rows: str, name: str = "台账.csv", encoding: str = "utf-8") -> Path:
        path = self.folder / name
        path.write_bytes("\n".join([HEADING, *rows, ""]).encode(encoding))
        return path

    def bring(self, path: Path, *, apply: bool = True, **changes: Any) -> Report:
        said = self.folder / "mapping.yaml"
        said.write_text(yaml.safe_dump(self.mapping | changes, allow_unicode=True))
        how = mapping.load(said)
        table = exchange.read(path, layer=how.layer)
        scope = SYSTEM if self.by.role is Role.SYSTEM else Scope.of(self.by)
        with unit_of_work(self.sessions, scope) as session:
            report = ledger.bring_in(
                session, table=table, mapping=how, by=self.by, now=NOW, apply=apply
            )
        leftover.write(self.folder / "refused.csv", table, report)
        return report

    def rows(self, *rows: str, apply: bool = True, **changes: Any) -> Report:
        return self.bring(self.save(*rows), apply=apply, **changes)


def told(report: Report) -> tuple[int, int, int, int]:
    return report.new, report.changed, report.same, report.refused


def why(report: Report) -> list[tuple[int, str | None, str]]:
    return [(r.line, r.column, str(r.reason)) for r in report.refusals]
