"""What a client wants of a set: filter, order, how many, which parts, and what with it. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from gis.errors import Rejected
from hazards.monitoring.sensorthings.grammar import LONGEST, Node, parsed, parsed_order

USUAL_TOP, MOST_TOP = 100, 1_000
MOST_SKIPPED = 10_000_000
DEEPEST, MOST_EXPANDED = 5, 20


@dataclass(slots=True)
class Options:
    """The options of one set, and of what is told with each of its members."""

    filter: Node | None = None
    filter_words: str = ""
    order: list[tuple[Node, bool]] = field(default_factory=list)
    order_words: str = ""
    top: int = USUAL_TOP
    skip: int = 0
    count: bool = False
    select: tuple[str, ...] = ()
    expand: dict[str, "Options"] = field(default_factory=dict)
    expand_words: str = ""
    arrays: bool = False


def read(pairs: Iterable[tuple[str, str]], *, depth: int = 0) -> Options:
    """Read the options of an address. Raises Rejected for one that is not known."""
    options = Options()
    for name, words in pairs:
        _take(options, name, words.strip(), depth)
    return options


def _take(options: Options, name: str, words: str, depth: int) -> None:
    if name == "$filter":
        options.filter, options.filter_words = parsed(words), words
    elif name == "$orderby":
        options.order, options.order_words = parsed_order(words), words
    elif name == "$top":
        options.top = min(_number(name, words), MOST_TOP)
    elif name == "$skip":
        options.skip = _number(name, words)
    elif name == "$count":
        options.count = _truth(name, words)
    elif name == "$select":
        options.select = tuple(word.strip() for word in words.split(",") if word.strip())
    elif name == "$resultFormat":
        options.arrays = _is_array(words, depth)
    elif name == "$expand":
        options.expand_words = words
        _expand(options, words, depth)
    elif not name.startswith("$"):
        return  # not the standard's: `lang` says in which language errors are told
    else:
        raise Rejected("There is no option {name} here.", name=name[:60])


def _number(name: str, words: str) -> int:
    if not words.isascii() or not words.isdigit() or int(words[:12]) > MOST_SKIPPED:
        raise Rejected("{name} is a number from 0 to {most}.", name=name, most=MOST_SKIPPED)
    return int(words)


def _truth(name: str, words: str) -> bool:
    if words not in {"true", "false"}:
        raise Rejected("{name} is true or false.", name=name)
    return words == "true"


def _is_array(words: str, depth: int) -> bool:
    if words != "dataArray" or depth:
        raise Rejected("$resultFormat is dataArray, of a whole answer, or left out.")
    return True


def _expand(options: Options, words: str, depth: int) -> None:
    if len(words) > LONGEST:
        raise Rejected("This question is longer than {most} signs. Ask a shorter one.",
                       most=LONGEST)  # fmt: skip
    if depth >= DEEPEST:
        raise Rejected("This question is nested deeper than {most}. Ask a flatter one.",
                       most=DEEPEST)  # fmt: skip
    parts = _parted(words, ",")
    if len(parts) > MOST_EXPANDED:
        raise Rejected("Expand at most {most} at once.", most=MOST_EXPANDED)
    for part in parts:
        path, _, inner = part.partition("(")
        first, *rest = [step.strip() for step in path.split("/")]
        if inner and not inner.endswith(")"):
            raise Rejected("The question cannot be understood from “{rest}” on.", rest=part[:60])
        told = inner[:-1]
        if rest:  # Datastreams/Observations is Datastreams($expand=Observations)
            told = f"$expand={'/'.join(rest)}" + (f"({told})" if told else "")
        pairs = [_pair(one) for one in _parted(told, ";")]
        _join(options.expand, first, read(pairs, depth=depth + 1))


def _join(known: dict[str, Options], name: str, more: Options) -> None:
    """Take what is asked of one set in several parts together."""
    before = known.setdefault(name, more)
    if before is not more:
        before.expand |= more.expand


def _pair(words: str) -> tuple[str, str]:
    name, _, value = words.partition("=")
    return name.strip(), value


def _parted(words: str, sign: str) -> Sequence[str]:
    """Part words at a sign that stands in no brackets and in no quotes."""
    parts, depth, quoted, begun = [], 0, False, 0
    for at, letter in enumerate(words):
        if letter == "'":
            quoted = not quoted
        elif not quoted and letter in "()":
            depth += 1 if letter == "(" else -1
        elif letter == sign and not quoted and depth == 0:
            parts.append(words[begun:at].strip())
            begun = at + 1
    return [part for part in (*parts, words[begun:].strip()) if part]
