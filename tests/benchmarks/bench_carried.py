"""How soon the last page is told where a broker carries events from machine to machine."""

from contextlib import ExitStack, closing
from pathlib import Path

from tests.benchmarks.bench_live import held, open_pages, ours
from tests.benchmarks.bench_reach import PAGES
from tests.benchmarks.harness import Contest, benchmark
from tests.benchmarks.lab import Lab
from tests.benchmarks.stage import Stage
from tests.jetstream import JetStream


@benchmark("fanout/5000x2-jetstream", unit="ms", rows=PAGES)
def by_jetstream(_: Lab) -> Contest:
    """One event to 5,000 pages over NATS JetStream, two web processes; the peer is ourselves:
    two web processes, each woken by the database.
    """
    with ExitStack() as opened:
        woken = opened.enter_context(Stage(crews=1, processes=2))
        broker = JetStream(Path(woken.home))
        broker.start()
        opened.callback(broker.kill)
        carried = opened.enter_context(Stage(crews=1, processes=2, nats_url=broker.url))
        theirs = opened.enter_context(closing(open_pages(woken, PAGES)))
        pages = opened.enter_context(closing(open_pages(carried, PAGES)))
        around = opened.pop_all()
    return Contest(
        ours=lambda: ours(carried, pages), peer=lambda: ours(woken, theirs), around=held(around)
    )
