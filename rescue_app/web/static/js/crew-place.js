// While a crew is on an order its chain sees where it is, and on the wall's past where it was.

const EVERY_MS = 15_000;
const SHARED = ["accepted", "moving", "arrived", "working"];

/** @type {number | undefined} */
let watch;
let hop = "";
let told = 0;

/** Begin with an order that was taken on, end with it. @param {string | undefined} of @param {string} state */
export function shareWhileOn(of, state) {
  const on = of !== undefined && SHARED.includes(state) && "geolocation" in navigator;
  if (!on) {
    if (watch !== undefined) navigator.geolocation.clearWatch(watch);
    watch = undefined;
    return;
  }
  hop = of;
  watch ??= navigator.geolocation.watchPosition(tell, () => undefined, { enableHighAccuracy: true });
}

/** @param {GeolocationPosition} found */
function tell({ coords, timestamp }) {
  if (Date.now() - told < EVERY_MS) return;
  told = Date.now();
  const spot = { at: new Date(timestamp).toISOString(), lon: coords.longitude, lat: coords.latitude, accuracy_m: coords.accuracy };
  // What is not heard now is old in a quarter of a minute: the next one goes instead.
  void fetch(`/api/v1/hops/${hop}/places`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ spots: [spot] }),
  }).catch(() => undefined);
}
