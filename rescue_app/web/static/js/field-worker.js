// Between the field's pages and the network: the network first, and without one what was kept. A
// label's page that was not kept is looked for in the pack, on the page of the scanner.

const worker = /** @type {any} */ (self);
const LABEL = /^\/c\/([^/]+)$/i;

/** @param {Request} request */
async function freshOrKept(request) {
  try {
    return await fetch(request);
  } catch (dead) {
    // The way begins where the phone is: the place in the address does not make another page.
    const kept = await caches.match(request, { ignoreSearch: true, ignoreVary: true });
    const code = LABEL.exec(new URL(request.url).pathname)?.[1];
    if (kept) return kept;
    if (code) return Response.redirect(`/scan?code=${code}`);
    throw dead;
  }
}

worker.addEventListener("install", () => worker.skipWaiting());
worker.addEventListener("activate", (/** @type {any} */ event) => event.waitUntil(worker.clients.claim()));
worker.addEventListener("fetch", (/** @type {any} */ event) => {
  const { request } = event;
  const isPart = new URL(request.url).pathname.startsWith("/static/");
  if (request.method === "GET" && (request.mode === "navigate" || isPart)) event.respondWith(freshOrKept(request));
});
