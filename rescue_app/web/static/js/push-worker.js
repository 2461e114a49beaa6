// Shows what was pushed to this device, tells that it was shown, and opens its page when pressed.

const shower = /** @type {any} */ (self);
const SHAKE_MS = [500, 200, 500, 200, 900];

/** Tell what became of a message; without a network nobody is told a falsehood. @param {string} id @param {string} kind */
async function tell(id, kind) {
  const headers = { "content-type": "application/json" };
  const body = JSON.stringify({ id, kind });
  await fetch("/api/v1/push/receipts", { method: "POST", headers, body, keepalive: true }).catch(() => null);
}

/** @param {any} told */
async function show(told) {
  // The same message again changes the one that stands there.
  const how = { body: told.body, lang: told.lang, tag: told.message, renotify: true, data: told };
  const loud = told.urgency === "routine" ? {} : { requireInteraction: true, vibrate: SHAKE_MS };
  await shower.registration.showNotification(told.title, { icon: "/static/icons/app-192.png", ...how, ...loud });
  await tell(told.id, "delivered");
}

/** @param {any} told */
async function open(told) {
  await tell(told.id, "seen");
  const windows = await shower.clients.matchAll({ type: "window", includeUncontrolled: true });
  const page = new URL(told.page, location.origin).href;
  const there = windows.find((/** @type {any} */ each) => each.url.split("#")[0] === page.split("#")[0]);
  await (there ? there.focus() : shower.clients.openWindow(page));
}

shower.addEventListener("install", () => shower.skipWaiting());
shower.addEventListener("activate", (/** @type {any} */ event) => event.waitUntil(shower.clients.claim()));
shower.addEventListener("push", (/** @type {any} */ event) => event.waitUntil(show(event.data.json())));
shower.addEventListener("notificationclick", (/** @type {any} */ event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data));
});
