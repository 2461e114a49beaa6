"""When a list falls due, and what becomes of it: pure, by the city's own clock."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from hazards.checklists.rules import Mode, Rhythm, Season

ZONE = ZoneInfo("Asia/Shanghai")
RAIN_ROUND_HOURS = 6
"""While an area stands in an emergency, rounds about rain begin this many hours apart."""
FIRST_DAY = date(2000, 1, 1)
MONTHS = {Rhythm.MONTHLY: 1, Rhythm.QUARTERLY: 3, Rhythm.YEARLY: 12}


class State(StrEnum):
    """Where a task stands. Only an answer makes it done."""

    OPEN = "open"
    BEGUN = "begun"
    DONE = "done"
    CANCELLED = "cancelled"


class Ended(StrEnum):
    """Why a task was cancelled."""

    MODE = "mode"
    POINT_GONE = "point_gone"
    POINT_CHANGED = "point_changed"
    ALERT = "alert"


class Late(StrEnum):
    """What had become of a task before its answer arrived; the answer is kept all the same."""

    CANCELLED = "cancelled"
    DONE_BEFORE = "done_before"


OWED = (State.OPEN, State.BEGUN)


@dataclass(frozen=True, slots=True)
class Floods:
    """First and last month of the flood season; it may run over the turn of the year."""

    first_month: int = 5
    last_month: int = 9

    def hold(self, day: date) -> bool:
        """Tell whether a day lies in the flood season."""
        if self.first_month <= self.last_month:
            return self.first_month <= day.month <= self.last_month
        return day.month >= self.first_month or day.month <= self.last_month


@dataclass(frozen=True, slots=True)
class Period:
    """One turn of a rhythm: there is one task per point, list and key."""

    key: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Window:
    """From when till when a task is to be done."""

    from_at: datetime
    due_at: datetime


def in_season(season: Season, day: date, floods: Floods) -> bool:
    """Tell whether a list of this season is asked on a day."""
    return season is Season.ALL or floods.hold(day) is (season is Season.FLOOD)


def period_of(rhythm: Rhythm, at: datetime, *, mode: Mode = Mode.PEACE) -> Period | None:
    """Give the turn that a moment lies in; rounds about rain fall due in an emergency alone."""
    local = at.astimezone(ZONE)
    if rhythm is Rhythm.AROUND_RAIN:
        return None if mode is Mode.PEACE else _hours(local, RAIN_ROUND_HOURS)
    if rhythm is Rhythm.HOURLY:
        return _hours(local, 1)
    if rhythm is Rhythm.TWICE_DAILY:
        return _hours(local, 12)
    key, first, after = _days(rhythm, local.date())
    return Period(key, _midnight(first), _midnight(after))


def window_of(period: Period, *, hours: int, now: datetime) -> Window:
    """Give the time to do it; whoever gets a task late has the whole time from then on."""
    length = timedelta(hours=hours)
    begin = now if now > period.start + length / 2 else period.start
    return Window(begin, begin + length)


def after_round(began: datetime) -> Period:
    """Give the last round about rain: the one after it, once an emergency is called off."""
    local = began.astimezone(ZONE)
    end = began + timedelta(hours=RAIN_ROUND_HOURS)
    return Period(f"{local:%Y-%m-%dT%H:%M:%S}/after", began, end)


def once_per_emergency(rhythm: Rhythm, mode: Mode) -> bool:
    """Tell what is done once each time an area gets into this mode, not once for ever."""
    return rhythm is Rhythm.ONCE and mode is not Mode.PEACE


def _hours(local: datetime, length: int) -> Period:
    hour = local.hour - local.hour % length
    start = local.replace(hour=hour, minute=0, second=0, microsecond=0)
    return Period(f"{start:%Y-%m-%dT%H}/{length}", start, start + timedelta(hours=length))


def _days(rhythm: Rhythm, day: date) -> tuple[str, date, date]:
    """Give key, first day and the day after the last one."""
    if rhythm in MONTHS:
        return _month_turn(MONTHS[rhythm], day)
    if rhythm in (Rhythm.WEEKLY, Rhythm.TWICE_WEEKLY):
        return _week_turn(day, halves=rhythm is Rhythm.TWICE_WEEKLY)
    if rhythm is Rhythm.ONCE:
        return "once", FIRST_DAY, date.max
    return f"{day}", day, day + timedelta(days=1)


def _week_turn(day: date, *, halves: bool) -> tuple[str, date, date]:
    """Give a week, Monday first; its halves are Monday to Wednesday and Thursday to Sunday."""
    year, week, weekday = day.isocalendar()
    monday, key = day - timedelta(days=weekday - 1), f"{year}-W{week:02}"
    if not halves:
        return key, monday, monday + timedelta(days=7)
    thursday = monday + timedelta(days=3)
    if day < thursday:
        return f"{key}/1", monday, thursday
    return f"{key}/2", thursday, monday + timedelta(days=7)


def _month_turn(length: int, day: date) -> tuple[str, date, date]:
    number = (day.month - 1) // length
    first, after = number * length + 1, (number + 1) * length + 1
    keys = {1: f"{day:%Y-%m}", 3: f"{day.year}-Q{number + 1}", 12: f"{day.year}"}
    end = date(day.year + 1, 1, 1) if after > 12 else date(day.year, after, 1)
    return keys[length], date(day.year, first, 1), end


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), ZONE)
