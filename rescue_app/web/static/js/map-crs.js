// The shifted systems of China's map services, as gis/crs.py has them: the pointer's coordinates are
// wanted faster than a server answers. A test compares every figure with the server's.

/** @typedef {[number, number]} Pair longitude first */

const SEMI_MAJOR_M = 6378245;
const ECCENTRICITY_SQUARED = 0.006693421622965943;
const BD_TURN = (Math.PI * 3000) / 180;
const [WEST, SOUTH, EAST, NORTH] = [72.004, 0.8293, 137.8347, 55.8271];
const { PI, sin, cos, sqrt, abs, hypot, atan2 } = Math;
const degrees = (/** @type {number} */ radians) => (radians * 180) / PI;

const quick = (/** @type {number} */ x) => ((20 * sin(6 * x * PI) + 20 * sin(2 * x * PI)) * 2) / 3;
const slow = (/** @type {number} */ v) => ((20 * sin(v * PI) + 40 * sin((v / 3) * PI)) * 2) / 3;

/** @param {number} x @param {number} y */
function eastMetres(x, y) {
  const long = ((150 * sin((x / 12) * PI) + 300 * sin((x / 30) * PI)) * 2) / 3;
  return 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + quick(x) + slow(x) + long;
}

/** @param {number} x @param {number} y */
function northMetres(x, y) {
  const long = ((160 * sin((y / 12) * PI) + 320 * sin((y * PI) / 30)) * 2) / 3;
  return -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + quick(x) + slow(y) + long;
}

/** @param {Pair} place @returns {Pair} */
function toGcj02([lon, lat]) {
  if (lon < WEST || lon > EAST || lat < SOUTH || lat > NORTH) return [lon, lat];
  const [x, y, phi] = [lon - 105, lat - 35, (lat * PI) / 180];
  const magic = 1 - ECCENTRICITY_SQUARED * sin(phi) ** 2;
  const perLat = degrees(1 / ((SEMI_MAJOR_M * (1 - ECCENTRICITY_SQUARED)) / magic ** 1.5));
  const perLon = degrees(1 / ((SEMI_MAJOR_M / sqrt(magic)) * cos(phi)));
  return [lon + eastMetres(x, y) * perLon, lat + northMetres(x, y) * perLat];
}

/** @param {Pair} place @returns {Pair} */
function toBd09(place) {
  const [lon, lat] = toGcj02(place);
  const radius = hypot(lon, lat) + 0.00002 * sin(lat * BD_TURN);
  const turn = atan2(lat, lon) + 0.000003 * cos(lon * BD_TURN);
  return [radius * cos(turn) + 0.0065, radius * sin(turn) + 0.006];
}

/** From the stored system; CGCS2000 agrees with it within centimetres.
 * @type {Record<string, (place: Pair) => Pair>} */
export const SYSTEMS = {
  WGS84: (place) => place,
  CGCS2000: (place) => place,
  "GCJ-02": toGcj02,
  "BD-09": toBd09,
};
