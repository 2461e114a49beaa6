// The part of a visit's form that takes photos, shows them and takes them back. What was taken
// before the app was killed is there again.

import { newId } from "./ids.js";
import { dropPhoto, keepPhoto, photosOf, shrunk } from "./photos.js";
import { all } from "./visits.js";

/** @typedef {import("./photos.js").Photo} Photo */

const account = document.body.dataset.account ?? "";

export class PhotoField {
  /** @param {HTMLFormElement} form @param {() => GeolocationPosition | null} here */
  constructor(form, here) {
    this.form = form;
    this.here = here;
    this.box = /** @type {HTMLElement | null} */ (form.querySelector(".shots"));
    /** @type {Photo[]} */
    this.photos = [];
    const input = this.box?.querySelector("input");
    input?.addEventListener("change", async () => {
      for (const file of input.files ?? []) await this.add(file);
      input.value = "";
    });
    if (this.box) this.box.hidden = false;
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
    const mine = (await photosOf(account)).filter((one) => one.page === page && !one.visit);
    this.photos = [];
    for (const photo of mine) {
      const kept = all().find((one) => one.visit.photos?.some(({ id }) => id === photo.id));
      if (kept) await keepPhoto({ ...photo, visit: kept.visit.id });
      else this.photos.push(photo);
    }
    this.show();
  }

  /** @param {File} file */
  async add(file) {
    this.say("");
    const coords = this.here()?.coords;
    try {
      /** @type {Photo} */
      const photo = {
        id: newId(),
        account,
        page: this.form.dataset.page ?? "",
        visit: "",
        blob: await shrunk(file),
        taken_at: new Date().toISOString(),
        ...(coords && { lon: coords.longitude, lat: coords.latitude, accuracy_m: coords.accuracy }),
      };
      await keepPhoto(photo);
      this.photos.push(photo);
    } catch (trouble) {
      const full = trouble instanceof DOMException && trouble.name === "QuotaExceededError";
      this.say((full ? this.form.dataset.full : this.box?.dataset.broken) ?? "");
    }
    this.show();
  }

  show() {
    const list = this.box?.querySelector("ul");
    list?.replaceChildren(
      ...this.photos.map((photo) => {
        const row = document.createElement("li");
        const picture = new Image();
        const back = Object.assign(document.createElement("button"), { type: "button", className: "button wide" });
        back.textContent = this.box?.dataset.back ?? "";
        picture.alt = "";
        row.append(picture, back);
        picture.src = URL.createObjectURL(photo.blob);
        picture.addEventListener("load", () => URL.revokeObjectURL(picture.src), { once: true });
        back.addEventListener("click", async () => {
          await dropPhoto(photo.id);
          this.photos = this.photos.filter((one) => one !== photo);
          this.show();
        });
        return row;
      }),
    );
  }

  /** Give the photos to a visit; from now on they go with it. @param {string} visit */
  async giveTo(visit) {
    const taken = this.photos;
    for (const photo of taken) await keepPhoto({ ...photo, visit });
    this.photos = [];
    this.show();
  }
}
