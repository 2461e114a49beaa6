"""People of a part of a street: by its share of the street, and what is not known stays so."""

from rescue_app.exposure.rules import StreetPart, residents


def part(population, share=1.0):
    return StreetPart("/1/", "街道", "Street", population, share)


def test_a_part_holds_its_share_of_the_people():
    assert part(12_345, 0.25).people == 3086


def test_the_sum_is_that_of_the_lines_as_they_are_shown():
    thirds = [part(10, 1 / 3)] * 3
    assert [one.people for one in thirds] == [3, 3, 3]
    assert residents(thirds).people == 9


def test_a_street_without_a_number_is_counted_as_unknown_and_not_as_empty():
    found = residents([part(100), part(None, 0.5), part(None)])
    assert (found.people, found.known, found.unknown) == (100, 1, 2)
