// Changes come by themselves; when the line is lost the page says since when.

const TOPICS = "point,area,asset,finding";
const GATHER_MS = 700;

/** @param {{onChange: () => void}} wiring */
export function watchLine({ onChange }) {
  const place = document.getElementById("link-state");
  const words = /** @type {HTMLElement | null | undefined} */ (place?.querySelector("[data-lost]"));
  let timer = 0;

  const say = (/** @type {boolean} */ on) => {
    if (!place || !words || place.dataset.state === (on ? "on" : "lost")) return;
    place.dataset.state = on ? "on" : "lost";
    const time = new Date().toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Shanghai" });
    words.textContent = on ? (words.dataset.on ?? "") : (words.dataset.lost ?? "").replace("{time}", time);
  };

  const changed = () => {
    clearTimeout(timer);
    // Many changes in one breath are one redraw.
    timer = window.setTimeout(onChange, GATHER_MS);
  };

  const line = new EventSource(`/live?topics=${TOPICS}`);
  let lost = false;
  line.addEventListener("open", () => {
    say(true);
    if (lost) changed();
    lost = false;
  });
  line.addEventListener("error", () => {
    lost = true;
    say(false);
  });
  // "reset": we were away too long for the log; what is shown may be old.
  for (const kind of ["message", "reset"]) line.addEventListener(kind, changed);
  addEventListener("offline", () => say(false));
}
