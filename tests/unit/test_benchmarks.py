"""The page of figures: every benchmark says what it does, and figures go where they belong."""

import json

from rescue_app.settings import PROJECT
from tests.benchmarks import __main__ as program
from tests.benchmarks import page
from tests.benchmarks.harness import chosen


def test_every_benchmark_says_what_it_does_and_the_docs_have_a_place_for_it():
    program.enlist_all()
    assert [bench.name for bench in chosen([]) if not page.told(bench)] == []
    docs = (PROJECT / "docs" / "benchmarks.md").read_text(encoding="utf-8")
    assert docs.index(page.BEGIN) < docs.index(page.END)


def test_figures_take_the_place_of_the_last_ones_and_of_nothing_else(tmp_path):
    program.enlist_all()
    results, shown = tmp_path / "bench.json", tmp_path / "page.md"
    line = {"name": "import/csv", "unit": "rows/s", "ours": 51234.5, "floor": 1000.0}
    line |= {"peer": None, "ratio_floor": 1.5, "ratio_peer": None, "rows": 250, "peak_mb": None}
    results.write_text(json.dumps([line]))
    shown.write_text(f"before\n{page.BEGIN}\nold figures\n{page.END}\nafter\n")
    for _ in range(2):
        page.write(shown, results, chosen([]))
    text = shown.read_text(encoding="utf-8")
    assert "| `import/csv` | rows/s | 51,234 | 1,000 | 1.5× | – | – | – |" in text
    assert "- `import/csv`: The ledger brought in from CSV" in text
    assert text.startswith("before\n")
    assert text.endswith("\nafter\n")
    assert "old figures" not in text
    assert text.count("import/csv`: ") == 1
