// A long shift is worked with the keyboard: / search (every page has it), J K next, Esc back, ? help.

/** @param {{rail: import("./map-rail.js").Rail, back: () => void}} wiring */
export function installKeys({ rail, back }) {
  const help = /** @type {HTMLDialogElement | null} */ (document.getElementById("keys"));
  /** @type {Record<string, () => void>} */
  const acts = {
    j: () => rail.move(1),
    k: () => rail.move(-1),
    "?": () => help?.showModal(),
    Escape: back,
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || help?.open) return;
    const typing = event.target instanceof HTMLElement && event.target.matches("input, textarea, select");
    if (typing && event.key === "Escape") /** @type {HTMLElement} */ (event.target).blur();
    const act = acts[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act || typing) return;
    event.preventDefault();
    act();
  });
}
