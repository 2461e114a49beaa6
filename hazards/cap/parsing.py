"""From bytes to a message: nothing of the outside is opened, followed or believed on the way.

No entities, no network, no giant trees; what is not CAP 1.2 to the letter is refused with its line.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from lxml import etree
from pydantic import ValidationError

from gis.errors import Rejected
from hazards.cap import signatures
from hazards.cap.message import CAP_12, ROOT, Message
from hazards.cap.signatures import SIGNATURE

MOST_BYTES = 2_000_000
MOST_DEEP = 12
MOST_PARTS = 50_000
LONGEST_QUOTE = 60
TAGS = {
    "infos": "info", "areas": "area", "kind": "msgType", "described": "areaDesc",
    "polygons": "polygon", "circles": "circle", "codes": "geocode", "categories": "category",
    "responses": "responseType", "event_codes": "eventCode", "parameters": "parameter",
    "resources": "resource", "name": "valueName", "sender_name": "senderName",
    "mime_type": "mimeType",
}  # fmt: skip
"""Fields whose tag is called otherwise."""


@dataclass(frozen=True, slots=True)
class Read:
    """A message, and who signed it."""

    message: Message
    signed_by: str = ""


def read(
    body: bytes, *, now: datetime, certificates: str = "", needs_signature: bool = False
) -> Read:
    """Read a message, or refuse it and say what to do."""
    root = tree(body)
    signed_by = ""
    if root.find(SIGNATURE) is not None:
        part, signed_by = signatures.checked(body, certificates=certificates, now=now)
        root = tree(etree.tostring(part))
    elif needs_signature:
        raise Rejected("The message is not signed, and this source has to sign. Ask the sender.")
    return Read(_message(root), signed_by)


def message(body: bytes) -> Message:
    """Read a message again that was taken once."""
    root = tree(body)
    for one in root.findall(SIGNATURE):
        root.remove(one)
    return _message(root)


def _message(root: etree._Element) -> Message:
    if root.tag != ROOT:
        raise _no_cap(root)
    try:
        return Message.from_xml_tree(cast("Any", root))
    except ValidationError as trouble:
        raise _told(trouble.errors(include_url=False)) from None


def tree(body: bytes) -> etree._Element:
    """Read XML in any declared encoding; refuse what only an attack would hold."""
    if len(body) > MOST_BYTES:
        raise Rejected("The file is larger than {most} MB. Ask the sender for a smaller one.",
                       most=MOST_BYTES // 1_000_000)  # fmt: skip
    try:
        root = etree.fromstring(body, parser())
    except (etree.XMLSyntaxError, ValueError, LookupError) as trouble:
        line = getattr(trouble, "lineno", None) or 1
        raise Rejected(
            "Line {line} is no well-formed XML. Ask the sender to send it again.", line=line
        ) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise Rejected("The file has a DOCTYPE. A CAP message has none; it is not opened.")
    _check_size(root)
    return root


def parser() -> etree.XMLParser:
    """Make a parser that trusts nothing; one for each file, as it keeps what it has read."""
    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False,
        huge_tree=False, remove_comments=True, remove_pis=True,
    )  # fmt: skip


def _check_size(root: etree._Element) -> None:
    deep = parts = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        deep += 1 if event == "start" else -1
        parts += event == "start"
        if deep > MOST_DEEP or parts > MOST_PARTS:
            raise Rejected("The file is nested too deeply or has too many parts. Ask the sender.")


def _no_cap(root: etree._Element) -> Rejected:
    space, _, tag = str(root.tag).rpartition("}")
    if tag == "alert" and "cap:1." in space and space.lstrip("{") != CAP_12:
        return Rejected(
            "This is CAP {version}; 1.2 is understood here. Ask the sender for CAP 1.2.",
            version=space.rpartition(":")[2],
        )
    return Rejected(
        "This is no CAP 1.2 message: it begins with “{tag}”. Choose the file of the message.",
        tag=f"{space}{'}' if space else ''}{tag}"[:LONGEST_QUOTE],
    )


def _told(problems: Sequence[Any]) -> Rejected:
    """Say the first thing that is wrong, where, and how it should be."""
    problem = problems[0]
    where, line = place(problem["loc"]), problem.get("ctx", {}).get("sourceline", "?")
    said = str(problem.get("input", ""))[:LONGEST_QUOTE]
    kind = problem["type"]
    if kind == "missing":
        text = "Line {line}: “{where}” is missing or empty. Ask the sender."
    elif kind == "extra_forbidden":
        text = "Line {line}: “{where}” is unknown to CAP 1.2 or out of its order. Ask the sender."
    elif kind == "value_error" or kind.startswith("datetime"):
        text = (
            "Line {line}: “{where}” says “{said}”. A time is written with its zone:"
            " 2026-07-01T08:00:00+08:00."
        )
    else:
        text = "Line {line}: “{where}” may not be “{said}”. Ask the sender."
    return Rejected(text, line=line, where=where, said=said)


def place(loc: Sequence[Any]) -> str:
    """Name a part as the message does: `info 1 / area 2 / polygon`."""
    names: list[str] = []
    for one in loc:
        if isinstance(one, int) and names:
            names[-1] += f" {one + 1}"
        else:
            name = str(one).strip("`").rpartition("}")[2].rpartition(":")[2]
            names.append(TAGS.get(name, name))
    return " / ".join(names)
