"""When something was really done, whatever the phone's clock says."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

import pytest

from hazards.checklists.visits import Deed, deed_time

NOW = datetime(2026, 7, 1, 18, 0, tzinfo=UTC)
AGO = timedelta(minutes=10)


@dataclass
class Said:
    """What a phone says."""

    done_at: datetime | None
    sent_at: datetime | None = None


def test_a_phone_back_in_1970_is_put_right():
    began = datetime(1970, 1, 1, tzinfo=UTC)
    deed = deed_time(Said(began, began + AGO), received_at=NOW)
    assert deed == Deed(NOW - AGO, round((began + AGO - NOW).total_seconds()))


@pytest.mark.parametrize(
    "said",
    [
        Said(NOW - AGO, datetime(9999, 12, 31, 20, tzinfo=UTC)),
        Said(NOW - AGO, datetime(9999, 12, 31, 23, tzinfo=timezone(-timedelta(hours=14)))),
        Said(datetime(9999, 12, 31, tzinfo=UTC), datetime(1990, 1, 1, tzinfo=UTC)),
        Said(datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14)))),
    ],
)
def test_a_clock_that_is_none_refuses_nobody_and_counts_as_now(said):
    assert deed_time(said, received_at=NOW) == Deed(NOW, 0)
