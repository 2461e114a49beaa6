"""Alembic environment: sees every floor's tables because it sits on top."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from geoalchemy2 import alembic_helpers
from sqlalchemy import Connection, NullPool, create_engine

from gis.store.base import Base, Shape
from rescue_app.migrations import tables  # noqa: F401 - importing it fills the metadata


def render_item(kind: str, item: Any, autogen: AutogenContext) -> str | Literal[False]:
    """Write our column type as plain Geometry, so old migrations never import the app."""
    if kind == "type" and isinstance(item, Shape):
        autogen.imports.add("import geoalchemy2")
        shape: Any = item.impl_instance
        return (
            f"geoalchemy2.types.Geometry({shape.geometry_type!r}, "
            f"srid={shape.srid}, spatial_index=False)"
        )
    found: str | Literal[False] = alembic_helpers.render_item(kind, item, autogen)
    return found


def include_object(item: Any, name: str | None, kind: str, reflected: bool, other: Any) -> bool:
    """Leave PostGIS's and the job queue's tables alone."""
    if kind == "table" and (name or "").startswith("procrastinate_"):
        return False
    return bool(alembic_helpers.include_object(item, name, kind, reflected, other))


def migrate(connection: Connection) -> None:
    """Run the migrations in one transaction: a new schema, or the old one."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        include_object=include_object,
        process_revision_directives=alembic_helpers.writer,
        render_item=render_item,
        compare_server_default=False,
    )
    with context.begin_transaction():
        context.run_migrations()


shared = context.config.attributes.get("connection")
if shared is not None:
    migrate(shared)
else:
    with create_engine(context.config.attributes["url"], poolclass=NullPool).connect() as own:
        migrate(own)
