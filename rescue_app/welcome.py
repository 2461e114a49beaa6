"""What `yitong run` prints when the platform is up: where to look and who to be."""

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from rescue_app.settings import Settings

PAGES = (
    ("/map", "地图 · Map: districts, hazard points"),
    ("/points", "点位 · Points: the ledger as a list"),
    ("/incidents", "指挥 · Command: incidents, orders and their answers"),
    ("/crew", "队伍 · Crew: orders on the phone"),
    ("/assets", "设施 · Assets: bridges, roads, drains and their codes"),
)
DEMO_PASSWORD = "yitong-demo"  # noqa: S105 - shown on purpose: it opens the synthetic scenario only
PEOPLE = (
    ("city", "市级指挥长 · city commander"),
    ("deputy", "市级副指挥长 · deputy city commander"),
    ("cityplanner", "市级规划员 · city planner"),
    ("wanzhou", "万州区指挥长 · district commander"),
    ("planner", "万州区规划员 · district planner"),
    ("street", "街镇指挥长 · street commander"),
    ("patrol", "巡查员 · patrol"),
    ("crew", "队长 · leader of a crew"),
    ("yunyang", "云阳县指挥长 · commander of another district"),
    ("observer", "观察员 · observer"),
    ("member", "队员 · member of the crew"),
)


def welcome(settings: Settings, *, seconds: float) -> RenderableType:
    """Lay out the pages to open and the demo sign-ins."""
    base = f"http://{settings.host}:{settings.port}"
    pages = Table.grid(padding=(0, 3))
    for path, words in PAGES:
        pages.add_row(base + path, words)
    people = Table.grid(padding=(0, 3))
    for login, words in PEOPLE:
        people.add_row(login, words)
    return Group(
        Text(f"一通 Yitong · {base} · {seconds:.1f} s", style="bold"),
        Text(),
        pages,
        Text(f"\n演示账号，密码 · Demo sign-ins, password: {DEMO_PASSWORD}", style="bold"),
        people,
        Text(f"\n日志 · Logs: {settings.home / 'log'}    Ctrl-C 停止 · stops everything"),
    )
