"""Who owns a matter: answers are looked up once, and never lent to an area they do not hold in."""

from datetime import date
from itertools import permutations
from uuid import UUID

from hazards.duty.responsibility import Book, Line, Matter, Person, Post, Why

CITY, DISTRICT = "/500000/", "/500000/500101/"
STREET, NEXT = f"{DISTRICT}500101001/", f"{DISTRICT}500101002/"
GRID = f"{STREET}500101001001/"
SLIDE = Matter(("landslide", "geological"), "critical")
SINCE = date(2026, 1, 1)


def line(number, area_path, level, lead):
    said = (area_path, "landslide", "", level, lead, (), "", "", "", "", SINCE, None)
    return Line(UUID(int=number), *said)


def unit(number, area_path, level, name):
    return Post(UUID(int=number), name, "", "department", level, area_path, "")


def test_a_streets_line_and_a_streets_own_bureau_answer_only_there_in_whatever_order_one_asks():
    bureau, office = unit(1, DISTRICT, "district", "规划局"), unit(2, STREET, "street", "应急办")
    people = {bureau.id: [Person("谭局长", "", "")], office.id: [Person("冉主任", "", "")]}
    lines = [line(3, CITY, "district", "规划局"), line(4, CITY, "street", "应急办")]
    told = {DISTRICT: "谭局长", STREET: "冉主任", GRID: "冉主任", NEXT: None, CITY: None}
    for order in permutations(told):
        book = Book(lines, {DISTRICT: [bureau], STREET: [office]}, people)
        owners = {path: book.owner(SLIDE, path) for path in order}
        assert {path: one.first and one.first.name for path, one in owners.items()} == told
        assert {owners[path].why for path in (NEXT, CITY)} == {Why.NO_UNIT}


def test_what_has_no_owner_is_what_asking_for_each_one_says_wherever_one_begins():
    bureau, office = unit(1, DISTRICT, "district", "规划局"), unit(2, STREET, "street", "应急办")
    gone = Person("谭局长", "", "", gone=True)
    people = {bureau.id: [gone], office.id: [Person("冉主任", "", "")]}
    lines = [line(3, CITY, "district", "规划局"), line(4, CITY, "street", "应急办")]
    flood = Matter(("waterlogging", "flood"), "critical")
    for places in permutations((DISTRICT, STREET, GRID, NEXT, CITY)):
        book = Book(lines, {DISTRICT: [bureau], STREET: [office]}, people)
        for path in places:
            alone = Book(lines, {DISTRICT: [bureau], STREET: [office]}, people)
            owners = {matter: alone.owner(matter, path) for matter in (SLIDE, flood)}
            expected = {matter: one for matter, one in owners.items() if one.ownerless}
            assert dict(book.missing((SLIDE, flood), path)) == expected
