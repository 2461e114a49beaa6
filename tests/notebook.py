"""The simple model of a log: a person with a notebook reads the deeds by their times."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from rescue_app.dispatch.rules import RANK, TAKEN_ON, UNANSWERED, HopState, Step, StepKind

START = datetime(2026, 6, 1, 2, 0, tzinfo=UTC)


def at(minute: int) -> datetime:
    return START + timedelta(minutes=minute)


def step(number: int, kind: StepKind, minute: int, offers=False, about=None) -> Step:
    whose = UUID(int=about) if about is not None else None
    person = f"person {number}"
    return Step(UUID(int=number), kind, at(minute), person, offers=offers, about=whose)


def replay(steps: set[Step]) -> HopState:
    """The simple model: a person with a notebook reads the deeds in the order of their times."""
    now, since, answer = StepKind.QUEUED, None, None
    struck_out = {line.about for line in steps if line.kind is StepKind.DECLINED}
    aside = (StepKind.CHANGE_TAKEN, StepKind.CLIMBED_OVER, StepKind.DECLINED)
    for line in sorted(steps, key=lambda s: (s.done_at, s.id)):
        if now in (StepKind.WITHDRAWN, StepKind.REPLACED) or line.kind in aside:
            continue
        if line.kind in (StepKind.WITHDRAWN, StepKind.REPLACED):
            if now is not StepKind.DONE:
                now, since = line.kind, line.done_at
            else:
                break
        elif line.kind is StepKind.CANNOT:
            now, since, answer = line.kind, line.done_at, line
        elif line.kind in TAKEN_ON:
            if now not in TAKEN_ON:
                now, since, answer = line.kind, line.done_at, line
            elif RANK[line.kind] > RANK[now]:
                now, since = line.kind, line.done_at
        elif now in UNANSWERED and (since is None or RANK[line.kind] > RANK[now]):
            now, since = line.kind, line.done_at
    waits = now is StepKind.CANNOT and answer.offers and answer.id not in struck_out
    return HopState(now, since, answer, answer if waits else None)
