"""CAP 1.2 as types: what a message holds, in the order and with the words of the OASIS schema."""

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, PlainSerializer
from pydantic_xml import BaseXmlModel, element

from hazards.cap.rules import (
    Category,
    Certainty,
    Kind,
    Reach,
    Response,
    Severity,
    Status,
    Urgency,
    written,
)

CAP_12 = "urn:oasis:names:tc:emergency:cap:1.2"
ROOT = f"{{{CAP_12}}}alert"


def _zoned(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("no_zone")
    return at


Trimmed = BeforeValidator(lambda said: said.strip() if isinstance(said, str) else said)
Moment = Annotated[datetime, Trimmed, AfterValidator(_zoned), PlainSerializer(written)]
Name = Annotated[str, Field(pattern=r"^[^\s,<&]+$", max_length=300), Trimmed]
Word = Annotated[str, Field(max_length=300), Trimmed]
Said = Annotated[str, Field(max_length=20_000), Trimmed]


class Part(BaseXmlModel, ns="", nsmap={"": CAP_12}, skip_empty=True):
    """A part of a message. What the schema does not know is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Named(Part):
    """A value with its name: a parameter, an event code, a code of an area."""

    name: Word = element(tag="valueName")
    value: Said | None = element(tag="value", default=None)


class Area(Part, tag="area"):
    """Where it holds: all of these shapes and codes together."""

    described: Said = element(tag="areaDesc")
    polygons: tuple[str, ...] = element(tag="polygon", default=())
    circles: tuple[str, ...] = element(tag="circle", default=())
    codes: tuple[Named, ...] = element(tag="geocode", default=())
    altitude: str | None = element(tag="altitude", default=None)
    ceiling: str | None = element(tag="ceiling", default=None)


class Resource(Part, tag="resource"):
    """A file that belongs to it; it is named, never fetched."""

    described: Said = element(tag="resourceDesc")
    mime_type: Word = element(tag="mimeType")
    size: str | None = element(tag="size", default=None)
    uri: str | None = element(tag="uri", default=None)
    content: str | None = element(tag="derefUri", default=None)
    digest: str | None = element(tag="digest", default=None)


class Info(Part, tag="info"):
    """What happens, in one language."""

    language: Word | None = element(tag="language", default=None)
    categories: tuple[Annotated[Category, Trimmed], ...] = element(tag="category", min_length=1)
    event: Word = element(tag="event")
    responses: tuple[Annotated[Response, Trimmed], ...] = element(tag="responseType", default=())
    urgency: Annotated[Urgency, Trimmed] = element(tag="urgency")
    severity: Annotated[Severity, Trimmed] = element(tag="severity")
    certainty: Annotated[Certainty, Trimmed] = element(tag="certainty")
    audience: Said | None = element(tag="audience", default=None)
    event_codes: tuple[Named, ...] = element(tag="eventCode", default=())
    effective: Moment | None = element(tag="effective", default=None)
    onset: Moment | None = element(tag="onset", default=None)
    expires: Moment | None = element(tag="expires", default=None)
    sender_name: Word | None = element(tag="senderName", default=None)
    headline: Said | None = element(tag="headline", default=None)
    description: Said | None = element(tag="description", default=None)
    instruction: Said | None = element(tag="instruction", default=None)
    web: Said | None = element(tag="web", default=None)
    contact: Said | None = element(tag="contact", default=None)
    parameters: tuple[Named, ...] = element(tag="parameter", default=())
    resources: tuple[Resource, ...] = element(tag="resource", default=())
    areas: tuple[Area, ...] = element(tag="area", default=())


class Message(Part, tag="alert"):
    """One CAP message."""

    identifier: Name = element(tag="identifier")
    sender: Name = element(tag="sender")
    sent: Moment = element(tag="sent")
    status: Annotated[Status, Trimmed] = element(tag="status")
    kind: Annotated[Kind, Trimmed] = element(tag="msgType")
    source: Said | None = element(tag="source", default=None)
    scope: Annotated[Reach, Trimmed] = element(tag="scope")
    restriction: Said | None = element(tag="restriction", default=None)
    addresses: Said | None = element(tag="addresses", default=None)
    codes: tuple[str | None, ...] = element(tag="code", default=())
    note: Said | None = element(tag="note", default=None)
    references: Said | None = element(tag="references", default=None)
    incidents: Said | None = element(tag="incidents", default=None)
    infos: tuple[Info, ...] = element(tag="info", default=())
