// Times as people say them: "3 分钟前" goes on counting, a deadline turns red when it passes.

/** @type {[Intl.RelativeTimeFormatUnit, number][]} */
const UNITS = [["day", 86400], ["hour", 3600], ["minute", 60]];
const DAYS_SAID = 7;
/** From here on nobody counts seconds. */
const DAYS_TICKED = 2;

/** @param {Date} moment @param {Date} now @param {string} lang @returns {string | null} */
export function ago(moment, now, lang) {
  const seconds = (moment.getTime() - now.getTime()) / 1000;
  if (Math.abs(seconds) > DAYS_SAID * 86400) return null;
  const found = UNITS.find(([, size]) => Math.abs(seconds) >= size);
  if (!found) return document.body.dataset.justNow ?? null;
  const said = new Intl.RelativeTimeFormat(lang).format(Math.trunc(seconds / found[1]), found[0]);
  return spaced(said);
}

/** @param {string} text @returns {string} with a gap between figure and sign: 9 天 */
const spaced = (text) => text.replace(/(\d)(?=\p{Script=Han})/gu, "$1 ").replace(/(\p{Script=Han})(?=\d)/gu, "$1 ");

/** @param {number} seconds @param {string} lang @returns {string} 02:10, 1:02:10; from two days on 9 天 23 小时 */
export function span(seconds, lang) {
  const whole = Math.floor(Math.abs(seconds));
  if (whole >= DAYS_TICKED * 86400) {
    const said = (/** @type {number} */ n, /** @type {string} */ unit) => new Intl.NumberFormat(lang, { style: "unit", unit, unitDisplay: "long" }).format(n);
    return spaced([said(Math.floor(whole / 86400), "day"), said(Math.floor(whole / 3600) % 24, "hour")].join(" "));
  }
  const two = (/** @type {number} */ n) => String(n).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  const tail = `${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
  return hours ? `${hours}:${tail}` : tail;
}

/** Bring the times of a part to now. @param {ParentNode} root */
export function tick(root) {
  const now = new Date();
  const lang = document.documentElement.lang;
  for (const element of root.querySelectorAll("time[data-ago]")) {
    const text = ago(new Date(/** @type {HTMLTimeElement} */ (element).dateTime), now, lang);
    if (text && element.textContent !== text) element.textContent = text;
  }
  for (const element of root.querySelectorAll("time[data-clock]")) {
    const clock = /** @type {HTMLTimeElement} */ (element);
    const left = (new Date(clock.dateTime).getTime() - now.getTime()) / 1000;
    const words = (left >= 0 ? clock.dataset.left : clock.dataset.late) ?? "{span}";
    clock.classList.toggle("late", left < 0);
    clock.textContent = words.replace("{span}", span(left, lang));
  }
}

/** Keep every time in the page true, also those that arrive later. @param {ParentNode} root */
export function startClocks(root) {
  tick(root);
  setInterval(() => tick(root), 1000);
}
