// A voice note of a step of a finding: recorded on the page, it goes with the form like a photo.

import { newId } from "./ids.js";
import { endingOf, VoiceBox } from "./voice.js";

/** @typedef {import("./voice.js").Note} Note */

/** @param {HTMLElement} box */
function install(box) {
  const plain = /** @type {HTMLElement} */ (box.querySelector("[data-plain]"));
  const input = /** @type {HTMLInputElement} */ (plain.querySelector("input"));
  const spoken = /** @type {HTMLElement} */ (box.querySelector("[data-spoken]"));
  /** @type {Note[]} */
  let notes = [];
  const show = () => {
    const files = new DataTransfer();
    for (const { id, blob } of notes) files.items.add(new File([blob], `${id}.${endingOf(blob)}`, { type: blob.type }));
    input.files = files.files;
    voice.show(notes);
  };
  const voice = new VoiceBox(
    box,
    async (blob) => {
      notes = [...notes, { id: newId(), blob }];
      show();
    },
    async (note) => {
      notes = notes.filter((one) => one !== note);
      show();
    },
  );
  // Its own recorder is for those without a script; the field stays and carries what was recorded.
  input.multiple = true;
  plain.hidden = true;
  spoken.hidden = false;
}

if ("MediaRecorder" in window && navigator.mediaDevices) {
  for (const box of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".field.voice"))) install(box);
}
