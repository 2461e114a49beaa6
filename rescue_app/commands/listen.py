"""`yitong listen`: take readings from an MQTT broker and from a folder, until told to stop."""

from gis.errors import Rejected
from gis.store.engine import make_engine, make_sessions
from hazards.monitoring import topics
from rescue_app import database, listening, logs
from rescue_app.listening import Broker
from rescue_app.settings import Settings


def listen() -> None:
    """Listen by the settings; each part that is not set is left out."""
    settings = Settings()
    logs.configure()
    broker = Broker.of(settings.mqtt_url) if settings.mqtt_url else None
    if broker and settings.mqtt_mapping is None:
        raise Rejected("Name the file of topics in YITONG_MQTT_MAPPING.")
    if broker is None and settings.readings_folder is None:
        raise Rejected("Set YITONG_MQTT_URL or YITONG_READINGS_FOLDER: there is nothing to hear.")
    how = topics.load(settings.mqtt_mapping) if settings.mqtt_mapping else None
    database.wait_until_prepared(settings)
    engine = make_engine(database.ensure(settings).app, pool_size=2)
    try:
        sessions = make_sessions(engine, files_url=settings.files_place)
        listening.listen(sessions, broker=broker, how=how, folder=settings.readings_folder)
    finally:
        engine.dispose()
