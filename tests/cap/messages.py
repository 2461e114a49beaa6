"""CAP messages for tests, written by hand as others send them."""

from datetime import UTC, datetime, timedelta

SENDER = "weather@example.cn"
AREA = (
    "<area><areaDesc>高笋塘</areaDesc><geocode><valueName>GB/T 10114</valueName>"
    "<value>500101001</value></geocode></area>"
)
BOX = "30.75,108.31 30.75,108.36 30.85,108.36 30.85,108.31 30.75,108.31"


def moment(hours: float = 0) -> str:
    return (datetime.now(UTC) + timedelta(hours=hours)).isoformat(timespec="seconds")


def info(
    *,
    language: str = "zh-CN",
    event: str = "暴雨",
    severity: str = "Severe",
    expires: str | None = None,
    headline: str = "万州发布暴雨橙色预警",
    area: str = AREA,
    more: str = "",
    response: str = "Prepare",
    urgency: str = "Immediate",
) -> str:
    ends = moment(6) if expires is None else expires
    return (
        f"<info><language>{language}</language><category>Met</category><event>{event}</event>"
        f"<responseType>{response}</responseType><urgency>{urgency}</urgency>"
        f"<severity>{severity}</severity><certainty>Likely</certainty>"
        f"<expires>{ends}</expires><senderName>万州气象台</senderName>"
        f"<headline>{headline}</headline><description>三小时五十毫米</description>"
        f"<instruction>远离河道</instruction>{more}{area}</info>"
    )


def cap(
    *infos: str,
    name: str = "a1",
    kind: str = "Alert",
    status: str = "Actual",
    refers: str = "",
    sent: str = "",
    scope: str = "Public",
    note: str = "",
    encoding: str = "utf-8",
    sender: str = SENDER,
    space: str = "urn:oasis:names:tc:emergency:cap:1.2",
    head: str = "",
) -> bytes:
    said = "".join(infos) if infos or kind in {"Cancel", "Ack", "Error"} else info()
    text = (
        f'<?xml version="1.0" encoding="{encoding}"?>{head}<alert xmlns="{space}">'
        f"<identifier>{name}</identifier><sender>{sender}</sender><sent>{sent or moment()}</sent>"
        f"<status>{status}</status><msgType>{kind}</msgType><scope>{scope}</scope>"
        f"{f'<note>{note}</note>' if note else ''}"
        f"{f'<references>{refers}</references>' if refers else ''}{said}</alert>"
    )
    return text.encode(encoding, "xmlcharrefreplace")


def reference(name: str, sent: str, sender: str = SENDER) -> str:
    return f"{sender},{name},{sent}"
