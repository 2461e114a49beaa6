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
    const drawing = this.outlines.get(icon)?.innerHTML ?? "";
    const colour = worst?.on ?? tone.ink;
    const head = `xmlns="http://www.w3.org/2000/svg" width="64" height="64" viewBox="0 0 24 24" fill="none" stroke="${colour}"`;
    const picture = new Image();
    picture.src = `data:image/svg+xml,${encodeURIComponent(`<svg ${head} stroke-width="2.2" stroke-linecap="round">${drawing}</svg>`)}`;
    await picture.decode();
    pen.drawImage(picture, 6, 6, SIDE - 12, SIDE - 12);
    return done();
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

/** Draw what the style asks for by name: `point|type|category|grade`, `ring|size|share|grade`,
 * `asset|icon|labelled|grade`, `event|type`.
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
      : kind === "event" ? pictures.event(a, { ground: c.surface, ink: c.ink })
      : pictures.point(a, b, paint, c.halo);
    if (!map.hasImage(id)) map.addImage(id, picture, { pixelRatio: RATIO });
  });
}
