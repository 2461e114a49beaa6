// A part of a page in its newer form: whoever stood in it or had scrolled it stays where he was.

const STOPS = "a, button, summary, input, select, textarea, [tabindex]";
const SCROLLS = "[tabindex]";

/** What is at the same place in the nearest thing with a name. @param {Element} at @param {Element} root */
function addressOf(at, root) {
  const named = at.closest("[id]");
  const home = named && root.contains(named) ? named : root;
  return { id: home.id, place: [...home.querySelectorAll(STOPS)].indexOf(at) };
}

/** Draw a part anew; `draw` gives what stands there then. @param {Element} old @param {() => Element} draw */
export function redrawn(old, draw) {
  const active = document.activeElement;
  const held = active && active !== old && old.contains(active) ? addressOf(active, old) : null;
  const rolled = [...old.querySelectorAll(SCROLLS)].map((one) => one.scrollTop);
  const fresh = draw();
  [...fresh.querySelectorAll(SCROLLS)].forEach((one, place) => (one.scrollTop = rolled[place] ?? 0));
  if (!held || active?.isConnected) return;
  const home = held.id ? document.getElementById(held.id) : fresh;
  const stop = held.place < 0 ? home : home?.querySelectorAll(STOPS)[held.place];
  /** @type {HTMLElement | null | undefined} */ (stop)?.focus({ preventScroll: true });
}

/** @param {Element} old @param {Element} fresh */
export function swap(old, fresh) {
  redrawn(old, () => {
    old.replaceWith(fresh);
    return fresh;
  });
}
