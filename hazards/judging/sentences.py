"""Says in one plain sentence why a colour came or went, in Chinese and English. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from hazards.alerts.rules import Colour
from hazards.judging.rules import Agreed, Kind, Reached, Rule

DAY = timedelta(days=1)

ZH = {None: "解除", Colour.BLUE: "蓝色", Colour.YELLOW: "黄色", Colour.ORANGE: "橙色",
      Colour.RED: "红色"}  # fmt: skip
EN = {None: "calm", Colour.BLUE: "blue", Colour.YELLOW: "yellow", Colour.ORANGE: "orange",
      Colour.RED: "red"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Words:
    """What a rule's property is called, in which unit it is measured, and what its marks are."""

    zh: str
    en: str
    unit: str
    marks: Mapping[str, tuple[str, str]] = field(default_factory=dict)


def up(rule: Rule, agreed: Agreed, words: Words) -> tuple[str, str]:
    """Say what was measured, in which span, and which step it reached."""
    by, step, colour = agreed.by, agreed.by.step, agreed.colour
    zh, en = _over(by, words) if rule.kind is Kind.OVER else _measured(rule, by, words)
    if step.colour is not colour:
        zh += f"；多流一致只到{ZH[colour]}"
        en += f"; the streams agree on {EN[colour]} only"
    return zh, en


def _measured(rule: Rule, by: Reached, words: Words) -> tuple[str, str]:
    step = by.step
    span_zh, span_en = _span(step.window)
    measured, at = f"{by.measured:.4g} {words.unit}", f"{step.at:g} {words.unit}"
    zh, en = {
        Kind.SUM: (f"近 {span_zh}{words.zh}", f"{words.en} of the last {span_en}"),
        Kind.RATE: (f"近 {span_zh}{words.zh}变化", f"{words.en} changed in {span_en} by"),
    }.get(rule.kind, (words.zh, words.en))
    if step.window > DAY and rule.decay < 1:
        zh += f"（逐日衰减 {rule.decay:g}）"
        en += f" (each day back counts {rule.decay:g} times)"
    return (
        f"{zh} {measured}，达到{ZH[step.colour]}阈值 {at}",
        f"{en} {measured}; the {EN[step.colour]} threshold is {at}",
    )


def _span(window: timedelta) -> tuple[str, str]:
    if window > DAY and not window % DAY:
        return f"{window // DAY} 天", f"{window // DAY} days"
    hours = f"{window.total_seconds() / 3600:g}"
    return f"{hours} 小时", f"{hours} h"


def _over(by: Reached, words: Words) -> tuple[str, str]:
    """Say where it stands and which mark it stands over, or how little under it."""
    step = by.step
    zh, en = words.marks.get(step.mark, (step.mark, step.mark))
    stands, mark = f"{by.base + by.measured:.7g} {words.unit}", f"{by.base:.7g} {words.unit}"
    far = f"{abs(by.measured):.4g} {words.unit}"
    over = by.measured >= 0
    told_zh = (
        f"{words.zh} {stands}，{'超' if over else '距'}{zh} {mark} {'' if over else '还有 '}{far}"
    )
    told_en = f"{words.en} {stands}: {far} {'over' if over else 'under'} the {en} {mark}"
    if step.at:
        side = f"{abs(step.at):g} {words.unit}"
        told_zh += f"（阈值为{'高' if step.at > 0 else '低'} {side}）"
        told_en += f" (asked: {side} {'over' if step.at > 0 else 'under'} it)"
    return f"{told_zh}，达到{ZH[step.colour]}", f"{told_en}; that is {EN[step.colour]}"


def down(rule: Rule, before: Colour, colour: Colour | None, words: Words) -> tuple[str, str]:
    """Say below what it has been, and for how long."""
    minutes = f"{rule.down_after.total_seconds() / 60:g}"
    if rule.kind is Kind.OVER:
        far = f" {rule.margin:g} {words.unit} " if rule.margin else ""
        under_zh = f"低于{ZH[before]}阈值{far}已"
        under_en = f"{far.lstrip()}below the {EN[before]} threshold"
    else:
        under_zh = f"低于{ZH[before]}阈值的 {rule.ease:.0%} 已"
        under_en = f"below {rule.ease:.0%} of the {EN[before]} threshold"
    zh = f"{words.zh}{under_zh} {minutes} 分钟，"
    zh += f"降为{ZH[colour]}" if colour else "解除"
    en = f"{words.en} {under_en} for {minutes} min: "
    return zh, en + (f"down to {EN[colour]}" if colour else "over")
