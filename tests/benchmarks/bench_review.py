"""How long the review of a very big night takes: 5,000 crews, their ladders, all that they said."""

import psycopg

from tests.benchmarks.bench_answers import plain
from tests.benchmarks.bench_wall import CREWS, Night
from tests.benchmarks.harness import Contest, benchmark
from tests.benchmarks.lab import Lab

# What the crews say in the hour after the order: some are silent, some cannot, most are done.
TOLD = """
    INSERT INTO assignment_step (
        id, assignment_id, order_id, area_path, kind, by_id, by_name, by_phone, done_at,
        received_at, note
    )
    SELECT gen_random_uuid(), hop.id, hop.order_id, hop.area_path, said.kind, crew.id, '李队长', '',
        hop.began_at + said.after * (1 + random()), hop.began_at + said.after * 2.5, ''
    FROM (SELECT *, row_number() OVER (ORDER BY id) % 10 AS turn FROM assignment) AS hop
    CROSS JOIN (SELECT id FROM account LIMIT 1) AS crew
    JOIN (VALUES
        ('delivered', interval '2 s', 10), ('seen', '20 s', 9), ('accepted', '40 s', 8),
        ('cannot', '50 s', 1), ('moving', '3 min', 8), ('arrived', '15 min', 7),
        ('working', '17 min', 7), ('done', '40 min', 6)
    ) AS said (kind, after, of_ten)
        ON CASE said.kind WHEN 'cannot' THEN hop.turn = 9 ELSE hop.turn < said.of_ten END
"""
RUNGS = """
    UPDATE call_rung SET answer = 'yes', answered_at = queued_at + interval '1 min' * random()
    WHERE queued_at IS NOT NULL AND random() < 0.8
"""
BARE = """
    SELECT step.kind, count(*), percentile_disc(0.5) WITHIN GROUP (ORDER BY step.done_at)
    FROM assignment AS hop JOIN assignment_step AS step ON step.assignment_id = hop.id
    GROUP BY step.kind
"""


def great() -> Night:
    """A night of 5,000 crews, an hour on."""
    night = Night()
    with psycopg.connect(plain(night.urls.owner), autocommit=True) as owner:
        owner.execute(TOLD)
        owner.execute(RUNGS)
        owner.execute("ANALYZE")
    return night


@benchmark("review/great", unit="ms", rows=CREWS)
def review(_: Lab) -> Contest:
    """The review page of an order to 5,000 crews, 33,000 lines, beside the bare SQL that
    counts their lines by what they say; the peer is the same timeline as a CSV file.
    """
    night = great()
    page = f"/incidents/{night.incident}/review"
    bare = psycopg.connect(plain(night.urls.owner), autocommit=True)
    return Contest(
        ours=lambda: night.get(path=page),
        floor=lambda: bare.execute(BARE).fetchall(),
        peer=lambda: night.get(path=f"{page}/timeline.csv"),
        rounds=5,
        warm_up=1,
        around=night,
    )
