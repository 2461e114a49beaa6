"""Which database this installation works on: its own private one, or the one it was given."""

from sqlalchemy import make_url

from gis.store.cluster import Cluster, Urls
from rescue_app.settings import Settings

AS_APP = "-c role=yitong_app -c timezone=UTC"


def private(settings: Settings) -> Cluster:
    """Give the private server of this installation, running or not."""
    return Cluster(settings.home / "postgres")


def ensure(settings: Settings) -> Urls:
    """Give the URLs of the database, starting the private server when none was given."""
    if settings.database_url is None:
        return private(settings).ensure_running()
    return given(settings.database_url, settings.app_database_url)


def given(owner_url: str, app_url: str | None) -> Urls:
    """Give the URLs of a server that is not ours; it is never started, stopped or searched.

    Without a URL of its own the application's role is taken on by each connection.
    """
    owner = make_url(owner_url).set(drivername="postgresql+psycopg")
    app = make_url(app_url) if app_url else owner.update_query_dict({"options": AS_APP})
    return Urls(
        owner=owner.render_as_string(hide_password=False),
        app=app.set(drivername="postgresql+psycopg").render_as_string(hide_password=False),
    )
