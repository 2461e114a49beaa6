// The part of a visit's form that takes photos and signatures, shows them and takes them back. What
// was taken before the app was killed is there again.

import { newId } from "./ids.js";
import { attachmentsOf, dropAttachment, keepAttachment } from "./attachments.js";
import { redraw, watchPads, wipe } from "./sign-pad.js";

/** @typedef {import("./attachments.js").Attachment} Photo */

const LONGEST_SIDE_PX = 1600;
const QUALITY = 0.8;

const account = document.body.dataset.account ?? "";

/** Draw a picture anew, upright and bounded. @param {Blob} file @returns {Promise<Blob>} */
export async function shrunk(file) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, LONGEST_SIDE_PX / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  return new Promise((done, fail) =>
    canvas.toBlob((blob) => (blob ? done(blob) : fail(new Error("blank"))), "image/jpeg", QUALITY),
  );
}

export class PhotoField {
  /** @param {HTMLFormElement} form @param {() => GeolocationPosition | null} here */
  constructor(form, here) {
    this.form = form;
    this.here = here;
    /** @type {Photo[]} */
    this.photos = [];
    // Of items there are others when the scanner shows another list: the form itself listens.
    form.addEventListener("change", async (event) => {
      const input = /** @type {HTMLInputElement} */ (event.target);
      const box = input.type === "file" && /** @type {HTMLElement | null} */ (input.closest(".shots"));
      if (!box) return;
      for (const file of input.files ?? []) await this.add(file, box);
      input.value = "";
    });
    watchPads(form, (box, picture) => this.sign(box, picture));
    form.addEventListener("click", (event) => {
      const button = /** @type {Element} */ (event.target).closest("[data-wipe]");
      if (button) void this.wipe(/** @type {HTMLElement} */ (button.closest(".sign")));
    });
    for (const box of this.boxes()) box.hidden = false;
  }

  /** One for the visit, and one for each item that asks for a photo. @returns {HTMLElement[]} */
  boxes() {
    return [...this.form.querySelectorAll(".shots")].map((box) => /** @type {HTMLElement} */ (box));
  }

  /** @param {string} text */
  say(text) {
    const line = /** @type {HTMLElement} */ (this.form.querySelector("#said"));
    line.textContent = text;
    line.hidden = !text;
  }

  /** Show what was taken here and not sent yet. */
  async restore() {
    const { page } = this.form.dataset;
    const mine = await attachmentsOf(account);
    this.photos = mine.filter((one) => one.kind === "photo" && one.page === page && !one.visit);
    this.show();
  }

  /** The item whose photo is asked for, neither taken nor excused. @returns {HTMLElement | undefined} */
  missing() {
    return this.boxes().find((box) => {
      if (!box.hasAttribute("data-required")) return false;
      const why = box.querySelector("textarea")?.value.trim();
      return !why && !this.photos.some((one) => one.item === box.dataset.item);
    });
  }

  /** What was drawn on a pad, if it was. @param {HTMLElement} box */
  signed(box) {
    return this.photos.find((one) => one.drawn && one.item === box.dataset.item);
  }

  /** A stroke was drawn: the picture so far takes the place of the one before.
   * @param {HTMLElement} box @param {Blob} picture */
  async sign(box, picture) {
    const before = this.signed(box);
    this.photos = this.photos.filter((one) => one !== before);
    await this.add(picture, box, { id: before?.id ?? newId(), drawn: true });
  }

  /** @param {HTMLElement} box */
  async wipe(box) {
    const before = this.signed(box);
    if (before) await dropAttachment(before.id);
    this.photos = this.photos.filter((one) => one !== before);
    this.show();
  }

  /** @param {Blob} file @param {HTMLElement} box @param {{id: string, drawn?: boolean}} [as] */
  async add(file, box, as = { id: newId() }) {
    this.say("");
    const coords = this.here()?.coords;
    try {
      /** @type {Photo} */
      const photo = {
        ...as,
        kind: "photo",
        account,
        page: this.form.dataset.page ?? "",
        visit: "",
        item: box.dataset.item ?? "",
        blob: as.drawn ? file : await shrunk(file),
        taken_at: new Date().toISOString(),
        ...(coords && { lon: coords.longitude, lat: coords.latitude, accuracy_m: coords.accuracy }),
      };
      this.photos.push(photo);
      await keepAttachment(photo);
    } catch (trouble) {
      this.photos = this.photos.filter((one) => one.id !== as.id);
      const full = trouble instanceof DOMException && trouble.name === "QuotaExceededError";
      this.say((full ? this.form.dataset.full : box.dataset.broken) ?? "");
    }
    this.show();
  }

  show() {
    for (const box of this.boxes()) {
      const mine = this.photos.filter((one) => (one.item ?? "") === (box.dataset.item ?? ""));
      box.querySelector("ul")?.replaceChildren(...mine.filter((one) => !one.drawn).map((photo) => this.row(photo, box)));
      const canvas = box.querySelector("canvas");
      if (canvas) void this.draw(canvas, mine.find((one) => one.drawn));
    }
  }

  /** The pad shows what is kept. @param {HTMLCanvasElement} canvas @param {Photo} [signed] */
  async draw(canvas, signed) {
    canvas.hidden = false;
    /** @type {HTMLButtonElement} */ (canvas.closest(".sign")?.querySelector("[data-wipe]")).hidden = !signed;
    if (!signed) wipe(canvas);
    else if (!("drawn" in canvas.dataset)) await redraw(canvas, signed.blob);
  }

  /** @param {Photo} photo @param {HTMLElement} box */
  row(photo, box) {
    const row = document.createElement("li");
    const picture = new Image();
    const back = Object.assign(document.createElement("button"), { type: "button", className: "button wide" });
    back.textContent = box.dataset.back ?? "";
    picture.alt = "";
    row.append(picture, back);
    picture.src = URL.createObjectURL(photo.blob);
    picture.addEventListener("load", () => URL.revokeObjectURL(picture.src), { once: true });
    back.addEventListener("click", async () => {
      await dropAttachment(photo.id);
      this.photos = this.photos.filter((one) => one !== photo);
      this.show();
    });
    return row;
  }

  /** They go with their visit from now on. */
  clear() {
    this.photos = [];
    this.show();
  }
}
