// Words that are spoken: recorded on the phone, bounded, heard before they are sent, taken back.

const TYPES = ["audio/webm;codecs=opus", "audio/ogg;codecs=opus", "audio/mp4"];
const BITS_PER_SECOND = 24_000;
const SECOND_MS = 1_000;
const MOST_SECONDS = 60;

/** @typedef {{id: string, blob: Blob}} Note */

/** How a file of this kind is called. @param {Blob} blob */
export const endingOf = (blob) => (blob.type.startsWith("audio/mp4") ? "m4a" : blob.type.startsWith("audio/ogg") ? "ogg" : "webm");

export class VoiceBox {
  /** @param {HTMLElement} box @param {(blob: Blob) => Promise<void>} take what becomes of a recording
   * @param {(note: Note) => Promise<void>} back how it is taken back */
  constructor(box, take, back) {
    this.box = box;
    this.take = take;
    this.back = back;
    this.begin = /** @type {HTMLButtonElement} */ (box.querySelector("[data-begin]"));
    this.end = /** @type {HTMLButtonElement} */ (box.querySelector("[data-end]"));
    this.box.querySelector("[data-told]")?.setAttribute("role", "status");
    this.list = document.createElement("ul");
    this.list.dataset.notes = "";
    this.begin.parentElement?.append(this.list);
    /** @type {MediaRecorder | null} */
    this.recorder = null;
    this.timer = 0;
    this.begin.addEventListener("click", () => void this.record());
    this.end.addEventListener("click", () => this.stop());
    // A page that is not on the screen does not listen.
    document.addEventListener("visibilitychange", () => document.hidden && this.stop());
    addEventListener("pagehide", () => this.stop());
  }

  /** @param {string} [text] */
  say(text) {
    /** @type {HTMLElement} */ (this.box.querySelector("[data-told]")).textContent = text ?? "";
  }

  /** @param {boolean} on */
  setGoing(on) {
    this.begin.hidden = on;
    this.end.hidden = !on;
  }

  async record() {
    this.say();
    const type = "MediaRecorder" in window ? TYPES.find((one) => MediaRecorder.isTypeSupported(one)) : undefined;
    if (!type || !navigator.mediaDevices) return this.say(this.box.dataset.denied);
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    } catch {
      return this.say(this.box.dataset.denied);
    }
    const recorder = new MediaRecorder(stream, { mimeType: type, audioBitsPerSecond: BITS_PER_SECOND });
    /** @type {Blob[]} */
    const parts = [];
    recorder.addEventListener("dataavailable", ({ data }) => data.size && parts.push(data));
    recorder.addEventListener("stop", () => {
      stream.getTracks().forEach((track) => track.stop());
      clearInterval(this.timer);
      this.recorder = null;
      this.setGoing(false);
      this.say();
      if (parts.length) void this.take(new Blob(parts, { type: type.split(";")[0] }));
    });
    this.recorder = recorder;
    recorder.start(SECOND_MS);
    this.setGoing(true);
    this.count();
    return undefined;
  }

  count() {
    const began = Date.now();
    const tell = () => {
      const seconds = Math.floor((Date.now() - began) / SECOND_MS);
      const { going = "" } = this.box.dataset;
      this.say(going.replace("{seconds}", String(seconds)).replace("{most}", String(MOST_SECONDS)));
      if (seconds >= MOST_SECONDS) this.stop();
    };
    this.timer = window.setInterval(tell, SECOND_MS);
    tell();
  }

  stop() {
    if (this.recorder?.state === "recording") this.recorder.stop();
  }

  /** Show what was recorded, to be heard and taken back. @param {Note[]} notes */
  show(notes) {
    // The same word as for a photo, where there are photos.
    const { back = "" } = this.box.dataset.back ? this.box.dataset : (this.box.parentElement?.querySelector(".shots")?.closest("div")?.dataset ?? {});
    this.list.replaceChildren(
      ...notes.map((note) => {
        const row = document.createElement("li");
        const player = Object.assign(document.createElement("audio"), { controls: true, src: URL.createObjectURL(note.blob) });
        player.style.width = "100%";
        player.setAttribute("aria-label", this.begin.textContent?.trim() ?? "");
        const away = Object.assign(document.createElement("button"), { type: "button", className: "button wide", textContent: back });
        away.addEventListener("click", () => {
          URL.revokeObjectURL(player.src);
          void this.back(note);
        });
        row.append(player, away);
        return row;
      }),
    );
  }
}
