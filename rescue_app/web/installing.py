"""What a phone needs to install the field's pages as an app: names, icons, where it begins."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from rescue_app.web.render import language, say

router = APIRouter(include_in_schema=False)
ICONS = (("app-192", 192, "any"), ("app-512", 512, "any"), ("app-maskable", 512, "maskable"))
INK, GROUND = "#1d3f72", "#ffffff"


@router.get("/app.webmanifest", name="manifest")
def manifest(request: Request) -> Response:
    """Describe the app in the reader's language; it opens on the round, also without a network."""
    media_type = "application/manifest+json"
    return JSONResponse(described(request), media_type=media_type)


def described(request: Request) -> dict[str, Any]:
    """Write the manifest."""
    return {
        "id": "/",
        "lang": "zh-CN" if language(request) == "zh" else "en",
        "name": say(request, "Yitong patrol"),
        "short_name": say(request, "Yitong"),
        "start_url": "/round",
        "scope": "/",
        "display": "standalone",
        "orientation": "portrait",
        "theme_color": INK,
        "background_color": GROUND,
        "icons": [
            {
                "src": f"/static/icons/{name}.png",
                "sizes": f"{side}x{side}",
                "type": "image/png",
                "purpose": purpose,
            }
            for name, side, purpose in ICONS
        ],
        "shortcuts": [
            {"name": say(request, "Scan a code"), "url": "/scan"},
            {"name": say(request, "My round"), "url": "/round"},
        ],
    }
