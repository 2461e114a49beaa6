"""A warning of ours as a CAP message: both languages, exact area, what it takes the place of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shapely import MultiPolygon

from gis.geometry import polygons
from hazards.alerts.rules import Colour, Source
from hazards.cap import rules
from hazards.cap.message import Area, Info, Message, Named
from hazards.cap.rules import GRADES, Kind, Sender, Sent, clean
from hazards.points.models import HazardType

LANGUAGES = {"zh": "zh-CN", "en": "en-US"}
COARSE_DEG = 0.0005
"""Outlines of whole areas are drawn to fifty metres, as on the map; their codes say it exactly."""
DISTRICT_DIGITS = 6
Kinds = Mapping[str, HazardType]


@dataclass(frozen=True, slots=True)
class Notice:
    """A message of ours with the warning that it tells of, and the messages before it."""

    sent: Sent
    told: Any
    """The warning: its row, or what everyone may read of it."""
    earlier: Sequence[Sent] = ()
    is_draft: bool = False


def message(notice: Notice, *, kinds: Kinds, sender: Sender) -> Message:
    """Write a warning as a message."""
    told, sent = notice.told, notice.sent
    kind: Kind = "Cancel" if sent.cancels else "Update" if notice.earlier else "Alert"
    return Message(
        identifier=sender.identifier(sent),
        sender=sender.address,
        sent=sent.sent_at,
        status=rules.status(
            is_drill=told.is_drill, synthetic=told.synthetic, is_draft=notice.is_draft
        ),
        kind=kind,
        source=clean(told.source_ref or "") if told.source == Source.OUTSIDE else None,
        scope="Public",
        note=clean(told.ended_why if sent.cancels else told.why) or None,
        references=" ".join(sender.reference(one) for one in notice.earlier) or None,
        infos=tuple(_info(notice, kinds, sender, locale) for locale in LANGUAGES),
    )


def xml(said: Message) -> bytes:
    """Write a message out."""
    done = said.to_xml(skip_empty=True, encoding="utf-8", xml_declaration=True)
    return done if isinstance(done, bytes) else done.encode()


def _info(notice: Notice, kinds: Kinds, sender: Sender, locale: str) -> Info:
    told, sent = notice.told, notice.sent
    kind, grade = kinds[told.hazard_type], GRADES[Colour(told.colour)]
    return Info(
        language=LANGUAGES[locale],
        categories=(rules.CATEGORIES.get(kind.family, "Other"),),
        event=clean(getattr(kind, f"name_{locale}")),
        responses=("AllClear" if sent.cancels else grade.response,),
        urgency=rules.urgency(
            onset_at=told.onset_at, sent_at=sent.sent_at, cancels=sent.cancels
        ),
        severity=grade.severity,
        certainty=grade.certainty,
        event_codes=(Named(name="yitong:hazard", value=told.hazard_type),),
        effective=sent.sent_at,
        onset=told.onset_at,
        expires=told.expires_at,
        sender_name=clean(getattr(told, f"issuer_{locale}")) or None,
        headline=clean(getattr(told, f"headline_{locale}")),
        description=clean(told.why) or None,
        instruction=None if sent.cancels else clean(getattr(told, f"instruction_{locale}")),
        web=f"{sender.home}/warnings#w-{sent.alert_id}" if sender.home else None,
        parameters=(Named(name="yitong:colour", value=told.colour),),
        areas=(_area(told, locale),),
    )  # fmt: skip


def _area(told: Any, locale: str) -> Area:
    codes = [path.rstrip("/").split("/")[-1] for path in told.area_paths]
    return Area(
        described=clean(getattr(told, f"where_{locale}")),
        polygons=tuple(ring(part) for part in polygons(_outline(told))),
        codes=tuple(Named(name=code_name(code), value=code) for code in codes),
    )


def _outline(told: Any) -> MultiPolygon:
    """Give all of where it holds; what was drawn by hand alone keeps every corner."""
    if told.extent is None:
        return MultiPolygon()
    if not told.area_paths:
        drawn: MultiPolygon = told.extent
        return drawn
    coarse: MultiPolygon = told.extent.simplify(COARSE_DEG)
    return coarse


def code_name(code: str) -> str:
    """Name the standard of a code: districts have six digits, what lies below them more."""
    return "GB/T 2260" if len(code) <= DISTRICT_DIGITS else "GB/T 10114"


def ring(part: Any) -> str:
    """Write an outer ring, latitude first; holes are filled, as CAP knows none."""
    return " ".join(f"{y:.5f},{x:.5f}" for x, y in part.exterior.coords)
