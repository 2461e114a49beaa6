// Pictures for the map, drawn when first needed: a point's outline is its category, its colour the
// grade, its glyph the hazard; a ring is a count with the share of the worst grade.

/** @typedef {import("/static/vendor/maplibre-gl.mjs").Map} Drawn */
/** @typedef {{fill: string, on: string}} Paint */

const SIDE = 28;
const GLYPH = 14;
const RATIO = 2;
const RING = { s: 34, m: 42, l: 52 };
const SHARES = 12;

/** Every symbol of a sprite as its document element. @param {string} path */
async function symbols(path) {
  const answer = await fetch(path);
  const sheet = new DOMParser().parseFromString(await answer.text(), "image/svg+xml");
  return new Map([...sheet.querySelectorAll("symbol")].map((symbol) => [symbol.id, symbol]));
}

/** @param {CanvasRenderingContext2D} pen @param {Element} symbol @param {string} colour */
function trace(pen, symbol, colour) {
  for (const part of symbol.children) {
    const path = new Path2D(part.getAttribute("d") ?? undefined);
    if (part.tagName === "circle") {
      const [x, y, r] = ["cx", "cy", "r"].map((name) => Number(part.getAttribute(name)));
      path.arc(x, y, r, 0, 2 * Math.PI);
    }
    pen.fillStyle = pen.strokeStyle = colour;
    if (part.getAttribute("fill") !== "none") pen.fill(path);
    if (part.getAttribute("stroke")) {
      pen.lineWidth = Number(part.getAttribute("stroke-width"));
      pen.setLineDash((part.getAttribute("stroke-dasharray") ?? "").split(" ").filter(Boolean).map(Number));
      pen.stroke(path);
    }
  }
}

/** @param {number} side */
function sheet(side) {
  const canvas = new OffscreenCanvas(side * RATIO, side * RATIO);
  const pen = /** @type {CanvasRenderingContext2D} */ (/** @type {unknown} */ (canvas.getContext("2d")));
  pen.scale(RATIO, RATIO);
  return { pen, done: () => pen.getImageData(0, 0, side * RATIO, side * RATIO) };
}

export class Pictures {
  /** @param {Map<string, Element>} outlines @param {Map<string, Element>} glyphs */
  constructor(outlines, glyphs) {
    this.outlines = outlines;
    this.glyphs = glyphs;
  }

  static async load() {
    return new Pictures(await symbols("/static/icons/ui.svg"), await symbols("/static/icons/hazards.svg"));
  }

  /** @param {string} type @param {string} category @param {Paint} paint @param {string} halo */
  point(type, category, paint, halo) {
    const { pen, done } = sheet(SIDE);
    const outline = this.outlines.get(`category-${category}`)?.firstElementChild;
    const path = new Path2D(outline?.getAttribute("d") ?? "");
    pen.lineJoin = "round";
    pen.strokeStyle = halo;
    pen.lineWidth = 2;
    pen.stroke(path);
    pen.fillStyle = paint.fill;
    pen.fill(path);
    const glyph = this.glyphs.get(type) ?? this.glyphs.get("other");
    if (glyph) {
      pen.translate((SIDE - GLYPH) / 2, (SIDE - GLYPH) / 2 - (category === "occurrence" ? 1.5 : 0));
      pen.scale(GLYPH / 24, GLYPH / 24);
      trace(pen, glyph, paint.on);
    }
    return done();
  }

  /** A square with the outline icon of its kind; dashed as long as it carries no code.
   * @param {string} icon @param {boolean} labelled @param {Paint | null} worst @param {{ground: string, ink: string}} tone */
  async asset(icon, labelled, worst, tone) {
    const { pen, done } = sheet(SIDE);
    pen.fillStyle = worst?.fill ?? tone.ground;
    pen.strokeStyle = worst ? tone.ground : tone.ink;
    pen.lineWidth = 1.5;
    pen.setLineDash(labelled ? [] : [3, 2]);
    pen.beginPath();
    pen.roundRect(3, 3, SIDE - 6, SIDE - 6, 4);
    pen.fill();
    pen.stroke();
    pen.drawImage(await this.drawn(icon, worst?.on ?? tone.ink), 6, 6, SIDE - 12, SIDE - 12);
    return done();
  }

  /** An eight-sided sign: filled in the colour a rule sees, dark over a mark, dashed with a badge when it
   * is silent (a cross) or stands still (a bar).
   * @param {string} icon @param {Paint | null} fill @param {string} trouble @param {{ground: string, ink: string}} tone */
  async station(icon, fill, trouble, tone) {
    const { pen, done } = sheet(SIDE);
    const outline = new Path2D(this.outlines.get("shape-station")?.firstElementChild?.getAttribute("d") ?? "");
    pen.fillStyle = fill?.fill ?? tone.ground;
    pen.strokeStyle = tone.ink;
    pen.lineWidth = 1.5;
    pen.setLineDash(trouble ? [3, 2.5] : []);
    pen.fill(outline);
    pen.stroke(outline);
    if (icon) pen.drawImage(await this.drawn(icon, fill?.on ?? tone.ink), 7, 7, SIDE - 14, SIDE - 14);
    if (trouble) {
      pen.setLineDash([]);
      pen.translate(SIDE - 6.5, 6.5);
      pen.fillStyle = tone.ground;
      pen.beginPath();
      pen.arc(0, 0, 5.5, 0, 2 * Math.PI);
      pen.fill();
      pen.stroke();
      pen.stroke(new Path2D(trouble === "silent" ? "M-2.4-2.4 2.4 2.4M2.4-2.4-2.4 2.4" : "M-3-1.4H3M-3 1.4H3"));
    }
    return done();
  }

  /** An outline icon as a picture. @param {string} icon @param {string} colour */
  async drawn(icon, colour) {
    const head = `xmlns="http://www.w3.org/2000/svg" width="64" height="64" viewBox="0 0 24 24" fill="none" stroke="${colour}"`;
    const picture = new Image();
    picture.src = `data:image/svg+xml,${encodeURIComponent(`<svg ${head} stroke-width="2.2" stroke-linecap="round">${this.outlines.get(icon)?.innerHTML ?? ""}</svg>`)}`;
    await picture.decode();
    return picture;
  }

  /** A disaster of the past: a diamond without a warning's colour. @param {string} type @param {{ground: string, ink: string}} tone */
  event(type, tone) {
    const { pen, done } = sheet(SIDE);
    pen.fillStyle = tone.ground;
    pen.strokeStyle = tone.ink;
    pen.lineWidth = 1.5;
    pen.translate(SIDE / 2, SIDE / 2);
    pen.rotate(Math.PI / 4);
    pen.beginPath();
    pen.roundRect(-SIDE / 3, -SIDE / 3, (SIDE * 2) / 3, (SIDE * 2) / 3, 2);
    pen.fill();
    pen.stroke();
    pen.rotate(-Math.PI / 4);
    const glyph = this.glyphs.get(type) ?? this.glyphs.get("other");
    if (glyph) {
      pen.translate(-GLYPH / 2, -GLYPH / 2);
      pen.scale(GLYPH / 24, GLYPH / 24);
      trace(pen, glyph, tone.ink);
    }
    return done();
  }

  /** @param {"s" | "m" | "l"} size @param {number} share 0..12 @param {Paint} paint @param {{ground: string, rest: string}} tone */
  ring(size, share, paint, tone) {
    const side = RING[size];
    const { pen, done } = sheet(side);
    const [middle, radius] = [side / 2, side / 2 - 4];
    const circle = (/** @type {number} */ from, /** @type {number} */ to) => {
      const path = new Path2D();
      path.arc(middle, middle, radius, from, to);
      return path;
    };
    pen.fillStyle = tone.ground;
    pen.fill(circle(0, 2 * Math.PI));
    pen.lineWidth = 4.5;
    pen.strokeStyle = tone.rest;
    pen.stroke(circle(0, 2 * Math.PI));
    pen.strokeStyle = paint.fill;
    pen.stroke(circle(-Math.PI / 2, -Math.PI / 2 + (2 * Math.PI * Math.max(share, 1)) / SHARES));
    return done();
  }
}

const WORST = ["", "I", "II", "III", "IV"];

/** What a station's picture is made of: one alone has its icon, many their number instead.
 * @param {string} kind @param {string} a @param {string} b @param {string} trouble @param {import("./map-style.js").Palette} c
 * @returns {[string, Paint | null, string, {ground: string, ink: string}]} */
function stationSign(kind, a, b, trouble, c) {
  const tone = { ground: c.surface, ink: c.ink };
  if (kind === "stations") return ["", null, "", { ground: c.surface, ink: c.tones[a]?.fill ?? c.ink }];
  return [a, b === "over" ? { fill: c.ink, on: c.surface } : (c.tones[b] ?? null), trouble, tone];
}

/** Draw what the style asks for by name: `point|type|category|grade`, `ring|size|share|grade`,
 * `asset|icon|labelled|grade`, `event|type`, `station|icon|colour or over|trouble`, `stations|colour`.
 * @param {Drawn} map @param {Pictures} pictures @param {() => import("./map-style.js").Palette} palette */
export function drawOnDemand(map, pictures, palette) {
  map.setMissingStyleImageResolver(async (id) => {
    const [kind, a, b, grade] = id.split("|");
    const c = palette();
    const paint = c.grades[grade] ?? c.grades.none;
    const size = /** @type {"s" | "m" | "l"} */ (a);
    const picture =
      kind === "ring" ? pictures.ring(size, Number(b), paint, { ground: c.surface, rest: c.rest })
      : kind === "asset" ? await pictures.asset(a, b === "yes", c.grades[WORST[Number(grade)]] ?? null, { ground: c.surface, ink: c.ink })
      : kind === "station" || kind === "stations" ? await pictures.station(...stationSign(kind, a, b, grade, c))
      : kind === "event" ? pictures.event(a, { ground: c.surface, ink: c.ink })
      : pictures.point(a, b, paint, c.halo);
    if (!map.hasImage(id)) map.addImage(id, picture, { pixelRatio: RATIO });
  });
}
