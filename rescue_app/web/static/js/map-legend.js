// The legend shows what the map shows and nothing else.

/** How stations stand, as their tiles say it. @param {any} said */
function standing({ count, worst, colour, over, trouble }) {
  if (count) return ["counted", ...(worst ? ["warned"] : [])];
  const found = [...(colour ? ["warned"] : over ? ["over"] : []), ...(trouble ? [trouble] : [])];
  return found.length ? found : ["well"];
}

export class Legend {
  /** @param {import("/static/vendor/maplibre-gl.mjs").Map} map */
  update(map) {
    const points = map.queryRenderedFeatures({ layers: ["points"] });
    const rings = map.queryRenderedFeatures({ layers: ["rings"] });
    const grades = new Set([...points.map((f) => f.properties.grade), ...rings.map((f) => f.properties.worst)]);
    for (const line of document.querySelectorAll("#legend-grades [data-grade]")) {
      /** @type {HTMLElement} */ (line).hidden = !grades.has(/** @type {HTMLElement} */ (line).dataset.grade);
    }
    const categories = new Set(points.map((f) => f.properties.category));
    for (const line of document.querySelectorAll("#legend-points [data-category]")) {
      /** @type {HTMLElement} */ (line).hidden = !categories.has(/** @type {HTMLElement} */ (line).dataset.category);
    }
    this.toggle("legend-points", points.length > 0);
    this.toggle("legend-rings", rings.length > 0);
    const streets = map.queryRenderedFeatures({ layers: ["street-lines"] });
    this.toggle("legend-approximate", streets.some((f) => f.properties.boundary_kind === "approximate"));
    const events = map.queryRenderedFeatures({ layers: ["events", "event-circles"] });
    this.toggle("legend-events", events.length > 0);
    const proposals = map.queryRenderedFeatures({ layers: ["proposals"] });
    this.toggle("legend-proposals", proposals.length > 0);
    this.toggle("legend-proposals-made-up", proposals.some((f) => f.properties.synthetic));
    const likely = map.queryRenderedFeatures({ layers: ["susceptibility"] });
    this.toggle("legend-likely", likely.length > 0);
    this.toggle("legend-likely-made-up", likely.some((f) => f.properties.synthetic));
    const warned = new Set(map.queryRenderedFeatures({ layers: ["alerts"] }).map((f) => f.properties.colour));
    for (const line of document.querySelectorAll("#legend-alerts [data-colour]")) {
      /** @type {HTMLElement} */ (line).hidden = !warned.has(/** @type {HTMLElement} */ (line).dataset.colour);
    }
    this.toggle("legend-alerts", warned.size > 0);
    const stations = map.queryRenderedFeatures({ layers: ["stations", "station-counts"] });
    const stand = new Set(stations.flatMap((f) => standing(f.properties)));
    for (const line of document.querySelectorAll("#legend-stations [data-stands]")) {
      /** @type {HTMLElement} */ (line).hidden = !stand.has(/** @type {HTMLElement} */ (line).dataset.stands);
    }
    this.toggle("legend-stations", stations.length > 0);
    const assets = map.queryRenderedFeatures({ layers: ["assets"] });
    this.toggle("legend-assets", assets.length > 0);
    this.crowd(Math.max(1, ...assets.map((f) => f.properties.stands_for ?? 1)));
  }

  /** Say that one sign stands for several. @param {number} most of them under one sign */
  crowd(most) {
    this.toggle("legend-crowded", most > 1);
    const number = document.querySelector("#legend-crowded b");
    if (number) number.textContent = most.toLocaleString();
  }

  /** @param {string} id @param {boolean} on */
  toggle(id, on) {
    const part = document.getElementById(id);
    if (part) part.hidden = !on;
  }
}
