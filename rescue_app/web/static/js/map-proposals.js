// Proposed places are gone through one after the other, the surest first: J, K or the panel's buttons.

/** @typedef {{id: string, place: {lon: number, lat: number}}} Stop */

/** Where in the row the walk is. */
let left = 0;

/**
 * The next proposal, or the one before.
 * @param {string} address of all open proposals @param {string} selected @param {1 | -1} by @returns {Promise<Stop | null>}
 */
async function beside(address, selected, by) {
  const { features } = await (await fetch(address)).json();
  if (!features.length) return null;
  const at = features.findIndex((/** @type {any} */ one) => String(one.properties.id) === selected);
  // One that was decided meanwhile is not among them any more: whatever followed it stands there now.
  const next = at < 0 ? left + Math.min(by, 0) : at + by;
  left = (next + features.length) % features.length;
  const { properties, geometry } = features[left];
  const [lon, lat] = geometry.coordinates;
  return { id: String(properties.id), place: { lon, lat } };
}

/** Let buttons that say so go through them. @param {string} address @param {() => string} selected @param {(stop: Stop) => void} go */
export function installWalk(address, selected, go) {
  const walk = async (/** @type {1 | -1} */ by) => {
    const stop = await beside(address, selected(), by);
    if (stop) go(stop);
  };
  document.addEventListener("click", (event) => {
    const button = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("[data-walk]"));
    if (button) void walk(button.dataset.walk === "1" ? 1 : -1);
  });
  return walk;
}
