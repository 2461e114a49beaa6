"""What tests of readings share: a broker, and how its topics are read."""

import pytest

from rescue_app.settings import PROJECT
from tests.brokers import Mosquitto

# The real series lie beside the repository or nowhere.
SERIES = PROJECT.parent / "shared" / "data" / "rain_beijing"
collect_ignore = [] if SERIES.exists() else ["test_real_series.py"]
MAPPING = """
client: yitong-test
topics:
- {topic: hydro/json, feed: 水文局, kind: json}
- {topic: hydro/senml, feed: 水文局, kind: senml}
- {topic: hydro/+/+/now, feed: 水文局, kind: value, stream: '{2}/{3}', unit: cm}
- {topic: v1.1/+/Observations, feed: 水文局, kind: sensorthings}
"""


@pytest.fixture
def mapping(tmp_path):
    path = tmp_path / "topics.yaml"
    path.write_text(MAPPING, encoding="utf-8")
    return path


@pytest.fixture
def broker(tmp_path):
    made = Mosquitto(tmp_path / "broker")
    made.start()
    yield made
    made.kill()
