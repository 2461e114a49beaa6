// Metres on the ground between a phone and a thing, near enough for "are you there?".

const METRES_PER_DEGREE = 111_195;

/**
 * How far a place is from the nearest part of a shape.
 * @param {[number, number]} here longitude, latitude @param {[number, number][][]} lines
 */
export function metresTo(here, lines) {
  const wide = Math.cos((here[1] * Math.PI) / 180) * METRES_PER_DEGREE;
  /** @param {[number, number]} spot @returns {[number, number]} */
  const flat = ([x, y]) => [(x - here[0]) * wide, (y - here[1]) * METRES_PER_DEGREE];
  let nearest = Infinity;
  for (const line of lines) {
    const spots = line.map(flat);
    spots.forEach((spot, index) => {
      nearest = Math.min(nearest, fromOrigin(spots[Math.max(index - 1, 0)], spot));
    });
  }
  return nearest;
}

/**
 * Say how far the phone is, and that it is noted when it is far. Never in the way of the work.
 * @param {HTMLElement} line @param {[number, number][][]} lines @param {GeolocationPosition} here
 */
export function tellDistance(line, lines, here) {
  const { near = "", far = "", farMetres } = line.dataset;
  const metres = metresTo([here.coords.longitude, here.coords.latitude], lines);
  const isFar = metres > Number(farMetres);
  line.hidden = false;
  line.classList.toggle("far", isFar);
  line.textContent = (isFar ? far : near).replace("{metres}", Math.round(metres).toLocaleString());
}

/** @param {[number, number]} from @param {[number, number]} to */
function fromOrigin([x, y], [tx, ty]) {
  const [dx, dy] = [tx - x, ty - y];
  const along = dx * dx + dy * dy;
  const part = along ? Math.max(0, Math.min(1, -(x * dx + y * dy) / along)) : 0;
  return Math.hypot(x + part * dx, y + part * dy);
}
