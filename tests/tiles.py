"""Reads a vector tile as a map does: layer name to the properties and places of its features."""

import math
import struct
from dataclasses import dataclass
from typing import Any

Fields = list[tuple[int, Any]]


@dataclass
class Feature:
    properties: dict[str, Any]
    x: int
    y: int


def varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at


def fields(data: bytes) -> Fields:
    found: Fields = []
    at = 0
    while at < len(data):
        key, at = varint(data, at)
        if key & 7 == 0:
            value, at = varint(data, at)
            found.append((key >> 3, value))
            continue
        size, at = varint(data, at) if key & 7 == 2 else ({1: 8, 5: 4}[key & 7], at)
        found.append((key >> 3, data[at : at + size]))
        at += size
    return found


def packed(data: bytes) -> list[int]:
    found, at = [], 0
    while at < len(data):
        value, at = varint(data, at)
        found.append(value)
    return found


def value_of(data: bytes) -> Any:
    kind, value = fields(data)[0]
    if kind == 1:
        return value.decode()
    if kind == 3:
        return struct.unpack("<d", value)[0]
    return value >> 1 ^ -(value & 1) if kind == 6 else value


def unzigzag(value: int) -> int:
    return value >> 1 ^ -(value & 1)


def layers(tile: bytes) -> dict[str, list[Feature]]:
    return dict(layer(data) for _, data in fields(tile))


def layer(data: bytes) -> tuple[str, list[Feature]]:
    parts = fields(data)
    name = next(value.decode() for kind, value in parts if kind == 1)
    keys = [value.decode() for kind, value in parts if kind == 3]
    values = [value_of(value) for kind, value in parts if kind == 4]
    return name, [feature(value, keys, values) for kind, value in parts if kind == 2]


def feature(data: bytes, keys: list[str], values: list[Any]) -> Feature:
    parts = dict(fields(data))
    tags = packed(parts.get(2, b""))
    properties = {keys[k]: values[v] for k, v in zip(tags[::2], tags[1::2], strict=True)}
    _, x, y = packed(parts[4])[:3]
    return Feature(properties, unzigzag(x), unzigzag(y))


def tile_at(longitude: float, latitude: float, z: int) -> tuple[int, int, int]:
    side = 2**z
    down = 0.5 - math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2)) / (2 * math.pi)
    return z, int((longitude + 180) / 360 * side), int(down * side)
