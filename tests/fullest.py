"""An asset about which everything is known that our limits allow: the fullest page of a scan."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import yaml
from shapely import LineString, Point
from sqlalchemy import update

from gis.authority import Actor, Role
from gis.store.base import new_id
from gis.store.engine import Sessions, unit_of_work
from gis.store.scope import NO_ONE, SYSTEM
from hazards.checklists.models import ChecklistItem, ChecklistTemplate
from hazards.duty.models import Unit
from qr_codes.assets.models import Asset, AssetLink, AssetRelation
from qr_codes.findings.models import Finding
from qr_codes.measures import files, service
from qr_codes.stores.models import MaterialStore
from qr_codes.traffic import rules
from rescue_app.settings import PROJECT
from tests.patrols import NOW, Labelled, labelled
from tests.rounds import Street
from tests.world import GAOSUNTANG, WANZHOU

CARDS = PROJECT / "data/measures/cards.yaml"
ITEMS, FINDINGS, LINKED, CARDS_MORE, CENTRES = 80, 50, 40, 20, 6
BY = Actor(NO_ONE, "满", Role.SYSTEM, "/")
PHONE = "023-5822000012345678-9"


def words(length: int) -> str:
    """Give text that a browser cannot shorten, three bytes a sign."""
    return "满" * length


@dataclass(frozen=True)
class Fullest:
    """Fills an asset's page part by part."""

    street: Street
    sessions: Sessions

    def bridge(self) -> Labelled:
        """Register the asset with the longest words, and all around it."""
        bridge = labelled(
            self.street.sign_in("street"), name=words(120), owner_unit=words(500),
            owner_phone=PHONE,
        )  # fmt: skip
        self.lead_traffic(bridge)
        with unit_of_work(self.sessions, SYSTEM) as session:
            kept = session.get_one(Asset, bridge.asset["id"])
            for part in (self.find, self.link):
                part(session, kept)
            self.ask(session)
            self.rule(session)
        return bridge

    def lead_traffic(self, bridge: Labelled) -> None:
        """Lay down the longest plan."""
        places = [(108.34 + n / 20_000, 30.8 + (n * 37 % 101) / 10_000) for n in range(500)]
        stops = [f"{108.34 + n / 1000} 30.80 {words(60)}" for n in range(rules.MOST_STOPS)]
        form = {"id": str(uuid4()), "version": "0", "stops": "\n".join(stops),
                "detour": "\n".join(f"{x:.6f} {y:.6f}" for x, y in places),
                "words": words(500), "closer": words(60), "closer_phone": PHONE}  # fmt: skip
        path = f"/assets/{bridge.asset['id']}/traffic"
        client = self.street.sign_in("planner")
        assert client.post(path, data=form, headers={"accept": "text/html"}).status_code == 303

    def close(self, bridge: Labelled) -> None:
        """Close it for the longest reason."""
        form = {"id": str(uuid4()), "reason": words(500)}
        path = f"/assets/{bridge.asset['id']}/closures"
        client = self.street.sign_in("patrol")
        assert client.post(path, data=form, headers={"accept": "text/html"}).status_code == 303

    def go_to_war(self) -> None:
        """Let the district be in the gravest mode."""
        body = {"id": str(uuid4()), "area_path": WANZHOU, "mode": "war", "reason": "特大暴雨"}
        assert self.street.sign_in("wanzhou").post("/api/v1/modes", json=body).status_code == 201

    def warn(self) -> None:
        """Let two warnings hold here that say as much as one may, and two more."""
        said = {"headline_zh": words(60), "headline_en": "word " * 24, "area_paths": [WANZHOU],
                "instruction_zh": words(500), "instruction_en": "word " * 200}  # fmt: skip
        until = (datetime.now(UTC) + timedelta(hours=6)).isoformat()
        for _ in range(4):
            body = {"id": str(uuid4()), "colour": "red", "hazard_type": "landslide"} | said
            made = self.street.sign_in("planner").post(
                "/api/v1/alerts", json=body | {"expires_at": until}
            )
            issue = f"/api/v1/alerts/{made.json()['id']}/issue"
            assert self.street.sign_in("wanzhou").post(issue).status_code == 201

    def ask(self, session) -> None:
        """Ask lists as long as a city may write them, in every mode."""
        asked = ChecklistTemplate.applies_to.contains(["asset:bridge"])
        for held in session.query(ChecklistTemplate).filter(asked, ~ChecklistTemplate.retired):
            session.add_all(
                ChecklistItem(
                    template_code=held.code, version=held.version, code=f"more_{number}",
                    position=100 + number, question=f"more_{number}", kind="yes_no",
                    text_zh=words(60), text_en="word " * 30, grade=3, stop=False, bad_answer=True,
                    choices=[], unit="",
                )
                for number in range(ITEMS)
            )  # fmt: skip

    def find(self, session, asset) -> None:
        """Let it have more open findings than a page lists."""
        for number in range(FINDINGS):
            session.add(Finding(
                id=new_id(), asset_id=asset.id, area_path=asset.area_path, template_code="t",
                item_code=f"i{number}", text_zh=words(100), text_en="word " * 40, answer="",
                note="", grade=1, stop=True, state="finished", found_by=NO_ONE,
                found_by_name="满", found_at=NOW, seen_at=NOW, synthetic=True,
            ))  # fmt: skip
        session.flush()
        session.execute(update(Asset).where(Asset.id == asset.id).values(worst_open_grade=1))

    def link(self, session, asset) -> None:
        """Link it with many, each with a keeper, on roads that all stand on the small map."""
        relation = session.query(AssetRelation).first().code
        columns = [c.key for c in Asset.__table__.columns if c.key not in {"number", "created_at"}]
        for number in range(LINKED):
            line = [(108.34 + n / 9000, 30.79 + number / 2000 + n % 7 / 5000) for n in range(200)]
            said = {name: getattr(asset, name) for name in columns}
            said |= {"id": new_id(), "place": LineString(line), "worst_open_grade": 1}
            said["source_id"] = f"full {number}"
            other = Asset(**said)
            session.add(other)
            session.flush()  # the link needs its row
            session.add(AssetLink(from_id=asset.id, relation=relation, to_id=other.id,
                                  area_path=asset.area_path, made_at=NOW,
                                  made_by_name="满"))  # fmt: skip

    def rule(self, session) -> None:
        """Write the longest cards, a store for each material, and many centres to call."""
        book = yaml.safe_load(CARDS.read_text(encoding="utf-8"))
        step = {"who": "anyone", "zh": words(300), "en": "w" * 300, "follows": ["practice"]}
        for number in range(CARDS_MORE):
            name = {"zh": f"{words(20)}{number}", "en": f"card {number}"}
            card = {"code": f"full_{number}", "assets": ["bridge"], "name": name,
                    "hazard": book["hazards"][0]["code"], "modes": ["urgent", "war"],
                    "steps": [step] * 12,
                    "materials": {one["code"]: 10 for one in book["materials"]}}  # fmt: skip
            book["cards"].append(card)
        found = service.compare(session, yaml.safe_dump(book, allow_unicode=True))
        assert found.book is not None, found.slips
        service.publish(session, found, yaml.safe_dump(book), by=BY, now=NOW)
        assert isinstance(found.book, files.Book)
        for number, one in enumerate(book["materials"]):
            session.add(MaterialStore(
                source="t", source_id=str(number), name=words(120), address=words(120),
                keeper=words(120), keeper_phone=PHONE, place=Point(108.35 + number / 1000, 30.8),
                area_path=GAOSUNTANG, stock={one["code"]: 123456}, synthetic=True,
                changed_at=NOW, changed_by_name="",
            ))  # fmt: skip
        for number in range(CENTRES):
            session.add(Unit(name=f"{words(100)}{number}", name_en="c", kind="centre",
                             level="street", area_path=GAOSUNTANG,
                             phone=f"023-{number}"))  # fmt: skip
