// Which stations the map shows: by what they measure and how they stand. The address keeps both, under
// the names that their tiles take.

import { asked, note } from "./map-address.js";

const NAMES = /** @type {const} */ (["station_kind", "station_state"]);
const choices = () => /** @type {NodeListOf<HTMLSelectElement>} */ (document.querySelectorAll("#station-choice select"));

/** The question to the stations, as their tiles take it: of a day gone by they show none. */
export function stationQuestion() {
  return new URLSearchParams([...NAMES, "as_of"].map((name) => [name, asked(name)]).filter(([, value]) => value)).toString();
}

/** Be what the address says. */
export function restoreStations() {
  for (const choice of choices()) choice.value = asked(choice.name);
}

/** @param {() => void} redraw */
export function installStations(redraw) {
  restoreStations();
  for (const choice of choices()) {
    choice.addEventListener("change", () => {
      note({ asked: { [choice.name]: choice.value } }, { step: true });
      redraw();
    });
  }
}
