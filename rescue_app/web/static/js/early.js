// What is pressed or typed before a page's scripts are there waits for them: a slow phone loses no
// tap. A script that was lost on its way is fetched anew with its page. And a page that the phone kept, or its way back leads to, is shown to nobody but its person.
// The one script that stops the page from being drawn, so it stays this small.

{
  const { whose } = document.documentElement.dataset;
  const check = () => {
    const now = /(?:^|; )yitong_who=([^;]*)/.exec(document.cookie)?.[1];
    if (!whose || !now || now === whose) return;
    document.documentElement.hidden = true;
    const stores = "caches" in self ? caches.keys() : Promise.resolve([]);
    stores
      .then((names) => Promise.all(names.filter((name) => !name.startsWith(`yitong-round-${now}`)).map((name) => caches.delete(name))))
      .finally(() => location.reload());
  };
  check();
  addEventListener("pageshow", check);
}

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
      // A button that wants to be held was only tapped: its script says so, nothing is sent.
      if (submitter?.dataset.hold !== undefined) for (const kind of ["pointerdown", "pointerup"]) submitter.dispatchEvent(new Event(kind));
      else if (target instanceof HTMLFormElement && type === "submit") target.requestSubmit(submitter);
      else target?.dispatchEvent(new Event(type, { bubbles: true }));
    }
  });
}

{
  // Without its scripts a page hears of nothing, and nobody would notice: it comes again as soon as
  // it can, each time later, unless somebody has typed into it (its forms work without scripts).
  const KEY = "yitong-again";
  const LATEST_MS = 30_000;
  const typed = () =>
    [...document.querySelectorAll("input, textarea")].some(
      (field) => /** @type {HTMLInputElement} */ (field).value !== /** @type {HTMLInputElement} */ (field).defaultValue,
    );
  let lost = false;
  const again = () => {
    const tries = Number(sessionStorage.getItem(KEY));
    sessionStorage.setItem(KEY, String(tries + 1));
    const wait = () => setTimeout(look, Math.min(1000 * 2 ** tries, LATEST_MS));
    const look = () =>
      fetch(location.href, { method: "HEAD" }).then(({ status }) => (status >= 500 || typed() ? wait() : location.reload()), wait);
    wait();
  };
  addEventListener("error", (event) => {
    if (lost || !(event.target instanceof HTMLScriptElement)) return;
    lost = true;
    again();
  }, true);
  addEventListener("load", () => lost || sessionStorage.removeItem(KEY));
}
