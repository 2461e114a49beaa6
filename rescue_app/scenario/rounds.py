"""A round for the demo patrol: points in her street, lists that are due, overdue and done."""

from datetime import datetime

import numpy as np
import pandas as pd
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from hazards.tasks import lists, making
from rescue_app.auth.models import Account
from rescue_app.scenario.ground import Street

STOPS = 12
NEAREST_M, FARTHEST_M = 60.0, 420.0
METRES_PER_DEGREE = 111_320.0
# A third is done, a third overdue; a second load finds them so and changes nothing.
LIVED = text("""
WITH listed AS (
    SELECT id, row_number() OVER (ORDER BY md5(subject_id::text || template_code)) % 3 AS part
    FROM task WHERE starts_with(area_path, :path) AND synthetic AND state = 'open'
    AND NOT EXISTS (SELECT FROM task t WHERE starts_with(t.area_path, :path) AND t.state = 'done')
)
UPDATE task SET
    from_at = CAST(:now AS timestamptz) - interval '3 days',
    due_at = CAST(:now AS timestamptz) - interval '3 hours' * part
        + CASE WHEN part = 0 THEN interval '5 hours' ELSE interval '0' END,
    state = CASE WHEN part = 1 THEN 'done' ELSE state END,
    done_at = CASE WHEN part = 1 THEN CAST(:now AS timestamptz) - interval '4 hours' END,
    arrived_at = CASE WHEN part = 1 THEN CAST(:now AS timestamptz) - interval '4 hours' END,
    begun_at = CASE WHEN part = 1 THEN CAST(:now AS timestamptz) - interval '5 hours' END,
    done_by_id = CASE WHEN part = 1 THEN account.id END,
    done_by = CASE WHEN part = 1 THEN account.name END
FROM listed, account
WHERE task.id = listed.id AND account.login = 'patrol'
""")


def gather(made: pd.DataFrame, district_code: str, street: Street) -> None:
    """Put a dozen of the district's points around the middle of the demo patrol's street."""
    rows = made.index[made["number"].str.startswith(district_code)][:STOPS]
    turn = np.arange(len(rows)) * 2.4  # the golden angle: no two in one direction
    away_m = np.linspace(NEAREST_M, FARTHEST_M, len(rows))
    east = np.cos(turn) * away_m / METRES_PER_DEGREE / np.cos(np.radians(street.lat))
    made.loc[rows, "lon"] = (street.lon + east).round(6)
    made.loc[rows, "lat"] = (street.lat + np.sin(turn) * away_m / METRES_PER_DEGREE).round(6)


def live(session: Session, *, now: datetime) -> int:
    """Let lists fall due everywhere, and let the demo street have worked on its own."""
    patrol = session.scalars(select(Account).where(Account.login == "patrol")).one()
    book = lists.read(session)
    parts = making.regions(session)
    made = sum(making.make_region(session, region, book, now=now) for region in parts)
    session.execute(LIVED, {"path": patrol.area_path, "now": now})
    return made
