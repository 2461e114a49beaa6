// What is pressed or typed before a page's scripts are there waits for them: a slow phone loses no
// tap. The one script that stops the page from being drawn, so it stays this small.

{
  const KINDS = ["submit", "input", "change"];
  /** @type {Event[]} */
  const held = [];
  const hold = (/** @type {Event} */ event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    // Pressed twice is meant once.
    if (!held.some(({ target, type }) => target === event.target && type === event.type)) held.push(event);
  };
  for (const kind of KINDS) addEventListener(kind, hold, true);
  // On the window: every script of the page has heard of it before.
  addEventListener("DOMContentLoaded", () => {
    for (const kind of KINDS) removeEventListener(kind, hold, true);
    for (const { target, type, submitter } of /** @type {SubmitEvent[]} */ (held)) {
      if (target instanceof HTMLFormElement && type === "submit") target.requestSubmit(submitter);
      else target?.dispatchEvent(new Event(type, { bubbles: true }));
    }
  });
}
