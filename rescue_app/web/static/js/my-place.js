// "Where I am now": the phone's own position into the question, if it gives it.

const button = /** @type {HTMLButtonElement | null} */ (document.getElementById("my-place"));

if (button && "geolocation" in navigator) {
  button.hidden = false;
  button.addEventListener("click", () => {
    button.disabled = true;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => location.assign(`/warnings/here?lon=${coords.longitude.toFixed(6)}&lat=${coords.latitude.toFixed(6)}`),
      () => (button.disabled = false),
      { enableHighAccuracy: true, maximumAge: 30_000, timeout: 20_000 },
    );
  });
}

export {};
