"""Bars as SVG for paper: lying ones with their names, standing ones by year (pure)."""

from collections.abc import Sequence
from html import escape

WIDE, ROW, LEFT, RIGHT = 320, 32, 112, 74
HIGH, FOOT = 190, 26
STYLE = """text{font-family:'FONT';font-size:14px;fill:#14181d}.then{fill:#c3ccd6}.now{fill:#1d3f72}
.small{font-size:12px;fill:#454f5b}.axis{stroke:#454f5b;stroke-width:1}"""


def lying(rows: Sequence[tuple[str, int, int | None]], *, font: str) -> str:
    """Draw a bar for each name: how many now, and before where that is known (thin, grey)."""
    most = max([1, *(n for _, now, then in rows for n in (now, then or 0))])
    parts = []
    for place, (name, now, then) in enumerate(rows):
        top, reach = place * ROW, WIDE - LEFT - RIGHT
        parts.append(
            f'<text x="{LEFT - 8}" y="{top + 21}" text-anchor="end">{escape(name)}</text>'
            f'<rect class="now" x="{LEFT}" y="{top + 6}" width="{reach * now / most:.1f}"'
            f' height="14"/><text x="{LEFT + reach * now / most + 6:.1f}" y="{top + 19}">'
            f"{now:,}{difference(now, then)}</text>"
        )
        if then is not None:
            parts.append(f'<rect class="then" x="{LEFT}" y="{top + 21}"'
                         f' width="{reach * then / most:.1f}" height="6"/>')  # fmt: skip
    return _svg(parts, max(1, len(rows)) * ROW, font)


def difference(now: int, then: int | None) -> str:
    """Say a change with its sign; none is not said."""
    return "" if then is None or now == then else f" ({now - then:+,})"


def standing(rows: Sequence[tuple[str, int]], *, font: str) -> str:
    """Draw a bar for each year with its number above, and every third year's name below."""
    most, step = max([1, *(count for _, count in rows)]), (WIDE - 10) / max(1, len(rows))
    parts = [f'<path class="axis" d="M0 {HIGH - FOOT}H{WIDE}"/>']
    for place, (name, count) in enumerate(rows):
        x, tall = 5 + place * step, (HIGH - FOOT - 22) * count / most
        top = HIGH - FOOT - tall
        middle = x + step / 2
        parts.append(f'<rect class="now" x="{x + 2:.1f}" y="{top:.1f}" width="{step - 4:.1f}"'
                     f' height="{tall:.1f}"/>')  # fmt: skip
        if count:
            parts.append(f'<text class="small" x="{middle:.1f}" y="{top - 4:.1f}"'
                         f' text-anchor="middle">{count:,}</text>')  # fmt: skip
        if (len(rows) - 1 - place) % 3 == 0:
            parts.append(f'<text class="small" x="{middle:.1f}" y="{HIGH - 8}"'
                         f' text-anchor="middle">{escape(name)}</text>')  # fmt: skip
    return _svg(parts, HIGH, font)


def _svg(parts: Sequence[str], high: float, font: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {high:g}">'
        f"<style>{STYLE.replace('FONT', font)}</style>{''.join(parts)}</svg>"
    )
