"""Nothing here names a place to download from: pip, npm and apt are told that by the machine."""

import json
import re

from tests.architecture.sources import PROJECT, name, product

ADDRESS = re.compile(r"\b(?:https?|git\+\w+|ftp)://([A-Za-z0-9.\[\]{}_-]+)")
NAMES_NOT_PLACES = {
    "127.0.0.1",
    "[::1]",
    "localhost",
    "www.w3.org",
    "www.opengis.net",
    "json-schema.org",
    "testserver",
    # Links that a person presses to be led to a place; nothing is loaded from there.
    "uri.amap.com",
    "apis.map.qq.com",
}
EXAMPLES = re.compile(r"(^|\.)(example|test|invalid)(\.(org|com|net))?$")
TOOLS = ("Makefile", "pyproject.toml", "tsconfig.json", "package.json")


def foreign(path):
    hosts = set(ADDRESS.findall(path.read_text(encoding="utf-8")))
    return {
        host
        for host in hosts
        if host not in NAMES_NOT_PLACES and not EXAMPLES.search(host) and "{" not in host
    }


def pages():
    static = PROJECT / "rescue_app" / "web"
    kinds = (".js", ".css", ".html", ".svg")
    return [path for path in static.rglob("*") if path.suffix in kinds]


def test_no_code_no_page_and_no_script_names_a_download_address():
    scripts = [path for path in (PROJECT / "scripts").iterdir() if path.is_file()]
    files = [*product(), *pages(), *scripts, PROJECT / ".ci" / "run"]
    files += [PROJECT / tool for tool in TOOLS]
    named = {name(path): hosts for path in files if (hosts := foreign(path))}
    assert not named


def test_the_locks_hold_names_versions_and_hashes_only():
    for lock in ("requirements.txt", "requirements-dev.txt"):
        words = (PROJECT / lock).read_text(encoding="utf-8")
        assert "://" not in words
        assert "--hash=sha256:" in words
    packages = json.loads((PROJECT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert not [path for path, package in packages.items() if "resolved" in package]
    assert all("integrity" in package for path, package in packages.items() if path)
