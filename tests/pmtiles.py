"""Writes a PMTiles file of given tiles, as a city's GIS unit would bring one."""

from pathlib import Path

from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import write

Place = tuple[int, int, int]


def write_pmtiles(path: Path, tiles: dict[Place, bytes], kind: TileType, *parts: str) -> Path:
    packed = Compression.GZIP if kind is TileType.MVT else Compression.NONE
    with write(str(path)) as archive:
        for place in sorted(tiles, key=lambda place: zxy_to_tileid(*place)):
            archive.write_tile(zxy_to_tileid(*place), tiles[place])
        zooms = [z for z, _, _ in tiles]
        header = {
            "tile_type": kind,
            "tile_compression": packed,
            "min_zoom": min(zooms),
            "max_zoom": max(zooms),
            "min_lon_e7": -1_800_000_000,
            "min_lat_e7": -850_000_000,
            "max_lon_e7": 1_800_000_000,
            "max_lat_e7": 850_000_000,
            "center_zoom": min(zooms),
            "center_lon_e7": 0,
            "center_lat_e7": 0,
        }
        archive.finalize(header, {"vector_layers": [{"id": part, "fields": {}} for part in parts]})
    return path
