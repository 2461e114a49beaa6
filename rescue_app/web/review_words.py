"""The words of a review, said on its page and in its printed report alike; English is the id."""

from collections.abc import Callable

from gis.exchange.writing.forms import Wording

LEVELS = {
    "all": "All levels", "city": "City", "district": "District", "department": "Department",
    "street": "Street", "crew": "Crews", "member": "Members", "community": "Community",
    "grid": "Grid",
}  # fmt: skip
LEGS = {
    "delivered": "Given → delivered", "seen": "Given → seen", "answered": "Given → answered",
    "passed": "Answered → passed down", "moving": "Answered → on the way",
    "arrived": "On the way → on site", "done": "On site → done",
    "on_site": "Order issued → on site",
}  # fmt: skip
TALLY = {
    "given": "Given", "reached": "Reached them", "answered": "Answered", "in_time": "In time",
    "silent": "Silent", "waiting": "Still waited for", "climbed_over": "Climbed over",
    "cannot": "Cannot", "taken_back": "Taken back", "arrived": "On site", "done": "Done",
}  # fmt: skip
BAD = frozenset({"silent", "climbed_over", "cannot"})
RUNGS = {"first": "First", "deputy": "Deputy", "superior": "Superior", "by_hand": "By hand"}
TOPICS = {
    "order": "Order", "order_change": "Change of an order", "member": "A member's part",
    "member_change": "Change for a member", "support": "Call for support",
    "check_in": "Safety timer", "report": "Report up", "lesson": "Lesson",
}  # fmt: skip
VERDICTS = {
    "in_time": "Done in time", "late": "Done late", "going_on": "Under way",
    "overdue": "Overdue", "ended": "Ended before it was done", "not_issued": "Not issued",
}  # fmt: skip
VERDICT_TONES = {"late": "orange", "overdue": "red", "not_issued": "orange"}
STEPS = {
    "consult": "Confer and call", "patrol": "Patrol the area", "evacuate": "Evacuate",
    "rescue": "Rescue readiness",
    "duty": "Duty and reporting", "": "Ordered without a plan",
}  # fmt: skip
FIGURES = {
    "median": "Median", "p90": "Nine of ten", "worst": "Worst", "share": "Share of",
}  # fmt: skip
SOURCES = {
    "hop": "Orders", "member": "Members", "change": "Changes of orders", "site": "From the site",
    "incident": "The incident", "report": "Reports up", "level": "Response levels",
    "rung": "People called", "call": "Answers to calls",
}  # fmt: skip
HOW = {
    "geofence": "by its place", "scan": "by a scanned label", "phone": "by phone",
    "radio": "by radio", "door": "at the door", "gong": "by gong",
}  # fmt: skip
KINDS = {
    "hop": {
        "queued": "Given", "delivered": "Delivered", "seen": "Has seen it",
        "accepted": "Received", "cannot": "Cannot", "passed_down": "Passed down",
        "moving": "On the way", "arrived": "On site", "working": "Working", "done": "Done",
        "withdrawn": "Taken back", "change_taken": "Change heard", "climbed_over": "Climbed over",
        "replaced": "Proposal taken", "declined": "Proposal declined",
    },
    "member": {
        "queued": "Given", "delivered": "Delivered", "seen": "Has seen it",
        "accepted": "Received", "cannot": "Cannot", "moving": "On the way",
        "arrived": "On site", "working": "Working", "done": "Done",
        "withdrawn": "Taken back", "change_taken": "Change heard",
    },
    "change": {
        "amended": "Amended", "suspended": "Suspended", "resumed": "Resumed",
        "cancelled": "Cancelled", "recalled": "Recalled: leave the site",
        "alarmed": "Called away by a crew on site",
    },
    "site": {
        "situation": "Report from the site", "moved": "People moved",
        "support": "Call for support", "danger": "Called away by a crew on site",
        "people": "People to help", "material": "Material", "medical": "Medical help",
        "power_off": "Power off", "ticked": "Checklist: done", "unticked": "Checklist: taken back",
    },
    "incident": {
        "opened": "Opened", "told": "Told again", "graded": "Graded", "merged": "Joined with",
        "took_in": "Took in", "parted": "Taken out of", "gave_back": "Gave back",
        "split_off": "Split off", "came_from": "Split off from", "closed": "Closed",
        "reopened": "Goes on",
    },
    "report": {
        "first": "First report", "follow_up": "Follow-up report", "final": "Final report",
    },
    "level": {
        "I": "Response level I", "II": "Response level II", "III": "Response level III",
        "IV": "Response level IV",
    },
    "rung": {
        "first": "Called first", "deputy": "Called as deputy", "superior": "Called as superior",
        "by_hand": "To be fetched by hand",
    },
    "call": {"yes": "Received", "cannot": "Cannot"},
}  # fmt: skip
MEMBER_TILES = {
    "answered": "Members answered", "silent": "Members silent", "arrived": "Members on site",
}  # fmt: skip
TITLES = {
    "tally": "How far it came", "times": "Times by level", "rungs": "Ladders of calls",
    "missed": "Silent and substituted", "planned": "Plan against actual",
    "measured": "Indicators", "lessons": "Lessons", "timeline": "Timeline",
}  # fmt: skip
HEADS = {
    "tally": ("Level", *TALLY.values()),
    "times": ("Level", "What took time", "Measured", "Median", "Nine of ten", "Worst"),
    "rungs": ("What about", "Called as", "Called", "Received", "Cannot", "Silent", "Took it",
              "Median", "Nine of ten", "Worst"),
    "missed": ("Who", "Level", "Order", "What happened", "In their place"),
    "planned": ("Action", "Step", "By when", "First answer", "First on site", "Done", "Outcome"),
    "measured": ("Indicator", "Level", "This time", "Measured", "Target", "Outcome"),
    "lessons": ("Lesson", "Owner", "By when", "State"),
    "timeline": ("When", "Level", "Who", "What happened", "About", "Said"),
}  # fmt: skip
EMPTY = {
    "tally": "No order was given.", "times": "No time was measured yet.",
    "rungs": "Nobody was called.", "missed": "Nobody was silent and nothing went another way.",
    "planned": "No order was given.", "measured": "No indicator is set.",
    "lessons": "No lesson is written down yet.", "timeline": "Nothing is in the log.",
}  # fmt: skip
COLUMNS = {
    "name": "Incident", "drill": "Drill", "at": "When", "heard_at": "Heard at",
    "source": "Which log", "kind": "What happened", "lane": "Level", "unit": "Unit",
    "unit_en": "Unit in English", "who": "Who", "words": "Said",
    "words_en": "Said in English", "matter": "About",
    "matter_en": "About in English", "how": "How it is known",
    "entered_by": "Entered by", "via": "Through",
    "order_id": "Number of the order", "people_moved": "People moved",
    "longitude": "Longitude", "latitude": "Latitude", "extent": "Extent",
    "crs": "Coordinate system",
}  # fmt: skip
"""The table of the timeline, for who reads it; a program reads the names."""
OTHERS = (
    "{count} min", "{count} %", "at most {target}", "at least {target}", "Met", "Missed",
    "Nothing measured", "nobody", "{names}, and {count} more", "Done by {name}", "Owed", "Late",
    "After-action review", "Result of the drill", "Drill",
    ", entered by {name}", "through {name}", "So far, up to {time}", "From {start} to {end}",
    "DRILL: nothing of this really happened", "Made {time} by {name}",
    "Where it was", "Black: the incident. Dots: crews on site. Rings: reports from the site.",
    "The night in lanes",
    "Grey: given. Line: answered. Dashes: on site. Dots: done. Red: silent when its time was over.",
    "Taken off the checklist: {items}", "Put on the checklist: {items}",
    "The first {count} of {total} lines; all of them are in the CSV file.",
)  # fmt: skip
"""Sentences that Python says with `tell`, here so that a test finds each in Chinese."""


def table(tell: Callable[[str], str]) -> Wording:
    """Give the timeline's headings, and its codes in words."""
    kinds = {f"{source}:{code}": tell(text) for source, each in KINDS.items()
             for code, text in each.items()}  # fmt: skip
    said = {"source": SOURCES, "lane": LEVELS, "how": HOW}
    words = {name: {code: tell(text) for code, text in each.items()} for name, each in said.items()}
    return Wording({name: tell(text) for name, text in COLUMNS.items()}, words | {"kind": kinds})


def spoken() -> set[str]:
    """Give every message that a review says."""
    plain = (
        MEMBER_TILES,
        LEVELS,
        LEGS,
        TALLY,
        RUNGS,
        FIGURES,
        TOPICS,
        VERDICTS,
        STEPS,
        SOURCES,
        TITLES,
        EMPTY,
        HOW,
        COLUMNS,
    )
    said = {text for each in plain for text in each.values()}
    said |= {text for each in KINDS.values() for text in each.values()}
    return said | {text for each in HEADS.values() for text in each} | set(OTHERS)
