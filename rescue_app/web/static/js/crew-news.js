// What came in while somebody writes: it stands on top of whatever is being filled in, and takes
// nothing of it away.

import { load } from "./live.js";

/** @param {HTMLElement} one */
const about = (one) => one.dataset.notice ?? one.dataset.waits ?? "";

/**
 * Show on the order that is being filled in what is new of it, and that another one waits.
 * @param {HTMLElement} here @param {HTMLElement} fresh the page as it is by now @returns {Promise<HTMLElement[]>}
 */
export async function showNews(here, fresh) {
  const main = /** @type {HTMLElement} */ (here.parentElement);
  let told = fresh;
  // Another order stands on top by now; what waits beside this one is said on this one's own page.
  if (fresh.querySelector("article")?.dataset.hop !== here.dataset.hop) {
    const own = (await load(here.dataset.page ?? "")).getElementById("main");
    if (own) told = own;
  }
  const known = new Set([.../** @type {NodeListOf<HTMLElement>} */ (main.querySelectorAll("[data-notice], [data-waits]"))].map(about));
  const words = /** @type {NodeListOf<HTMLElement>} */ (told.querySelectorAll("[data-notice], [data-waits]"));
  const news = [...words].filter((one) => !known.has(about(one)));
  if (!news.length) return news;
  // Of the others the one that waits most is named, as on a page drawn anew.
  if (news.some((one) => "waits" in one.dataset)) main.querySelector("[data-waits]")?.remove();
  here.prepend(...news.filter((one) => "notice" in one.dataset));
  here.before(...news.filter((one) => "waits" in one.dataset));
  scrollTo(0, 0);
  return news;
}
