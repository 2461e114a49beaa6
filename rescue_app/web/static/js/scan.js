// A visit leaves the phone once, whatever the network does (visits.js). Without this script the
// form is a plain form.

import { promised, sendAttachments } from "./attachments.js";
import { tellDistance } from "./ground.js";
import { newId } from "./ids.js";
import { PhotoField } from "./photo-field.js";
import { VoiceField } from "./voice-field.js";
import { keep, kept as keptHere, send, sendAll } from "./visits.js";

/** @typedef {import("./visits.js").Visit} Visit */
/** @typedef {import("./visits.js").Kept} Kept */

const PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 60_000;
const PLACE_LIMIT_MS = 10_000;

const form = /** @type {HTMLFormElement} */ (document.getElementById("visit"));
const said = /** @type {HTMLElement} */ (document.getElementById("said"));
/** @type {GeolocationPosition | null} */
let here = null;
const photos = new PhotoField(form, () => here);
const voices = new VoiceField(form, () => here);
const attachments = () => [...photos.photos, ...voices.notes];
let pauseMs = PAUSE_MS;

/** Show what was taken and spoken here and not sent yet. */
const restore = () => Promise.all([photos.restore(), voices.restore()]);

/** @param {string} text @param {boolean} waiting */
function say(text, waiting = false) {
  said.textContent = text;
  said.hidden = !text;
  said.classList.toggle("waiting", waiting);
}

/** @param {boolean} off */
function setButtons(off) {
  for (const button of document.querySelectorAll("button[form=visit]")) {
    /** @type {HTMLButtonElement} */ (button).disabled = off;
  }
}

/** @param {string} outcome @returns {Visit} */
function read(outcome) {
  const data = new FormData(form);
  /** @type {Record<string, string>} */
  const answers = {};
  for (const [name, value] of data) if (name.startsWith("a.")) answers[name.slice(2)] = String(value);
  /** @type {Visit} */
  const visit = {
    id: newId(),
    outcome,
    answers,
    // Whoever reads a list of visits sees that there is something to hear.
    note: String(data.get("note") ?? "").trim() || voices.words(),
    done_at: new Date().toISOString(),
  };
  if (form.dataset.code) visit.code = form.dataset.code;
  if (form.dataset.asset) visit.asset_id = form.dataset.asset;
  const shown = data.get("template_code");
  if (shown) {
    visit.template_code = String(shown);
    visit.template_version = Number(data.get("template_version"));
  }
  if (here) {
    visit.lon = here.coords.longitude;
    visit.lat = here.coords.latitude;
    visit.accuracy_m = here.coords.accuracy;
  }
  return visit;
}

/** @param {Kept} kept */
async function deliver(kept) {
  const result = await send(kept);
  const here = await keptHere(kept.id);
  if (result === "kept") {
    await sendAttachments(kept.account, attachments());
    location.assign(here?.conflict ? `/conflicts/${here.conflict}` : `${kept.page}/done/${kept.id}`);
  } else if (result !== "refused") {
    say((here ? form.dataset.kept : form.dataset.full) ?? "", Boolean(here));
    setTimeout(() => deliver(kept), pauseMs);
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
  } else {
    // It stands on the round with its reason; here it can be put right at once.
    say(`${form.dataset.refused}${here?.because ?? ""}`);
    said.scrollIntoView({ block: "center" });
    setButtons(false);
  }
}

form.addEventListener("yitong:shown", () => void restore());
form.addEventListener("submit", async (event) => {
  const button = /** @type {HTMLButtonElement | null} */ (event.submitter);
  if (button?.name !== "outcome") return;
  event.preventDefault();
  const outcome = button.value;
  const marked = form.querySelector(".bad input:checked");
  const note = /** @type {HTMLTextAreaElement} */ (form.elements.namedItem("note"));
  const numbers = [...form.querySelectorAll("input[inputmode=decimal]")];
  const measured = numbers.some((input) => /** @type {HTMLInputElement} */ (input).value);
  if (outcome === "all_normal" && marked) {
    say(form.dataset.unmark ?? "");
    marked.closest(".item")?.scrollIntoView({ block: "center" });
    return;
  }
  const missing = outcome === "all_normal" && photos.missing();
  if (missing) {
    say(missing.dataset.ask ?? form.dataset.ask ?? "");
    missing.scrollIntoView({ block: "center" });
    return;
  }
  if (outcome === "problem" && !marked && !measured && !note.value.trim() && !voices.notes.length) {
    say(form.dataset.mark ?? "");
    said.scrollIntoView({ block: "start" });
    return;
  }
  setButtons(true);
  say(form.dataset.sending ?? "", true);
  const { endpoint = "", page = "", what = "" } = form.dataset;
  const { account = "" } = document.body.dataset;
  const visit = read(outcome);
  if (attachments().length) visit.photos = attachments().map(promised);
  const kept = { id: visit.id, endpoint, page, what, account, visit };
  if (!(await keep(kept, attachments()))) {
    say(form.dataset.full ?? "");
    return void deliver(kept);
  }
  photos.clear();
  voices.clear();
  if (!form.hasAttribute("data-stay")) return void deliver(kept);
  // The scanner's page goes on to the next label; what was answered is sent meanwhile.
  setButtons(false);
  say("");
  form.dispatchEvent(new CustomEvent("yitong:kept", { detail: kept.what }));
  void sendAll();
});

// A tap on a chosen answer takes it back: a slip of the thumb must not need a reload.
form.addEventListener("click", (event) => {
  const radio = event.target;
  if (!(radio instanceof HTMLInputElement) || radio.type !== "radio") return;
  if (radio.dataset.chosen) {
    radio.checked = false;
    delete radio.dataset.chosen;
    return;
  }
  for (const twin of form.querySelectorAll(`input[name="${CSS.escape(radio.name)}"]`)) {
    delete /** @type {HTMLInputElement} */ (twin).dataset.chosen;
  }
  radio.dataset.chosen = "yes";
});

// Whoever has begun a list keeps it, whatever is switched meanwhile; without a line it waits for
// the answer, which says the same.
form.addEventListener(
  "change",
  () => {
    const { begin } = form.dataset;
    if (begin) fetch(begin, { method: "POST" }).catch(() => undefined);
  },
  { once: true },
);

// The browser brings back a page with its old state: buttons must live again.
addEventListener("pageshow", () => setButtons(false));
navigator.geolocation?.getCurrentPosition(
  (position) => {
    here = position;
    const line = /** @type {HTMLElement | null} */ (document.querySelector("#distance[data-lines]"));
    if (line) tellDistance(line, JSON.parse(line.dataset.lines ?? "[]"), position);
  },
  () => undefined,
  { enableHighAccuracy: true, timeout: PLACE_LIMIT_MS, maximumAge: 30_000 },
);
void sendAll();
void restore();
