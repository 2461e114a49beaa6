"""The night as a picture: a lane for each level, how many were given, answered, arrived, when.

Curves are steps and so true at every moment; a lane of 5,000 crews is as light as one of five.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape
from itertools import pairwise
from zoneinfo import ZoneInfo

from rescue_app.review.rules import Fate, Hop, Mark, fate, marks

WIDE, LANE, GAP = 960, 84, 30
LEFT, RIGHT, TOP, AXIS = 128, 20, 10, 26
LOCAL_ZONE = ZoneInfo("Asia/Shanghai")
CURVES: tuple[tuple[str, Mark], ...] = (
    ("given", Mark.ISSUED), ("answered", Mark.ANSWERED), ("arrived", Mark.ARRIVED),
    ("done", Mark.DONE),
)  # fmt: skip
TICK_MIN = (1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 7200, 14400)
MOST_TICKS = 9
MOST_SILENT = 200
PRINT_STYLE = """
text{font-family:FONT;font-size:13px;fill:#1c2430}.axis{fill:#5b6572;font-size:12px}
.grid{stroke:#d8dde3;stroke-width:1}.given{fill:#e6eaef;stroke:#98a2b0;stroke-width:1}
.answered,.arrived,.done{fill:none;stroke:#1b4f9c;stroke-width:2.2}
.arrived{stroke-dasharray:7 4}.done{stroke-dasharray:2 3}.silent{fill:#d92d20}
"""


@dataclass(frozen=True, slots=True)
class Span:
    """The time that the picture shows."""

    start: datetime
    end: datetime

    def x(self, at: datetime) -> float:
        """Give where a moment lies."""
        share = (at - self.start) / (self.end - self.start)
        return LEFT + (WIDE - LEFT - RIGHT) * min(max(share, 0.0), 1.0)


def span_of(hops: Sequence[Hop], *, until: datetime) -> Span | None:
    """Give the time from the first order to the last deed, or to now where somebody is waited for.

    A night of long ago ends with its last deed, not today.
    """
    if not hops:
        return None
    start = min(hop.ordered_at for hop in hops)
    told = [hop.told.last_at for hop in hops if hop.told.last_at is not None]
    told += [min(hop.answer_due_at, until) for hop in hops]
    end = max([*told, start + timedelta(minutes=1)])
    return Span(start, min(end, max(until, start + timedelta(minutes=1))))


def lanes(
    levels: Mapping[str, Sequence[Hop]],
    names: Mapping[str, str],
    *,
    until: datetime,
    label: str,
    style: str = "",
) -> str:
    """Draw the lanes; without a hop there is nothing to draw."""
    span = span_of([hop for hops in levels.values() for hop in hops], until=until)
    if span is None:
        return ""
    parts = [_axis(span, len(levels))]
    for row, (level, hops) in enumerate(levels.items()):
        parts.append(_lane(hops, names.get(level, level), span, TOP + row * (LANE + GAP), until))
    high = TOP + len(levels) * (LANE + GAP) + AXIS
    drawn = f"<style>{style}</style>" if style else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="night" viewBox="0 0 {WIDE} {high}"'
        f' role="img" aria-label="{escape(label)}">{drawn}{"".join(parts)}</svg>'
    )


def _axis(span: Span, rows: int) -> str:
    bottom = TOP + rows * (LANE + GAP)
    whole_min = (span.end - span.start).total_seconds() / 60
    step = next((n for n in TICK_MIN if whole_min / n <= MOST_TICKS), TICK_MIN[-1])
    long = whole_min > 24 * 60
    at = span.start.astimezone(LOCAL_ZONE).replace(second=0, microsecond=0)
    at += timedelta(minutes=-at.minute % min(step, 60))
    drawn = []
    while at <= span.end:
        x = span.x(at)
        said = at.strftime("%m-%d %H:%M" if long else "%H:%M")
        drawn.append(
            f'<line class="grid" x1="{x:.1f}" y1="{TOP}" x2="{x:.1f}" y2="{bottom}"/>'
            f'<text class="axis" x="{x:.1f}" y="{bottom + 17}" text-anchor="middle">{said}</text>'
        )
        at += timedelta(minutes=step)
    return "".join(drawn)


def _lane(hops: Sequence[Hop], name: str, span: Span, top: int, until: datetime) -> str:
    known = [marks(hop) for hop in hops]
    x, y = LEFT - 12, top + LANE / 2
    drawn = [_word(x, y - 2, escape(name), 'font-weight="600"')]
    counts = {}
    for css, mark in CURVES:
        times = sorted(each[mark] for each in known if mark in each)
        counts[css] = len(times)
        drawn.append(_curve(times, css, len(hops), span, top))
    drawn.append(_word(x, y + 16, f"{counts['answered']} / {len(hops)}", 'class="axis"'))
    silent = [hop for hop in hops if fate(hop, now=until) is Fate.SILENT]
    for hop in silent[:MOST_SILENT]:
        x, foot = round(span.x(hop.answer_due_at)), top + LANE
        drawn.append(f'<path class="silent" d="M{x} {foot + 3}l6 10h-12z"/>')
    return "".join(drawn)


def _word(x: float, y: float, said: str, how: str) -> str:
    return f'<text {how} x="{x}" y="{y:.0f}" text-anchor="end">{said}</text>'


def _curve(times: Sequence[datetime], css: str, whole: int, span: Span, top: int) -> str:
    """Draw how many there were at each moment, as steps; points a pixel apart are one."""
    if not times:
        return ""
    foot = top + LANE
    points: list[tuple[int, float]] = [(round(span.x(times[0])), float(foot))]
    for number, at in enumerate(times, start=1):
        x, y = round(span.x(at)), foot - (LANE - 4) * number / whole
        if points[-1][0] == x and len(points) > 1:
            points[-1] = (x, y)
        else:
            points.append((x, y))
    end = round(span.x(span.end))
    steps = "".join(f"H{x}V{y:.1f}" for _, (x, y) in pairwise(points))
    path = f"M{points[0][0]} {foot}{steps}H{end}"
    closed = f"V{foot}Z" if css == "given" else ""
    return f'<path class="{css}" d="{path}{closed}"/>'
