// A sentence about what just happened, with a way back where there is one.

const SHOWN_MS = 8000;

/** @typedef {{text: string, undo?: string | null, act?: () => void}} Said `undo` is a path, `act` does it in the page */

/** @param {string} name */
function takeCookie(name) {
  const found = document.cookie.split("; ").find((part) => part.startsWith(`${name}=`));
  document.cookie = `${name}=; path=/; max-age=0; samesite=lax`;
  return found ? decodeURIComponent(found.slice(name.length + 1)) : null;
}

/** What is refused says why; what was lost on its way is offered once more. @param {string} path @param {string} text */
async function undo(path, text) {
  const answer = await fetch(path, { method: "POST", headers: { "HX-Request": "true" } }).catch(() => null);
  if (answer?.ok) return location.reload();
  const told = await answer?.json().catch(() => null);
  say(told?.detail ? { text: told.detail } : { text, undo: path });
}

/** @param {string} text @param {string} look @param {() => void} act */
function button(text, look, act) {
  const made = document.createElement("button");
  made.className = `button ${look}`;
  made.type = "button";
  made.textContent = text;
  made.addEventListener("click", act);
  return made;
}

/** @param {Said} said */
export function say(said) {
  const place = document.getElementById("flashes");
  if (!place) return;
  const box = document.createElement("div");
  box.className = "flash";
  const words = document.createElement("span");
  words.textContent = said.text;
  box.append(words);
  const path = said.undo;
  // Only our own paths: a cookie is not a promise about who wrote it.
  if (path?.startsWith("/") && !path.startsWith("//")) {
    box.append(button(place.dataset.undo ?? "", "", () => (box.remove(), void undo(path, place.dataset.unsent || said.text))));
  }
  if (said.act) {
    const { act } = said;
    box.append(button(place.dataset.undo ?? "", "", () => (box.remove(), act())));
  }
  box.append(button(place.dataset.close ?? "", "quiet", () => box.remove()));
  place.append(box);
  setTimeout(() => box.remove(), SHOWN_MS);
}

export function showWaitingFlash() {
  const waiting = takeCookie("yitong_flash");
  if (!waiting) return;
  try {
    say(JSON.parse(waiting));
  } catch {
    // A cookie cut short by a proxy says nothing; the deed itself is in the page.
  }
}
