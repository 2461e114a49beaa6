// The way begins where the phone is: asked once, then the list comes back in that order.

const PLACE_LIMIT_MS = 10_000;
const list = /** @type {HTMLElement | null} */ (document.querySelector(".round"));

if (list && !list.dataset.here) {
  navigator.geolocation?.getCurrentPosition(
    ({ coords }) => {
      const there = new URL(location.href);
      there.searchParams.set("lon", coords.longitude.toFixed(6));
      there.searchParams.set("lat", coords.latitude.toFixed(6));
      location.replace(there);
    },
    () => undefined,
    { enableHighAccuracy: true, timeout: PLACE_LIMIT_MS, maximumAge: 60_000 },
  );
}

export {};
