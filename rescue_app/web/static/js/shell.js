// Small manners every page has: times that go on counting, the theme switch, messages with undo,
// buttons one must hold. No framework; each part stands alone and a page works without it.

import { startClocks } from "./clocks.js";
import { startHolds } from "./hold.js";
import { say, showWaitingFlash } from "./flash.js";
import { forgetPages } from "./round-pages.js";

const YEAR_SECONDS = 31_536_000;

/** @param {string} theme "light", "dark" or "system" */
function setTheme(theme) {
  const root = document.documentElement;
  if (theme === "system") {
    delete root.dataset.theme;
    document.cookie = "yitong_theme=; path=/; max-age=0; samesite=lax";
  } else {
    root.dataset.theme = theme;
    document.cookie = `yitong_theme=${theme}; path=/; max-age=${YEAR_SECONDS}; samesite=lax`;
  }
  /** @type {NodeListOf<HTMLElement>} */
  const choices = document.querySelectorAll("[data-set-theme]");
  for (const choice of choices) {
    if (choice.dataset.setTheme === theme) choice.setAttribute("aria-current", "true");
    else choice.removeAttribute("aria-current");
  }
  document.dispatchEvent(new CustomEvent("yitong:theme", { detail: theme }));
}

document.addEventListener("click", (event) => {
  const target = /** @type {Element} */ (event.target);
  const choice = /** @type {HTMLElement | null} */ (target.closest("[data-set-theme]"));
  if (choice) {
    event.preventDefault();
    setTheme(choice.dataset.setTheme ?? "system");
  }
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(target)) menu.removeAttribute("open");
  }
});

/** @param {EventTarget | null} element */
function isTyping(element) {
  return element instanceof HTMLElement && element.matches("input:not([type=range]), textarea, select, [contenteditable]");
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    const open = document.querySelector("details.menu[open]");
    if (open) event.preventDefault();
    open?.removeAttribute("open");
    open?.querySelector("summary")?.focus();
  }
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  const wanted = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (wanted instanceof HTMLElement) {
    event.preventDefault();
    if (isTyping(wanted)) wanted.focus();
    else wanted.click();
  }
});

// What the server wants said after an htmx exchange: HX-Trigger: {"yitong:say": {text, undo}}
document.addEventListener("yitong:say", (event) => say(/** @type {CustomEvent} */ (event).detail));

// A part of a page that was asked for later and did not arrive says so in its place; a form that was
// not taken stays as it is, and what the server says to it is said.
for (const lost of ["htmx:responseError", "htmx:sendError"]) {
  document.addEventListener(lost, (event) => {
    const part = /** @type {HTMLElement} */ (event.target);
    if (part.dataset.lost) part.textContent = part.dataset.lost;
    else if (part.matches("form")) say({ text: problem(/** @type {CustomEvent} */ (event).detail.xhr, part) });
  });
}

/** @param {XMLHttpRequest} answer @param {HTMLElement} form */
function problem(answer, form) {
  try {
    return JSON.parse(answer.responseText).detail;
  } catch {
    return /** @type {HTMLElement | null} */ (form.closest("[data-unsent]"))?.dataset.unsent ?? "";
  }
}

startClocks(document);
startHolds(document);
showWaitingFlash();

// Whoever signs out leaves no pages of his round in the phone, and whoever signs in finds none of
// somebody whose sign-in has run out: on a slow line they would open before his own. The form goes
// when they are gone, for with it goes this script.
document.addEventListener("submit", (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (!["/sign-in", "/sign-out"].includes(form.getAttribute("action") ?? "") || event.defaultPrevented) return;
  event.preventDefault();
  void forgetPages().finally(() => form.submit());
});
