"""A page names an icon; the sprite has it."""

import re
from pathlib import Path

from rescue_app.web.render import TEMPLATES
from rescue_app.web.shell import HAZARD_CODES

ICONS = TEMPLATES.parent / "static" / "icons"
NAMED = re.compile(r"""\bicon\(\s*["']([\w-]+)["']|\b(?:glyph|icon)=["']([\w-]+)["']""")


def symbols(name: str) -> set[str]:
    return set(re.findall(r'<symbol id="([\w-]+)"', (ICONS / name).read_text()))


def named() -> dict[str, str]:
    found: dict[str, str] = {}
    for path in sorted(Path(TEMPLATES).rglob("*.html")):
        for one, other in NAMED.findall(path.read_text()):
            found[one or other] = path.name
    return found


def test_every_icon_a_template_names_is_in_the_sprite():
    have = symbols("ui.svg")
    assert {name: where for name, where in named().items() if name not in have} == {}


def test_the_sprite_is_packed_from_the_list_of_names():
    have = {name for name in symbols("ui.svg") if not name.startswith(("shape-", "category-"))}
    assert have == set((ICONS / "names.txt").read_text().split())


def test_every_hazard_type_has_its_own_glyph():
    assert symbols("hazards.svg") == set(HAZARD_CODES)
