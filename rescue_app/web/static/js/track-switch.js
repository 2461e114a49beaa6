// The switch of the round's page: off until the person agrees.

import { begin, current, onChange, stop } from "./track.js";

const button = /** @type {HTMLButtonElement} */ (document.getElementById("track-switch"));
const state = /** @type {HTMLElement} */ (document.getElementById("track-state"));

function show() {
  const word = current() ? "on" : "off";
  button.textContent = button.dataset[word] ?? "";
  state.textContent = state.dataset[word] ?? "";
}

button.addEventListener("click", () => (current() ? stop() : begin()));
onChange(show);
show();
