// Between the field's pages and the network: the network first, and without one, or with one that
// only pretends, what was kept. A label's page that was not kept is looked for in the pack, on the
// page of the scanner; without a scanner a crew says by the label that it has arrived.

const worker = /** @type {any} */ (self);
/** What a page is made of, and the pictures that it shows. */
const PART = /^\/(static|files)\//;
const LABEL = /^\/c\/([^/]+)$/i;
// One bar of signal under a bridge: a request neither arrives nor fails for minutes.
const PATIENCE_MS = 8_000;
/** Pages that came out of the phone. What they are made of comes out of it too: it fits them, and a
 * line that pretends is waited for once, not once for each script that brings another along.
 * @type {Set<string>} */
const fromPhone = new Set();

/** @param {Response | undefined} copy */
const keptAt = (copy) => Number(copy?.headers.get("x-kept-at") ?? -1);

/** What there is without a network. @param {Request} request */
async function without(request) {
  // The way begins where the phone is: the place in the address does not make another page.
  // Not by opening them: what was just dropped would be there again.
  const names = await caches.keys();
  const copies = await Promise.all(names.map((cacheName) => caches.match(request, { cacheName, ignoreSearch: true, ignoreVary: true })));
  const [kept] = copies.sort((one, other) => keptAt(other) - keptAt(one));
  const code = LABEL.exec(new URL(request.url).pathname)?.[1];
  if (kept || !code || request.mode !== "navigate") return kept ?? null;
  // A crew's phone keeps no scanner: its own page takes the label.
  const page = (await caches.match("/scan", { ignoreVary: true })) ? "/scan" : "/crew";
  return Response.redirect(`${page}?code=${code}`);
}

/** @param {Request} request @returns {Promise<{answer: Response, isKept?: boolean}>} */
async function freshOrKept(request) {
  const fresh = fetch(request);
  const isLate = new Promise((done) => setTimeout(done, PATIENCE_MS, null));
  const first = await Promise.race([fresh, isLate]).catch(() => null);
  // Before a server that is down stands one that says so: its page helps nobody here.
  if (first instanceof Response && first.status < 500) return { answer: first };
  const kept = await without(request);
  return kept ? { answer: kept, isKept: true } : { answer: await fresh };
}

/** @param {any} event @returns {Promise<Response>} */
async function answered({ request, clientId, resultingClientId }) {
  const part = fromPhone.has(clientId) && (await without(request));
  if (part) return part;
  const { answer, isKept } = await freshOrKept(request);
  if (isKept && resultingClientId) fromPhone.add(resultingClientId);
  return answer;
}

worker.addEventListener("install", () => worker.skipWaiting());
worker.addEventListener("activate", (/** @type {any} */ event) => event.waitUntil(worker.clients.claim()));
worker.addEventListener("fetch", (/** @type {any} */ event) => {
  const { request } = event;
  const isPart = PART.test(new URL(request.url).pathname);
  if (request.method === "GET" && (request.mode === "navigate" || isPart)) event.respondWith(answered(event));
});
