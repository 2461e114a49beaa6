"""A made-up storm over many rain gauges, sent by HTTP or through Mosquitto, and whom it wakes.

`python -m tests.storms --streams 50000 --way mqtt` sends it whole, says how long each step took,
and fails where anybody was called who should not be, or was not called who should.
"""

import http.client
import json
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from gis.store.cluster import Urls
from rescue_app.http.dependencies import COOKIE
from tests.brokers import Mosquitto
from tests.gauges import CORE, FEED, Storm, furnish
from tests.hearing import Hearing
from tests.waking import Post, Woken, faults, wake

Send = Callable[[str, object, dict[str, str]], object]
TOPICS = f"""
client: yitong-storm
topics:
- {{topic: gauges/+, feed: {FEED}, kind: json}}
"""


class Way(StrEnum):
    """How the gauges send."""

    HTTP = "http"
    MQTT = "mqtt"


def by_http(storm: Storm, send: Send, key: str) -> None:
    """Send batches of thousands, as a gateway does."""
    for batch in storm.rain():
        send("/api/v1/readings", {"readings": batch}, {"authorization": f"Bearer {key}"})


@contextmanager
def heard(urls: Urls, home: Path) -> Iterator[tuple[Mosquitto, Hearing]]:
    """Give a Mosquitto, and the process that listens to it."""
    mapping = home / "topics.yaml"
    mapping.write_text(TOPICS, encoding="utf-8")
    broker = Mosquitto(home / "broker")
    broker.start()
    hearing = Hearing(urls, home, mqtt_url=broker.url, mqtt_mapping=mapping)
    try:
        hearing.start()
        hearing.wait_for("mqtt.listening")
        yield broker, hearing
    finally:
        hearing.kill()
        broker.kill()


def by_mqtt(storm: Storm, broker: Mosquitto, hearing: Hearing) -> None:
    """Let each gauge say each reading as a message of its own; wait until all are kept."""
    for batch in storm.rain():
        broker.say([
            (f"gauges/{n}", json.dumps({"readings": [one]}).encode())
            for n, one in enumerate(batch)
        ])  # fmt: skip
    kept = 0
    while kept < storm.readings:
        kept += hearing.wait_for("mqtt.kept")["kept"]


def issuer(send: Send, token: str) -> Post:
    """Give how a person at a page sends."""
    who = {"cookie": f"{COOKIE}={token}", "sec-fetch-site": "same-origin"}
    return lambda path, body: send(path, body, who)


def main(
    streams: Annotated[int, typer.Option(min=CORE)] = 50_000,
    minutes: Annotated[int, typer.Option(min=9)] = 10,
    owners: Annotated[int, typer.Option(min=1)] = 1_000,
    silent: Annotated[int, typer.Option(min=0)] = 20,
    way: Way = Way.HTTP,
) -> None:
    """Send a whole storm to real processes, say what was seen, and fail if it is not as told."""
    from tests.benchmarks.stage import Stage

    with Stage(crews=1) as stage:
        storm = Storm(streams, owners, datetime.now(UTC), minutes, silent)
        key, token = furnish(stage.sessions, stage.cast, storm), stage.token("city")
        send, woken = to(stage.server.port), Woken()
        if way is Way.HTTP:
            with woken.step("readings by HTTP"):
                by_http(storm, send, key)
        else:
            with heard(stage.urls, stage.home) as both, woken.step("readings through Mosquitto"):
                by_mqtt(storm, *both)
        wake(stage.sessions, issuer(send, token), storm, woken)
    tell(storm, woken)


def tell(storm: Storm, woken: Woken) -> None:
    """Say what was seen; end badly where it is not as told."""
    for name, seconds in woken.seconds.items():
        typer.echo(f"{seconds:8.1f} s  {name}")
    typer.echo(
        f"{woken.kept:,} readings kept; {woken.standing:,} colours at stations; called:"
        f" {woken.keepers.total()} keepers of silent stations, {woken.approvers.total()} approvers,"
        f" {len(woken.owners):,} owners ({woken.owners.total():,} calls), then"
        f" {woken.climbed.total():,} times the officer for who was silent"
    )
    if wrong := faults(storm, woken):
        typer.echo("Not as told:\n" + "\n".join(wrong))
        raise typer.Exit(1)


def to(port: int) -> Send:
    """Give a way to send to a server, that fails loudly."""

    def send(path: str, body: object, headers: dict[str, str]) -> object:
        told = headers | {"content-type": "application/json"}
        # A line for each: the server ends one that is idle while a step takes its time.
        with closing(http.client.HTTPConnection("127.0.0.1", port)) as line:
            line.request("POST", path, json.dumps(body), told)
            answer = line.getresponse()
            said = answer.read()
        if answer.status >= http.client.BAD_REQUEST:
            raise RuntimeError(said[:300])
        return said

    return send


if __name__ == "__main__":
    typer.run(main)
