// What reaches people is sent by holding, not by a slip of the thumb.

const HOLD_MS = 1200;
const SLID_PX = 48;

/** Who only pressed sees beside the button what it wants. @param {HTMLButtonElement} button */
function sayHold(button) {
  if (button.nextElementSibling?.matches(".hold-hint")) return;
  const said = document.createElement("span");
  said.className = "hold-hint";
  said.setAttribute("role", "status");
  said.textContent = button.dataset.holdHint ?? "";
  button.after(said);
}

/** @param {HTMLButtonElement} button */
function arm(button) {
  let timer = 0;
  let from = { x: 0, y: 0 };
  const start = () => {
    if (button.disabled || timer) return;
    button.classList.add("holding");
    timer = window.setTimeout(() => {
      timer = 0;
      button.form?.requestSubmit(button);
    }, HOLD_MS);
  };
  const stop = () => {
    window.clearTimeout(timer);
    timer = 0;
    button.classList.remove("holding");
  };
  const letGo = () => {
    if (timer) sayHold(button);
    stop();
  };
  button.addEventListener("pointerdown", (event) => {
    // What comes in above may move the button from under a hand that holds still: that hand goes on holding.
    if (event.isTrusted) button.setPointerCapture(event.pointerId); // a tap before the script came is only told of
    from = event;
    start();
  });
  button.addEventListener("pointermove", (event) => {
    if (Math.hypot(event.x - from.x, event.y - from.y) > SLID_PX) stop();
  });
  button.addEventListener("pointerup", letGo);
  for (const end of ["pointercancel", "blur"]) button.addEventListener(end, stop);
  button.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    if (!event.repeat) start();
  });
  button.addEventListener("keyup", letGo);
  button.addEventListener("click", (event) => {
    // A click without a pointer comes from assistive technology, which cannot hold: let it through.
    // Not so Enter in a line of the form, which clicks its button too, where nobody asks again.
    const isEnter = event.detail === 0 && document.activeElement?.matches("form:not([data-order], [data-proposal]) input");
    if (event.detail > 0 || isEnter) event.preventDefault();
    if (isEnter) sayHold(button);
  });
}

/** @param {Document} root */
export function startHolds(root) {
  const hint = (/** @type {HTMLElement} */ b) => (b.title = b.dataset.holdHint ?? "");
  const armAll = () => {
    for (const found of root.querySelectorAll("button[data-hold]:not([data-armed])")) {
      const button = /** @type {HTMLButtonElement} */ (found);
      button.dataset.armed = "";
      hint(button);
      arm(button);
    }
  };
  armAll();
  root.addEventListener("htmx:load", armAll);
}
