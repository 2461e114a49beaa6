// The households of a roster on a map, and the area they leave: colour and sign say how each stands; a click leads to its line.

import { LngLatBounds } from "/static/vendor/maplibre-gl.mjs";
import { showExtent } from "./extent.js";
import { palette } from "./map-style.js";
import { drawPlace } from "./place-map.js";

/** @type {Record<string, [string, string]>} by standing its tone and its sign */
const LOOKS = {
  returned: ["red", "!"], refused: ["red", "×"], not_home: ["orange", "0"], waiting: ["orange", "?"],
  fetched: ["blue", "→"], said: ["blue", "½"], verified: ["", "✓"],
};
const FONT = ["PingFang SC", "Noto Sans CJK SC", "Noto Sans SC", "Microsoft YaHei", "sans-serif"];

const box = document.getElementById("evac-map");
/** @type {[number, number, string, string, string][]} */
const homes = JSON.parse(box?.dataset.homes ?? "[]");

function features() {
  const { tones, grades } = palette();
  return homes.map(([lon, lat, standing, name, id]) => {
    const [tone, sign] = LOOKS[standing] ?? ["", ""];
    const { fill, on } = tones[tone] ?? grades.none;
    return { type: "Feature", geometry: { type: "Point", coordinates: [lon, lat] }, properties: { fill, on, sign, name, id } };
  });
}

/** @param {any} map */
function draw(map) {
  if (map.getSource("homes")) return;
  const { ink, surface } = palette();
  map.addSource("homes", { type: "geojson", data: { type: "FeatureCollection", features: features() } });
  map.addLayer({ id: "homes", type: "circle", source: "homes", paint: { "circle-radius": 10, "circle-color": ["get", "fill"], "circle-stroke-color": surface, "circle-stroke-width": 1.5 } });
  map.addLayer({ id: "home-signs", type: "symbol", source: "homes", layout: { "text-field": ["get", "sign"], "text-font": FONT, "text-size": 13, "text-allow-overlap": true, "text-ignore-placement": true }, paint: { "text-color": ["get", "on"] } });
  map.addLayer({ id: "home-names", type: "symbol", source: "homes", minzoom: 14, layout: { "text-field": ["get", "name"], "text-font": FONT, "text-size": 12, "text-anchor": "top", "text-offset": [0, 1] }, paint: { "text-color": ink, "text-halo-color": surface, "text-halo-width": 1.5 } });
}

if (box && homes.length) {
  const around = homes.reduce((all, [lon, lat]) => all.extend([lon, lat]), new LngLatBounds());
  box.dataset.bounds = JSON.stringify(around.toArray().flat());
  void drawPlace(box).then(({ map }) => {
    const { shape } = box.dataset;
    if (shape) showExtent(map, JSON.parse(shape), () => palette().tones.red?.fill);
    map.on("style.load", () => draw(map));
    if (map.isStyleLoaded()) draw(map);
    map.fitBounds(around, { padding: 48, maxZoom: 16, duration: 0 });
    map.on("click", "homes", (event) => location.assign(`#move-${event.features?.[0]?.properties.id}`));
  });
}
