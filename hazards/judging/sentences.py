"""Says in one plain sentence why a colour came or went, in Chinese and English. Pure."""

from dataclasses import dataclass

from hazards.alerts.rules import Colour
from hazards.judging.rules import Agreed, Kind, Rule

ZH = {None: "解除", Colour.BLUE: "蓝色", Colour.YELLOW: "黄色", Colour.ORANGE: "橙色",
      Colour.RED: "红色"}  # fmt: skip
EN = {None: "calm", Colour.BLUE: "blue", Colour.YELLOW: "yellow", Colour.ORANGE: "orange",
      Colour.RED: "red"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Words:
    """What a rule's property is called, and in which unit it is measured."""

    zh: str
    en: str
    unit: str


def up(rule: Rule, agreed: Agreed, words: Words) -> tuple[str, str]:
    """Say what was measured, in which span, and which step it reached."""
    by, step = agreed.by, agreed.by.step
    hours = f"{step.window.total_seconds() / 3600:g}"
    measured, at = f"{by.measured:.4g} {words.unit}", f"{step.at:g} {words.unit}"
    colour = agreed.colour
    zh, en = {
        Kind.SUM: (f"近 {hours} 小时{words.zh}", f"{words.en} of the last {hours} h"),
        Kind.RATE: (f"近 {hours} 小时{words.zh}变化", f"{words.en} changed in {hours} h by"),
        Kind.VALUE: (words.zh, words.en),
    }[rule.kind]
    with_zh = f" {measured}，达到{ZH[step.colour]}阈值 {at}"
    with_en = f" {measured}; the {EN[step.colour]} threshold is {at}"
    if step.colour is not colour:
        with_zh += f"；多流一致只到{ZH[colour]}"
        with_en += f"; the streams agree on {EN[colour]} only"
    return zh + with_zh, en + with_en


def down(rule: Rule, before: Colour, colour: Colour | None, words: Words) -> tuple[str, str]:
    """Say below what it has been, and for how long."""
    minutes, share = f"{rule.down_after.total_seconds() / 60:g}", f"{rule.ease:.0%}"
    zh = f"{words.zh}低于{ZH[before]}阈值的 {share} 已 {minutes} 分钟，"
    zh += f"降为{ZH[colour]}" if colour else "解除"
    en = f"{words.en} below {share} of the {EN[before]} threshold for {minutes} min: "
    return zh, en + (f"down to {EN[colour]}" if colour else "over")
