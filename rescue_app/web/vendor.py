"""Browser libraries served by us: only the files pages ask for, straight from the npm folder."""

import os
from pathlib import Path
from typing import Any

from starlette.responses import Response
from starlette.staticfiles import StaticFiles

FILES = {
    "barcode-detector.js": "barcode-detector/dist/es/ponyfill.js",
    "zxing-exported.js": "barcode-detector/dist/es/zxing-exported.js",
    "zxing_reader.wasm": "zxing-wasm/dist/reader/zxing_reader.wasm",
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
    "maplibre-gl.mjs": "maplibre-gl/dist/maplibre-gl.mjs",
    "maplibre-gl-shared.mjs": "maplibre-gl/dist/maplibre-gl-shared.mjs",
    "maplibre-gl-worker.mjs": "maplibre-gl/dist/maplibre-gl-worker.mjs",
    "maplibre-gl.css": "maplibre-gl/dist/maplibre-gl.css",
}


class Checked(StaticFiles):
    """Files a browser keeps but asks about each time, so that no page mixes two releases."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        """Answer as Starlette does, with a word on keeping."""
        response = super().file_response(*args, **kwargs)
        response.headers["cache-control"] = "no-cache"
        return response


class Vendor(Checked):
    """Serve the named files and nothing else of node_modules."""

    def lookup_path(self, path: str) -> tuple[str, os.stat_result | None]:
        """Find a library by its public name."""
        inside = FILES.get(path)
        return super().lookup_path(inside) if inside else ("", None)


def vendor(folder: Path) -> Vendor:
    """Make the mount for `/static/vendor`."""
    return Vendor(directory=folder, check_dir=False)
