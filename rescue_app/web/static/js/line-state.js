// What the bar says of the line: nobody may take a page for live that hears of nothing.

let hears = true;
let isCurrent = true;

/** The stream is open, or was lost. @param {boolean} open */
export function sayLine(open) {
  hears = open;
  show(hears && isCurrent);
}

/** What was heard of is shown, or could not be fetched yet. @param {boolean} current */
export function sayCurrent(current) {
  isCurrent = current;
  show(hears && isCurrent);
}

/** @param {boolean} open */
function show(open) {
  const place = document.getElementById("link-state");
  const words = /** @type {HTMLElement | null | undefined} */ (place?.querySelector("[data-lost]"));
  const state = open ? "on" : "lost";
  if (!place || !words || place.dataset.state === state) return;
  place.dataset.state = state;
  const time = new Date().toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Shanghai" });
  words.textContent = open ? (words.dataset.on ?? "") : (words.dataset.lost ?? "").replace("{time}", time);
}
