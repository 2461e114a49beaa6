"""A closure says when it may be over, as far as anybody can mean it."""

from datetime import UTC, datetime

import pytest

from gis.errors import Rejected
from qr_codes.traffic.rules import ClosureDraft, checked_closure

NOW = datetime(2026, 7, 1, 18, 0, tzinfo=UTC)
NEVER = datetime(9999, 12, 31, 20, tzinfo=UTC)


def test_a_reopening_in_a_year_nobody_means_is_refused():
    """It was kept, and in the city's time it is no year at all."""
    with pytest.raises(Rejected, match="Check its year"):
        checked_closure(ClosureDraft(reason="塌方", expected_at=NEVER), now=NOW)
