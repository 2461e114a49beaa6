// Between the field's pages and the network: the network first, and without one, or with one that
// only pretends, what was kept. A label's page that was not kept is looked for in the pack, on the
// page of the scanner.

const worker = /** @type {any} */ (self);
const LABEL = /^\/c\/([^/]+)$/i;
// One bar of signal under a bridge: a request neither arrives nor fails for minutes.
const PATIENCE_MS = 8_000;

/** What there is without a network. @param {Request} request */
async function without(request) {
  // The way begins where the phone is: the place in the address does not make another page.
  const kept = await caches.match(request, { ignoreSearch: true, ignoreVary: true });
  const code = LABEL.exec(new URL(request.url).pathname)?.[1];
  return kept ?? (code && request.mode === "navigate" ? Response.redirect(`/scan?code=${code}`) : null);
}

/** @param {Request} request */
async function freshOrKept(request) {
  const fresh = fetch(request);
  const isLate = new Promise((done) => setTimeout(done, PATIENCE_MS, null));
  const first = await Promise.race([fresh, isLate]).catch(() => null);
  // Before a server that is down stands one that says so: its page helps nobody here.
  const isUseful = first instanceof Response && first.status < 500;
  return isUseful ? first : ((await without(request)) ?? fresh);
}

worker.addEventListener("install", () => worker.skipWaiting());
worker.addEventListener("activate", (/** @type {any} */ event) => event.waitUntil(worker.clients.claim()));
worker.addEventListener("fetch", (/** @type {any} */ event) => {
  const { request } = event;
  const isPart = new URL(request.url).pathname.startsWith("/static/");
  if (request.method === "GET" && (request.mode === "navigate" || isPart)) event.respondWith(freshOrKept(request));
});
