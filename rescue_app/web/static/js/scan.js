// A visit leaves the phone once, whatever the network does: it is kept here under its own id
// until the server has answered for it, and sent again by itself. Without this script the form
// is a plain form.

const PREFIX = "yitong_visit:";
const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 60_000;
const PLACE_LIMIT_MS = 10_000;

/** @typedef {{id: string, code?: string, outcome: string, answers: Record<string, string>,
 *   note: string, done_at: string, sent_at?: string, lon?: number, lat?: number,
 *   accuracy_m?: number}} Visit */
/** @typedef {{endpoint: string, page: string, visit: Visit}} Kept what was said, and where it goes */

const form = /** @type {HTMLFormElement} */ (document.getElementById("visit"));
const said = /** @type {HTMLElement} */ (document.getElementById("said"));
/** @type {GeolocationPosition | null} */
let here = null;
let pauseMs = FIRST_PAUSE_MS;

/** Not every page is served over HTTPS, and randomUUID exists only there. */
function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

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
    note: String(data.get("note") ?? ""),
    done_at: new Date().toISOString(),
  };
  if (form.dataset.code) visit.code = form.dataset.code;
  if (here) {
    visit.lon = here.coords.longitude;
    visit.lat = here.coords.latitude;
    visit.accuracy_m = here.coords.accuracy;
  }
  return visit;
}

/** @param {Kept} kept */
function keep(kept) {
  try {
    localStorage.setItem(PREFIX + kept.visit.id, JSON.stringify(kept));
  } catch {
    // A full or forbidden store: the visit still goes out now, only a reload would lose it.
  }
}

/** @param {string} id */
function forget(id) {
  try {
    localStorage.removeItem(PREFIX + id);
  } catch {
    // Where nothing can be kept there is nothing to forget.
  }
}

/** @returns {Kept[]} */
function waiting() {
  try {
    const keys = Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
    return keys.map((key) => JSON.parse(localStorage.getItem(key) ?? "{}"));
  } catch {
    return [];
  }
}

/** @param {Kept} kept @returns {Promise<"kept" | "refused" | "later">} */
async function send({ endpoint, page, visit }) {
  let answer;
  try {
    answer = await fetch(endpoint, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json" },
      body: JSON.stringify({ ...visit, sent_at: new Date().toISOString() }),
    });
  } catch {
    return "later";
  }
  if (answer.status === 401) location.assign(`/sign-in?next=${page}`); // stays kept
  if (answer.status >= 500 || answer.status === 429 || answer.status === 401) return "later";
  forget(visit.id);
  if (answer.ok) return "kept";
  const told = await answer.json().catch(() => ({}));
  say(`${form.dataset.refused}: ${told.detail ?? answer.status}`);
  said.scrollIntoView({ block: "center" });
  return "refused";
}

/** @param {Kept} kept */
async function deliver(kept) {
  const result = await send(kept);
  if (result === "kept") {
    location.assign(`${kept.page}/done/${kept.visit.id}`);
  } else if (result === "later") {
    say(form.dataset.kept ?? "", true);
    setTimeout(() => deliver(kept), pauseMs);
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
  } else {
    setButtons(false);
  }
}

/** What was kept on an earlier page goes out quietly. */
async function sendLeftovers() {
  for (const kept of waiting()) if ((await send(kept)) === "later") return;
}

form.addEventListener("submit", (event) => {
  const button = /** @type {HTMLButtonElement | null} */ (event.submitter);
  if (!button) return;
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
  if (outcome === "problem" && !marked && !measured && !note.value.trim()) {
    say(form.dataset.mark ?? "");
    said.scrollIntoView({ block: "start" });
    return;
  }
  setButtons(true);
  say(form.dataset.sending ?? "", true);
  const { endpoint = "", page = "" } = form.dataset;
  const kept = { endpoint, page, visit: read(outcome) };
  keep(kept);
  deliver(kept);
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
addEventListener("online", () => sendLeftovers());
navigator.geolocation?.getCurrentPosition(
  (position) => {
    here = position;
  },
  () => undefined,
  { enableHighAccuracy: true, timeout: PLACE_LIMIT_MS, maximumAge: 30_000 },
);
sendLeftovers();

export {};
