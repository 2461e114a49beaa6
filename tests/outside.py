"""What gateways are tried with: phones, one gateway outside, messages that left."""

import pytest

from tests import gateway
from tests.cast import build_cast
from tests.channelling import Phones, give_phone

CREW_PHONE = "+86 139-0000-1111"

DIGITS = "13900001111"


@pytest.fixture
def cast(sessions, world):
    made = build_cast(sessions)
    give_phone(sessions, made, "crew", CREW_PHONE)
    give_phone(sessions, made, "street", "13900002222")
    return made


@pytest.fixture
def phones(sessions, cast):
    return Phones(sessions, cast)


@pytest.fixture(scope="module")
def outside():
    with gateway.running() as made:
        yield made


def only(deliveries, phone=DIGITS):
    (found,) = [each for each in deliveries if each.phone == phone]
    return found
