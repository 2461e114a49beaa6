"""The words for what crews can do and carry: ship them, name them, add to them."""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from gis.authority import Act, Actor, city_of, require
from gis.errors import Rejected
from gis.store import audit
from hazards.checklists.files import Code, Strict, Words, parse, read_yaml
from hazards.duty.models import CrewAbility

KINDS = ("skill", "equipment")
LONGEST = 40


class Entry(Strict):
    """A word as the file writes it."""

    code: Code
    kind: Literal["skill", "equipment"]
    name: Words


def load(session: Session, path: Path) -> None:
    """Bring the shipped words in, as often as one likes; what the city renamed stays."""
    entries = parse(path, TypeAdapter(tuple[Entry, ...]), read_yaml(path))
    rows = [
        {
            "code": one.code,
            "kind": one.kind,
            "position": position,
            "name_zh": one.name.zh,
            "name_en": one.name.en,
            "changed_by_name": "",
        }
        for position, one in enumerate(entries, start=1)
    ]
    statement = insert(CrewAbility).values(rows)
    told = ("kind", "position", "name_zh", "name_en")
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["code"],
            set_={name: statement.excluded[name] for name in told},
            where=CrewAbility.changed_by_name == "",
        )
    )


def listed(session: Session) -> Sequence[CrewAbility]:
    """Give all words, skills first, in their order."""
    query = select(CrewAbility)
    return session.scalars(
        query.order_by(CrewAbility.kind.desc(), CrewAbility.position, CrewAbility.code)
    ).all()


def names(session: Session, *, chinese: bool) -> dict[str, str]:
    """Give every word in one language by its code."""
    return {one.code: one.name_zh if chinese else one.name_en for one in listed(session)}


def put(
    session: Session, *, code: str, kind: str, name_zh: str, name_en: str, by: Actor
) -> CrewAbility:
    """Add a word, or rename one; the whole city speaks the same."""
    require(by, Act.EDIT_TEMPLATE, city_of(by.area_path))
    checked(code, kind, (name_zh.strip(), name_en.strip()))
    row = session.get(CrewAbility, code)
    if row is None:
        last = session.scalar(select(func.max(CrewAbility.position))) or 0
        row = CrewAbility(code=code, kind=kind, position=last + 1)
        session.add(row)
    row.name_zh, row.name_en, row.changed_by_name = name_zh.strip(), name_en.strip(), by.name
    audit.record(session, act="crew.word", subject=None, area_path=by.area_path, word=code)
    return row


def checked(code: str, kind: str, said: Sequence[str]) -> None:
    """Refuse a word that no plan could name."""
    if not (code.isascii() and code.isidentifier() and code.islower()) or len(code) > LONGEST:
        raise Rejected("A code is small letters, digits and _, and begins with a letter.")
    if kind not in KINDS:
        raise Rejected("Say whether it is a skill or equipment.")
    if not all(said) or any(len(one) > LONGEST for one in said):
        raise Rejected("Name it in both languages, in a few words.")


def check_known(session: Session, codes: Collection[str], *, kind: str | None = None) -> None:
    """Refuse words that are not in the list."""
    known = {one.code for one in listed(session) if kind in {None, one.kind}}
    for code in codes:
        if code not in known:
            raise Rejected("Nobody knows {word} here. Known are: {known}.",
                           word=code, known=", ".join(sorted(known)))  # fmt: skip
