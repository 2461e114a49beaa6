"""What a person carries is one figure, whatever the role that his lists were made for."""

from uuid import UUID

from hazards.tasks.boards import Loads

QIN = UUID(int=1)


def test_whoever_carries_lists_of_two_roles_stands_once_and_the_roles_stand_apart():
    loads = Loads([
        ("rain", "/1/2/", QIN, "覃小红", "patrol", 2, 0, 1, 0),
        ("ready", "/1/2/", QIN, "覃小红", "street_commander", 1, 0, 0, 0),
        ("rain", "/1/2/", None, "李卫东", "patrol", 3, 1, 0, 0),
        ("ready", "/1/3/", None, "李卫东", "street_commander", 4, 0, 0, 0),
        ("rain", "/1/2/", None, "", "patrol", 5, 0, 0, 0),
        ("ready", "/1/2/", None, "", "street_commander", 6, 0, 0, 0),
    ])  # fmt: skip
    assert [(one.person, one.role, one.due, one.overdue) for one in loads.by_person()] == [
        ("", "patrol", 5, 0),
        ("", "street_commander", 6, 0),
        ("李卫东", "", 7, 1),
        ("覃小红", "", 3, 0),
    ]
