// Like points around a place: asked for while a point is typed, or once a case is in view.
// It only tells; nothing waits for it.

const FIELDS = ["id", "longitude", "latitude", "hazard_type", "name"];
const WAIT_MS = 350;

/** @param {HTMLElement} box */
function asker(box) {
  let line = new AbortController();
  let shown = "";
  return async (/** @type {URLSearchParams} */ asked) => {
    line.abort();
    line = new AbortController();
    const answer = await fetch(`/points/near?${asked}`, { headers: { accept: "text/html" }, signal: line.signal }).catch(() => null);
    if (!answer) return;
    const told = answer.ok && !answer.redirected ? await answer.text() : "";
    // Said again unchanged, a screen reader would read it out again.
    if (told !== shown) box.innerHTML = told;
    shown = told;
  };
}

/** @param {HTMLElement} box @param {HTMLFormElement} form */
function follow(box, form) {
  const ask = asker(box);
  let timer = 0;
  const said = () => {
    const typed = new FormData(form);
    return new URLSearchParams(FIELDS.map((name) => [name, String(typed.get(name) ?? "")]));
  };
  form.addEventListener("input", (event) => {
    if (!FIELDS.includes(/** @type {HTMLInputElement} */ (event.target).name)) return;
    clearTimeout(timer);
    timer = window.setTimeout(() => void ask(said()), WAIT_MS);
  });
  void ask(said());
}

const seen = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    seen.unobserve(target);
    const box = /** @type {HTMLElement} */ (target);
    void asker(box)(new URLSearchParams(box.dataset.near));
  }
});

/** @param {ParentNode} part */
export function watchNear(part) {
  /** @type {NodeListOf<HTMLElement>} */
  const boxes = part.querySelectorAll("[data-near]");
  for (const box of boxes) {
    const form = box.closest("form");
    if (form) follow(box, form);
    else seen.observe(box);
  }
}

watchNear(document);
