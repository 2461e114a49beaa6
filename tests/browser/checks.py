"""What holds for every page, asked of a page as it stands in the browser."""

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

from playwright.sync_api import Page

from rescue_app.settings import PROJECT

AXE = PROJECT / "node_modules/axe-core/axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
HAN = re.compile(r"[\u3400-\u9fff]+")
WORD = re.compile(r"[A-Za-z]{2,}")
TARGET_PX = 48
# Names and formats that stand in a Chinese page as they are.
AT_HOME = frozenset(
    re.findall(
        r"\w+",
        "II III IV CC BY GeoNames km csv CSV Word Excel GeoJSON GeoPackage Shapefile KML PDF PNG"
        " SVG QR GPS WGS CGCS EPSG GCJ BD English EN Esc Yitong CQ API UTC MB XLSForm YAML ODK"
        " KoboToolbox WDBII WKT CAP Atom RSS PEM JTG CJJ SL GB DBSCAN Garwood Getis Ord Gi p",
    )
)

# Every text a reader meets: what is written, and what is said by attributes.
TEXTS = """
() => {
  const found = [];
  const shown = (e) => e.checkVisibility({ visibilityProperty: true });
  const skipped = (e, lang) => e.closest("script, style, template, kbd, code, .mono, [data-data]")
    || (e.closest("[lang]")?.lang ?? lang) !== lang;
  const lang = document.documentElement.lang;
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const parent = walk.currentNode.parentElement;
    const text = walk.currentNode.textContent.trim();
    if (text && !skipped(parent, lang) && shown(parent)) found.push(text);
  }
  for (const e of document.querySelectorAll("[aria-label], [title], [placeholder], [alt]"))
    for (const name of ["aria-label", "title", "placeholder", "alt"])
      if (e.getAttribute(name) && !skipped(e, lang)) found.push(e.getAttribute(name));
  return [document.title, ...found];
}
"""

# A target is what a thumb hits: for a ticked box its label, and never a link inside a sentence.
SMALL_TARGETS = """
(least) => {
  const sentence = (e) => e.tagName === "A" && e.parentElement.matches("p, li, dd, span, .muted")
    && getComputedStyle(e).display === "inline";
  const ticked = (e) => e.matches("[type=checkbox], [type=radio]") && e.closest("label");
  const all = "a[href], button, input:not([type=hidden]), select, textarea, summary";
  const targets = document.querySelectorAll(all);
  return [...targets].filter((e) => e.checkVisibility({ visibilityProperty: true }) && !sentence(e)
      && !e.closest(".visually-hidden, .skip"))
    .map((e) => [e, (ticked(e) || e).getBoundingClientRect()])
    .filter(([, box]) => box.width > 0 && (box.height < least - 0.5 || box.width < least - 0.5))
    .map(([e, box]) => `${e.outerHTML.slice(0, 120)} ${box.width}x${box.height}`);
}
"""

# What holds is many times what does not: it is neither written out nor carried over to us.
EXAMINE = """
(tags) => axe
  .run(document, { runOnly: { type: "tag", values: tags }, resultTypes: ["violations"] })
  .then((found) => found.violations)
"""

# A long list scrolls; its lines keep their height and do not run into each other.
SQUEEZED = """
() => [...document.querySelectorAll(".target-list")].flatMap((list) => {
  Object.assign(list.style, { maxHeight: "24px", gridTemplateColumns: "5rem" });
  return [...list.querySelectorAll("label")].filter((e) => e.scrollHeight > e.clientHeight + 1);
}).map((e) => e.textContent.trim())
"""


@cache
def axe_source() -> str:
    return AXE.read_text()


def breaches(page: Page) -> list[str]:
    """What axe finds against WCAG 2.2 AA, one line each."""
    page.evaluate(axe_source())
    found: list[dict[str, Any]] = page.evaluate(EXAMINE, TAGS)
    return [
        f"{rule['id']}: {node['target']} {node['failureSummary'].splitlines()[-1].strip()}"
        for rule in found
        for node in rule["nodes"]
    ]


def untranslated(page: Page, locale: str, data: Iterable[str]) -> list[str]:
    """Words of the other language that neither data nor a name of its own brings."""
    alphabet = HAN if locale == "en" else WORD
    known = words(alphabet, tuple(data))
    found = []
    for text in page.evaluate(TEXTS):
        strange = [w for w in alphabet.findall(text) if not is_known(w, known)]
        if strange:
            found.append(text)
    return sorted(set(found))


@cache
def words(alphabet: re.Pattern[str], data: tuple[str, ...]) -> frozenset[str]:
    return frozenset(word for text in data for word in alphabet.findall(text))


def is_known(word: str, known: frozenset[str]) -> bool:
    """Hold for words of the data, also where a page shortens or joins them."""
    return (
        word in known
        or word in AT_HOME
        or any(word in k or k in word for k in known if HAN.match(k))
    )


def overflow(page: Page) -> int:
    """How many pixels the page is wider than its window."""
    width: int = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return width


def squeezed(page: Page) -> list[str]:
    """Lines of a list with many that are lower than their words."""
    found: list[str] = page.evaluate(SQUEEZED)
    return found


def small_targets(page: Page) -> list[str]:
    """What is too small for a thumb in the rain."""
    found: list[str] = page.evaluate(SMALL_TARGETS, TARGET_PX)
    return found


def weights(page: Page, *, scripts_too: bool) -> dict[str, int]:
    """Bytes of the page and of our own sheets (and scripts), as they leave the server."""
    kinds = (".css", ".js") if scripts_too else (".css",)
    asked = "performance.getEntriesByType('resource').map(r => r.name)"
    ours = {page.url, *page.evaluate(asked)}
    wanted = {u for u in ours if u == page.url or u.split("?")[0].endswith(kinds)}
    wanted = {u for u in wanted if "/vendor/" not in u}
    return {address: len(page.request.get(address).body()) for address in wanted}
