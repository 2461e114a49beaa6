// True lengths and areas on the ellipsoid, so that what is measured here is what a survey measures.

/** @typedef {[number, number]} Pair longitude first */

const A = 6378137;
const F = 1 / 298.257223563;
const B = A * (1 - F);
const E2 = F * (2 - F);
const E = Math.sqrt(E2);
const MOST_ROUNDS = 50;
const CLOSE = 1e-12;
const { PI, sin, cos, tan, sqrt, atan, atan2, asin, log } = Math;
const radians = (/** @type {number} */ degrees) => (degrees * PI) / 180;

/** Metres between two places along the geodesic (Vincenty's inverse). @param {Pair} from @param {Pair} to */
export function distance(from, to) {
  const [u1, u2] = [from, to].map(([, lat]) => atan((1 - F) * tan(radians(lat))));
  const east = radians(to[0] - from[0]);
  let lambda = east;
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const sinSigma = sqrt((cos(u2) * sin(lambda)) ** 2 + (cos(u1) * sin(u2) - sin(u1) * cos(u2) * cos(lambda)) ** 2);
    if (sinSigma === 0) return 0;
    const cosSigma = sin(u1) * sin(u2) + cos(u1) * cos(u2) * cos(lambda);
    const sigma = atan2(sinSigma, cosSigma);
    const sinAlpha = (cos(u1) * cos(u2) * sin(lambda)) / sinSigma;
    const cos2Alpha = 1 - sinAlpha ** 2;
    const cos2Middle = cos2Alpha === 0 ? 0 : cosSigma - (2 * sin(u1) * sin(u2)) / cos2Alpha;
    const c = (F / 16) * cos2Alpha * (4 + F * (4 - 3 * cos2Alpha));
    const before = lambda;
    const turn = cos2Middle + c * cosSigma * (2 * cos2Middle ** 2 - 1);
    lambda = east + (1 - c) * F * sinAlpha * (sigma + c * sinSigma * turn);
    if (Math.abs(lambda - before) > CLOSE) continue;
    const u = (cos2Alpha * (A ** 2 - B ** 2)) / B ** 2;
    const big = 1 + (u / 16384) * (4096 + u * (-768 + u * (320 - 175 * u)));
    const small = (u / 1024) * (256 + u * (-128 + u * (74 - 47 * u)));
    const tail = (small / 6) * cos2Middle * (4 * sinSigma ** 2 - 3) * (4 * cos2Middle ** 2 - 3);
    const correction = cos2Middle + (small / 4) * (cosSigma * (2 * cos2Middle ** 2 - 1) - tail);
    return B * big * (sigma - small * sinSigma * correction);
  }
  return NaN;
}

/** Metres along a line. @param {Pair[]} line */
export const length = (line) => line.slice(1).reduce((sum, place, n) => sum + distance(line[n], place), 0);

const q = (/** @type {number} */ s) => (1 - E2) * (s / (1 - E2 * s * s) - log((1 - E * s) / (1 + E * s)) / (2 * E));
const POLE = q(1);
/** Where a latitude lies on the sphere of the same area. */
const authalic = (/** @type {number} */ lat) => asin(q(sin(radians(lat))) / POLE);

/** Square metres inside a ring that need not be closed. @param {Pair[]} ring */
export function area(ring) {
  let excess = 0;
  for (const [n, from] of ring.entries()) {
    const to = ring[(n + 1) % ring.length];
    const [north, there] = [authalic(from[1]), authalic(to[1])];
    const wide = tan(radians(to[0] - from[0]) / 2);
    excess += 2 * atan2(wide * (tan(north / 2) + tan(there / 2)), 1 + tan(north / 2) * tan(there / 2));
  }
  return Math.abs(excess) * ((A * A * POLE) / 2);
}

/** @param {number} metres */
export function sayLength(metres) {
  if (metres < 1000) return `${metres.toFixed(metres < 10 ? 1 : 0)} m`;
  return `${(metres / 1000).toFixed(metres < 100_000 ? 2 : 0)} km`;
}

/** @param {number} square metres squared */
export function sayArea(square) {
  if (square < 1e5) return `${Math.round(square).toLocaleString("en")} m²`;
  return `${(square / 1e6).toFixed(square < 1e8 ? 2 : 0)} km²`;
}
