// Lets this device be rung when no page of ours is open. Asked for by a press, never by itself.

const SCOPE = "/push/";
const button = /** @type {HTMLButtonElement | null} */ (document.querySelector("[data-push-allow]"));
const said = document.querySelector("[data-push-said]");
const words = /** @type {HTMLElement | null} */ (document.querySelector("[data-push]"))?.dataset ?? {};

/** @param {string | undefined} text */
function say(text) {
  if (said) said.textContent = text ?? "";
}

/** @param {string} text */
function bytes(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
}

async function allow() {
  if ((await Notification.requestPermission()) !== "granted") return say(words.denied);
  say(words.working);
  const { key } = await (await fetch("/api/v1/push/key")).json();
  const made = await navigator.serviceWorker.register("/push-worker.js", { scope: SCOPE });
  await awake(made);
  const known = await made.pushManager.getSubscription();
  await known?.unsubscribe();
  const device = await made.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(key) });
  const headers = { "content-type": "application/json" };
  const answer = await fetch("/api/v1/push/devices", { method: "POST", headers, body: JSON.stringify(device) });
  if (answer.ok) location.reload();
  else say((await answer.json()).detail);
}

/** Wait until the worker is at work: before that nothing can be subscribed. @param {ServiceWorkerRegistration} made */
function awake(made) {
  return new Promise((done) => {
    if (made.active) return done(null);
    const coming = made.installing ?? made.waiting;
    coming?.addEventListener("statechange", () => made.active && done(null));
  });
}

if (button && "PushManager" in window && navigator.serviceWorker) {
  button.hidden = false;
  button.addEventListener("click", () => void allow().catch(() => say(words.failed)));
  button.dataset.armed = "";
} else say(words.missing);
