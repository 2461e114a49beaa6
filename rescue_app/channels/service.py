"""Verbs of gateways, devices and how a person is reached."""

from dataclasses import dataclass, field
from datetime import time
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy.orm import Session

from gis.authority import Act, Actor, require
from gis.errors import Missing, Rejected
from gis.store import audit
from gis.store.base import new_id
from gis.store.notify import announce
from hazards.calls.program import as_program
from rescue_app.channels import repository, signing
from rescue_app.channels.addresses import PHONE, shown_address
from rescue_app.channels.models import Gateway, GatewaySecret, Reach
from rescue_app.channels.rules import GatewayKind, QuietFor

TOPIC = "channels"
NAME_LENGTH = 60
URL_LENGTH = 2000
KEY_LENGTH = 200
LANGUAGES = ("zh", "en")
LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True, slots=True)
class GatewayDraft:
    """A gateway as somebody enters it; an empty address keeps the one that is there."""

    name: str
    kind: GatewayKind
    url: str
    needs_phone: bool = True
    active: bool = True
    id: UUID = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class ReachDraft:
    """How a person wants to be reached."""

    ways: tuple[str, ...]
    language: str
    quiet_from: time | None
    quiet_to: time | None
    quiet_for: QuietFor


@dataclass(frozen=True, slots=True)
class Device:
    """A browser's word about where it can be reached."""

    endpoint: str
    p256dh: str
    auth: str
    sign_in: bytes
    agent: str = ""


def keep_gateway(session: Session, draft: GatewayDraft, *, by: Actor) -> Gateway:
    """Set a gateway up or change it; its address and key are never shown again."""
    require(by, Act.MANAGE_GATEWAYS, by.area_path)
    name, url = draft.name.strip()[:NAME_LENGTH], draft.url.strip()
    kept = repository.gateway(session, draft.id)
    if kept is not None:
        require(by, Act.MANAGE_GATEWAYS, kept.area_path)
    if not name:
        raise Rejected("Give the gateway a name: people see it when they choose their ways.")
    if kept is None and not url:
        raise Rejected("Give the gateway's address.")
    if url:
        checked_address(draft.kind, url)
    needs = PHONE in url if draft.kind is GatewayKind.APPRISE and url else draft.needs_phone
    gateway = kept or Gateway(id=draft.id, area_path=by.area_path, kind=draft.kind, address="")
    gateway.name, gateway.active, gateway.made_by_name = name, draft.active, by.name
    gateway.needs_phone = kept.needs_phone if kept and not url else needs
    if url:
        gateway.address = shown_address(draft.kind, url)
        gateway.failures, gateway.failing_since, gateway.rests_until = 0, None, None
        gateway.last_why = ""
    session.add(gateway)
    with as_program(session):
        _keep_secret(session, gateway, url)
    _tell(session, gateway, "changed" if kept else "added")
    return gateway


def new_signing_key(session: Session, gateway_id: UUID, *, by: Actor) -> tuple[str, str]:
    """Make a gateway's key anew and show it this once."""
    gateway = managed(session, gateway_id, by)
    key_id, key = signing.new_key()
    with as_program(session):
        secret = repository.secrets_of(session, [gateway.id])[gateway.id]
        secret.key_id, secret.key = key_id, key
    _tell(session, gateway, "key_made")
    return key_id, key.hex()


def remove_gateway(session: Session, gateway_id: UUID, *, by: Actor) -> None:
    """Take a gateway out; what it had sent keeps its times."""
    gateway = managed(session, gateway_id, by)
    _tell(session, gateway, "removed")
    session.delete(gateway)


def managed(session: Session, gateway_id: UUID, by: Actor) -> Gateway:
    """Give a gateway that this person manages."""
    gateway = repository.gateway(session, gateway_id)
    if gateway is None:
        raise Missing("There is no such gateway.")
    require(by, Act.MANAGE_GATEWAYS, gateway.area_path)
    return gateway


def checked_address(kind: GatewayKind, url: str) -> None:
    """Refuse an address that nothing can be sent to."""
    if len(url) > URL_LENGTH:
        raise Rejected("The address is too long.")
    if kind is GatewayKind.WEBHOOK:
        parts = urlsplit(url)
        local = parts.scheme == "http" and (parts.hostname or "") in LOCAL
        if not (parts.scheme == "https" and parts.hostname) and not local:
            raise Rejected("A webhook's address begins with https:// (http:// on this machine).")
    elif not shown_address(kind, url):
        raise Rejected(
            "Apprise does not know this address. Its form is service://keys, such as "
            "wecombot://KEY; see the list in its documentation."
        )


def _keep_secret(session: Session, gateway: Gateway, url: str) -> None:
    session.flush()  # the secret needs its gateway
    secret = repository.secrets_of(session, [gateway.id]).get(gateway.id)
    if secret is None:
        key_id, key = signing.new_key()
        secret = GatewaySecret(
            gateway_id=gateway.id, area_path=gateway.area_path, url=url, key_id=key_id, key=key
        )
        session.add(secret)
    elif url:
        secret.url = url


def _tell(session: Session, gateway: Gateway, what: str) -> None:
    act, area = f"gateway.{what}", gateway.area_path
    audit.record(session, act=act, subject=gateway.id, area_path=area, name=gateway.name)
    announce(session, topic=TOPIC, kind=what, ref=gateway.id, area_path=area)


def keep_reach(session: Session, draft: ReachDraft, *, by: Actor) -> None:
    """Keep how a person wants to be reached; a flash comes by every way all the same."""
    if draft.language not in LANGUAGES:
        raise Rejected("Choose Chinese or English.")
    if (draft.quiet_from is None) != (draft.quiet_to is None):
        raise Rejected("Quiet hours need both times, from and to.")
    kept = repository.reaches(session, [by.id]).get(by.id)
    reach = kept or Reach(account_id=by.id, area_path=by.area_path)
    reach.ways = [way[:KEY_LENGTH] for way in draft.ways][:50]
    reach.language, reach.quiet_for = draft.language, draft.quiet_for
    reach.quiet_from, reach.quiet_to = draft.quiet_from, draft.quiet_to
    session.add(reach)
    audit.record(session, act="reach.changed", subject=by.id, area_path=by.area_path)


def add_device(session: Session, device: Device, *, hosts: list[str], by: Actor) -> None:
    """Keep a device on which this person allowed messages."""
    parts = urlsplit(device.endpoint)
    host = parts.hostname or ""
    allowed = any(host == each or host.endswith(f".{each}") for each in hosts)
    sealed = parts.scheme == "https" or (parts.scheme == "http" and host in LOCAL)
    if not allowed or not sealed:
        raise Rejected(
            "This browser's push service ({host}) is not allowed here. The operator can add it "
            "to YITONG_PUSH_HOSTS.",
            host=host or "?",
        )
    row = {
        "id": new_id(),
        "account_id": by.id,
        "area_path": by.area_path,
        "sign_in": device.sign_in,
        "endpoint": device.endpoint[:URL_LENGTH],
        "p256dh": device.p256dh[:KEY_LENGTH],
        "auth": device.auth[:KEY_LENGTH],
        "agent": device.agent[:KEY_LENGTH],
    }
    with as_program(session):  # the device may have been somebody else's
        repository.keep_device(session, row)
    audit.record(session, act="push.allowed", subject=by.id, area_path=by.area_path)


def remove_device(session: Session, device_id: UUID, *, by: Actor) -> None:
    """Send no more to a device of one's own."""
    mine = repository.devices(session, [by.id])[by.id]
    if device_id not in {each.id for each in mine}:
        raise Missing("There is no such device of yours.")
    repository.forget_device(session, device_id)
    audit.record(session, act="push.ended", subject=by.id, area_path=by.area_path)
