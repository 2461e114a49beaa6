"""How paper says numbers in both languages."""

from rescue_app.web.paper_words import counted


def test_one_household_is_not_said_as_many():
    said = counted("{count} household", "{count} households", 1)
    assert said == {"zh": "1 户", "en": "1 household"}


def test_many_and_none_are_said_as_many():
    said = [counted("{count} person", "{count} people", count)["en"] for count in (0, 1234)]
    assert said == ["0 people", "1,234 people"]
