// What is in force where this page is about changes while it is open, also for whoever is not
// signed in: a small sign is asked for, and only when it has changed the warnings are fetched.

const EVERY_MS = 8_000;
const part = /** @type {HTMLElement} */ (document.querySelector("[data-warned]"));
let known = part.dataset.state ?? "";
let asking = false;

async function look() {
  if (document.hidden || asking) return;
  asking = true;
  try {
    const told = await fetch(`/warnings/state?at=${part.dataset.warned}`);
    const state = told.ok ? await told.text() : known;
    if (state !== known && (await renew())) known = state;
  } catch {
    // Without a network the page stays as it is; the next look comes by itself.
  } finally {
    asking = false;
  }
}

/** Put the warnings of now in the place of the old ones; what is being filled in is not touched. */
async function renew() {
  const answer = await fetch(location.pathname, { headers: { accept: "text/html" } });
  if (!answer.ok || answer.redirected) return false;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("[data-warned]");
  if (!fresh) return false;
  for (const link of page.querySelectorAll("link[rel=stylesheet]")) {
    const href = link.getAttribute("href");
    if (!document.querySelector(`link[href="${href}"]`)) document.head.append(document.importNode(link));
  }
  part.replaceChildren(...[...fresh.childNodes].map((one) => document.importNode(one, true)));
  return true;
}

setInterval(look, EVERY_MS);
document.addEventListener("visibilitychange", look);
addEventListener("online", look);
addEventListener("pageshow", look);
part.dataset.armed = "";
