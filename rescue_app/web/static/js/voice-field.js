// The part of a visit's form that takes spoken words: kept on the phone like photos, promised by the
// visit, sent by themselves after its words.

import { attachmentsOf, dropAttachment, keepAttachment } from "./attachments.js";
import { newId } from "./ids.js";
import { VoiceBox } from "./voice.js";

/** @typedef {import("./attachments.js").Attachment} Attachment */

const account = document.body.dataset.account ?? "";

export class VoiceField {
  /** @param {HTMLFormElement} form @param {() => GeolocationPosition | null} here */
  constructor(form, here) {
    this.form = form;
    this.here = here;
    /** @type {Attachment[]} */
    this.notes = [];
    const box = /** @type {HTMLElement | null} */ (form.querySelector(".item.voice"));
    if (!box) return;
    this.voice = new VoiceBox(box, (blob) => this.add(blob), (note) => this.drop(note.id));
    box.hidden = !("MediaRecorder" in window && navigator.mediaDevices);
  }

  /** Show what was recorded here and not sent yet. */
  async restore() {
    const { page } = this.form.dataset;
    const mine = await attachmentsOf(account);
    this.notes = mine.filter((one) => one.kind === "voice" && one.page === page && !one.visit);
    this.voice?.show(this.notes);
  }

  /** @param {Blob} blob */
  async add(blob) {
    const coords = this.here()?.coords;
    /** @type {Attachment} */
    const note = {
      id: newId(),
      kind: "voice",
      account,
      page: this.form.dataset.page ?? "",
      visit: "",
      blob,
      taken_at: new Date().toISOString(),
      ...(coords && { lon: coords.longitude, lat: coords.latitude, accuracy_m: coords.accuracy }),
    };
    try {
      await keepAttachment(note);
      this.notes.push(note);
    } catch {
      this.voice?.say(this.form.dataset.full);
    }
    this.voice?.show(this.notes);
  }

  /** @param {string} id */
  async drop(id) {
    await dropAttachment(id);
    this.notes = this.notes.filter((one) => one.id !== id);
    this.voice?.show(this.notes);
  }

  /** What stands in the place of written words where there are only spoken ones. */
  words() {
    return this.notes.length ? (this.voice?.box.dataset.instead ?? "") : "";
  }

  /** They go with their visit from now on. */
  clear() {
    this.notes = [];
    this.voice?.show(this.notes);
  }
}
