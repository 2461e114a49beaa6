// The round without a network: its pages and what they are made of are kept in the phone, for the
// person whose they are and for nobody after him.

const NAME = "yitong-round-";
const OTHER = "-other";
// Also read by the worker.
const KEPT_AT = "x-kept-at";
const MOST_PAGES = 60;
const IMPORTED = /^(?:import|export)\s(?:[\w\s{},*]*\sfrom\s)?"(\.[^"]+)"/gm;
// The map's own worker asks by itself, from under the address that it came from.
const SCOPES = ["/round", "/outbox", "/tasks/", "/crew", "/evacuations/", "/scan", "/c/", "/C/", "/static/vendor/"];

/** Drop the kept pages, all but one person's. @param {string} [but] */
export async function forgetPages(but) {
  // Only pages served over HTTPS, or from this very machine, have a store.
  if (!("caches" in window)) return;
  const names = (await caches.keys()).filter((name) => name.startsWith(NAME));
  await Promise.all(names.filter((name) => !but || !name.startsWith(but)).map((name) => caches.delete(name)));
}

/**
 * Keep an answer, unless it is there already. A browser that is killed loses what it was just given
 * to keep, and what stood in its place: so the new copy takes the place of the older one of two.
 * @param {string} name @param {string} path @param {Response} answer
 */
async function put(name, path, answer) {
  const places = await Promise.all([name, name + OTHER].map(async (one) => {
    const cache = await caches.open(one);
    const kept = await cache.match(path, { ignoreVary: true });
    return { cache, kept, at: Number(kept?.headers.get(KEPT_AT) ?? 0) };
  }));
  const [older, newer] = places.sort((one, other) => one.at - other.at);
  if (newer.kept && (await isSame(newer.kept, answer))) return;
  const headers = new Headers(answer.headers);
  headers.set(KEPT_AT, String(Date.now()));
  await older.cache.put(path, new Response(answer.body, { headers }));
}

/** @param {Response} kept @param {Response} answer */
async function isSame(kept, answer) {
  const [old, fresh] = [kept, answer].map(({ headers }) => headers.get("etag"));
  return old || fresh ? old === fresh : (await kept.text()) === (await answer.clone().text());
}

/**
 * Keep this page, those it leads to, and what all of them need; tells whether they open from here.
 * A part that does not come is an error: a page without it would open and do nothing.
 * @param {string} account @param {string[]} pages @param {string[]} [more] parts that no page names
 */
export async function keepPages(account, pages, more = []) {
  if (!("caches" in window) || !navigator.serviceWorker) return false;
  const name = NAME + account;
  await forgetPages(name);
  for (const scope of SCOPES) await placed(scope);
  const parts = new Set();
  /** @param {string[]} wanted @returns {Promise<void>} */
  const keepParts = async (wanted) => {
    const fresh = [...new Set(wanted)].filter((part) => !parts.has(part));
    fresh.forEach((part) => parts.add(part));
    for (const part of fresh) await keepParts(await keptPart(name, part));
  };
  await keepParts([...used(), ...more]);
  let isWhole = true;
  for (const page of new Set([location.pathname, ...pages.slice(0, MOST_PAGES)])) {
    const answer = await fetch(page);
    isWhole &&= answer.ok && !answer.redirected;
    if (!answer.ok || answer.redirected) continue;
    // The page last: one that is there has all it is made of.
    await keepParts(named(await answer.clone().text()));
    await put(name, page, answer);
  }
  return isWhole;
}

/** Tell whether a page opens from here. @param {string} path */
export const kept = async (path) => "caches" in window && Boolean(await caches.match(path, { ignoreVary: true }));

/** Keep what a page shows by now, so that it opens with that. @param {string} account @param {Document} page */
export async function keepShown(account, page) {
  const html = `<!doctype html>\n${page.documentElement.outerHTML}`;
  await put(NAME + account, location.pathname, new Response(html, { headers: { "content-type": "text/html; charset=utf-8" } }));
}

/** Keep one part; gives those that a script brings along. @param {string} name @param {string} part */
async function keptPart(name, part) {
  const answer = await fetch(part);
  // A page without a picture still works.
  if (!answer.ok && part.startsWith("/files/")) return [];
  if (!answer.ok) throw new Error(`${part}: ${answer.status}`);
  const text = part.endsWith(".js") ? await answer.clone().text() : "";
  await put(name, part, answer);
  return [...text.matchAll(IMPORTED)].map(([, name]) => new URL(name, new URL(part, location.href)).pathname);
}

/** Place the worker between some pages and the network. @param {string} scope */
async function placed(scope) {
  const made = await navigator.serviceWorker.register("/field-worker.js", { scope });
  const worker = made.installing ?? made.waiting;
  if (!worker) return;
  /** @type {Promise<void>} */
  const ready = new Promise((done) => {
    worker.addEventListener("statechange", () => worker.state === "activated" && done());
    if (worker.state === "activated") done();
  });
  await ready;
}

/** What this page was made of. @returns {string[]} */
function used() {
  const found = performance.getEntriesByType("resource").map((entry) => new URL(entry.name));
  return found.filter((url) => url.pathname.startsWith("/static/")).map((url) => url.pathname + url.search);
}

/** What a page names: styles, scripts, drawings, and the pictures it shows. @param {string} html @returns {string[]} */
function named(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const parts = [...page.querySelectorAll("link[href], script[src], use, img[src]")];
  const paths = parts.map((part) => part.getAttribute("href") ?? part.getAttribute("src") ?? "");
  return paths.filter((path) => /^\/(static|files)\//.test(path)).map((path) => path.split("#")[0]);
}
