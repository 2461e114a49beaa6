// The scanner's page: a code is opened on the server, and without a network out of the pack. What
// is not in the pack is not believed; it is kept and judged when the line is back.

import * as checks from "./checks.js";
import { Camera } from "./camera.js";
import { read } from "./code-signs.js";
import { knows } from "./pack.js";
import { PackBox } from "./pack-box.js";
import { showFacts } from "./pack-facts.js";
import { modesOf, showDistance, showList } from "./pack-form.js";
import { MapBox, MAP_PARTS } from "./pack-map.js";
import { followWarnings, showWarnings } from "./pack-warned.js";
import * as verify from "./pack-verify.js";
import { kept, keepPages } from "./round-pages.js";

const VENDOR = "/static/vendor/";
const CAMERA_PARTS = ["barcode-detector.js", "zxing-exported.js", "zxing_reader.wasm"].map((name) => VENDOR + name);
const PATIENCE_MS = 4_000;
const PLACE_LIMIT_MS = 10_000;
const account = document.body.dataset.account ?? "";
/** @param {string} id */
const part = (id) => /** @type {HTMLElement} */ (document.getElementById(id));
const form = /** @type {HTMLFormElement} */ (part("visit"));
const camera = new Camera(/** @type {HTMLVideoElement} */ (part("picture")), (text) => {
  putCameraAway();
  void open(text);
});
const box = new PackBox(account, () => {
  map.offer(box.packs);
  void showVerify();
});
const map = new MapBox(part("ground"));
followWarnings(box);

/** List what is to be verified, and keep its pages as long as there is a line. */
async function showVerify() {
  await verify.show(box.packs);
  const pages = verify.pages(box.packs);
  if (!pages.length) return;
  await keepPages(account, pages).catch(() => undefined);
  await verify.show(box.packs);
}

/** @param {string} text */
function say(text) {
  const line = part("told");
  line.textContent = text;
  line.hidden = !text;
}

/** Does the server answer for this code? @param {string} code */
async function reachable(code) {
  try {
    const answer = await fetch(`/api/v1/codes/${code}`, { signal: AbortSignal.timeout(PATIENCE_MS) });
    return answer.status < 500;
  } catch {
    return false;
  }
}

/** Open what was scanned or typed. @param {string} text */
export async function open(text) {
  const said = read(text);
  if (said.trouble !== undefined) {
    say((part("told").dataset[said.trouble] ?? "").replace("{found}", said.found));
    return;
  }
  say(part("told").dataset.looking ?? "");
  if (await reachable(said.code)) location.assign(`/c/${said.code}`);
  else await openHere(said.code);
}

/** A crew says by a label that it has arrived, on the page of its order. @param {string} code */
async function offerArrival(code) {
  const link = /** @type {HTMLAnchorElement | null} */ (document.getElementById("arrival"));
  if (!link) return;
  link.href = `/crew?code=${code}`;
  link.hidden = !(await kept("/crew"));
}

/** Without a network: in the pack it opens, outside it is kept for later. @param {string} code */
async function openHere(code) {
  await offerArrival(code);
  const packs = await box.look(); // their day may have ended meanwhile
  const known = knows(packs, code);
  if (known) {
    say("");
    showLabel(known, code);
    return;
  }
  await checks.later(account, code);
  const words = part("told").dataset;
  say((packs.some((one) => one.state === "good") ? words.outside : words.nopack) ?? "");
  await showChecks();
}

/** @param {import("./pack.js").Pack} known @param {string} code */
function showLabel(known, code) {
  part("finding-code").hidden = part("looking").hidden = true;
  part("label").hidden = false;
  showAsIn(known, code, known.mode.now);
  map.lookAt(known.assets[code].lines[0][0], code);
  showDistance(known, code, null);
  navigator.geolocation?.getCurrentPosition(
    (position) => showDistance(known, code, position),
    () => undefined,
    { enableHighAccuracy: true, timeout: PLACE_LIMIT_MS, maximumAge: 5_000 },
  );
  scrollTo(0, 0);
}

/** Show list, measures and calls of a mode: that of the area, or the one that is chosen on the
 * spot, as when it was raised since. @param {import("./pack.js").Pack} known @param {string} code
 * @param {import("./pack.js").Mode} mode */
function showAsIn(known, code, mode) {
  form.reset();
  const answerable = showList(form, known, code, mode);
  form.dispatchEvent(new Event("yitong:shown"));
  form.hidden = part("visit-foot").hidden = !answerable;
  part("no-list").hidden = answerable;
  showFacts(known, code, mode);
  showWarnings(known, code);
  const choice = part("list-mode");
  choice.hidden = modesOf(known, code).length < 2;
  for (const input of /** @type {NodeListOf<HTMLInputElement>} */ (choice.querySelectorAll("input"))) {
    input.checked = input.value === mode;
    input.onchange = () => showAsIn(known, code, /** @type {import("./pack.js").Mode} */ (input.value));
  }
}

function backToScanning() {
  document.getElementById("arrival")?.setAttribute("hidden", "");
  map.lookAt(null);
  part("finding-code").hidden = part("looking").hidden = false;
  part("label").hidden = part("visit-foot").hidden = true;
  const input = /** @type {HTMLInputElement} */ (part("code"));
  input.value = "";
  history.replaceState(null, "", "/scan");
}

/** Show the codes that wait to be judged, and what was said of the others. */
async function showChecks() {
  const found = await checks.kept(account);
  part("checks").hidden = !found.length;
  const list = /** @type {HTMLElement} */ (part("checks").querySelector("ol"));
  const model = /** @type {HTMLTemplateElement} */ (part("checks").querySelector("template"));
  list.replaceChildren(
    ...found.map((check) => {
      const row = /** @type {HTMLElement} */ (model.content.firstElementChild?.cloneNode(true));
      row.dataset.verdict = check.verdict;
      /** @type {HTMLAnchorElement} */ (row.querySelector("a")).href = `/c/${check.code}`;
      for (const [place, text] of Object.entries({
        code: check.code.replace(/(.{4})(?=.)/g, "$1-"),
        verdict: part("checks").dataset[check.verdict] ?? "",
        told: check.told,
      })) {
        /** @type {HTMLElement} */ (row.querySelector(`[data-fill="${place}"]`)).textContent = text;
      }
      row.querySelector("button")?.addEventListener("click", () => void checks.drop(check).then(showChecks));
      return row;
    }),
  );
}

async function judge() {
  await checks.judgeAll(account);
  await showChecks();
}

/** Open the camera, or say why it does not open. */
async function takeCamera() {
  say("");
  if (!navigator.mediaDevices) return say(part("told").dataset.nocamera ?? "");
  part("view").hidden = false;
  part("camera-open").hidden = true;
  try {
    await camera.start();
    part("torch").hidden = !camera.hasTorch;
  } catch (trouble) {
    putCameraAway();
    const refused = trouble instanceof DOMException && trouble.name === "NotAllowedError";
    say(part("told").dataset[refused ? "refused" : "nocamera"] ?? "");
  }
}

/** Whoever allowed the camera before need not tap again. */
async function mayLook() {
  const asked = navigator.permissions?.query({ name: /** @type {PermissionName} */ ("camera") });
  return (await asked?.catch(() => null))?.state === "granted";
}

function putCameraAway() {
  camera.stop();
  part("view").hidden = true;
  part("camera-open").hidden = false;
}

part("camera-open").addEventListener("click", () => void takeCamera());
part("camera-close").addEventListener("click", putCameraAway);
part("torch").addEventListener("click", async () => {
  part("torch").setAttribute("aria-pressed", String(await camera.toggleTorch()));
});
// A hidden page keeps no camera open.
document.addEventListener("visibilitychange", () => document.hidden && putCameraAway());
addEventListener("pagehide", putCameraAway);
part("finding-code").addEventListener("submit", (event) => {
  event.preventDefault();
  void open(/** @type {HTMLInputElement} */ (part("code")).value);
});
part("next-label").addEventListener("click", () => {
  say("");
  backToScanning();
});
form.addEventListener("yitong:kept", (event) => {
  backToScanning();
  const name = /** @type {CustomEvent<string>} */ (event).detail;
  say((part("told").dataset.kept ?? "").replace("{name}", name));
});
addEventListener("online", () => void judge());

await box.look();
await judge();
const asked = new URL(location.href).searchParams.get("code");
if (asked) await open(asked);
else if (await mayLook()) await takeCamera();
void box.offer().catch(() => undefined);
keepPages(account, ["/scan", "/round", "/outbox"], [...CAMERA_PARTS, ...MAP_PARTS])
  .then((done) => (part("opens-offline").hidden = !done))
  .catch(() => undefined);
