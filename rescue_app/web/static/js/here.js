// Where the phone is, into the form, if the phone says so; the form goes without it too.

/** @type {HTMLFormElement | null} */
const form = document.querySelector("form[data-here]");

if (form && "geolocation" in navigator) {
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      /** @param {string} name @param {number} value */
      const put = (name, value) => {
        const field = form.elements.namedItem(name);
        if (field instanceof HTMLInputElement) field.value = String(value);
      };
      put("lon", coords.longitude);
      put("lat", coords.latitude);
    },
    () => {},
    { enableHighAccuracy: true, maximumAge: 30_000, timeout: 20_000 },
  );
}

export {};
