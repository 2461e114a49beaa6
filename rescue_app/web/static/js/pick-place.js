// Where it is: a click on the small map fills in the two numbers, and the numbers move the pin.

import { drawPlace, NEAR_ZOOM, takePlaces } from "./place-map.js";

const DIGITS = 6;
const box = /** @type {HTMLElement} */ (document.getElementById("pick-map"));
const [lon, lat] = (box.dataset.fields ?? "").split(" ").map((id) => /** @type {HTMLInputElement} */ (document.getElementById(id)));

async function start() {
  box.hidden = false;
  const { map, mark } = await drawPlace(box);
  takePlaces(map, (place) => {
    lon.value = place.lng.toFixed(DIGITS);
    lat.value = place.lat.toFixed(DIGITS);
    // Whoever listens to the fields hears of it as if it had been typed.
    lat.dispatchEvent(new InputEvent("input", { bubbles: true }));
    mark(place);
  });
  const typed = () => {
    const place = { lng: Number.parseFloat(lon.value), lat: Number.parseFloat(lat.value) };
    if (!Number.isFinite(place.lng) || !Number.isFinite(place.lat) || Math.abs(place.lat) > 85) return;
    mark(place);
    map.easeTo({ center: [place.lng, place.lat], zoom: Math.max(map.getZoom(), NEAR_ZOOM) });
  };
  for (const field of [lon, lat]) field.addEventListener("change", typed);
}

// Where no map can be drawn the two numbers are enough.
start().catch(() => (box.hidden = true));
