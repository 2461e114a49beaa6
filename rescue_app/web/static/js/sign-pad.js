// A signature drawn with a finger: a smooth line on a canvas, in ink on paper whatever the page's
// colours are, as a small picture. Without a finger the name is typed beside it.

const INK = "#101820";
const PAPER = "#fff";
const WIDTH_PX = 5;

/** @typedef {{x: number, y: number}} Spot */

/** @param {HTMLCanvasElement} canvas */
const pen = (canvas) => /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));

/** Empty paper. @param {HTMLCanvasElement} canvas */
export function wipe(canvas) {
  Object.assign(pen(canvas), { fillStyle: PAPER, strokeStyle: INK, lineWidth: WIDTH_PX, lineCap: "round", lineJoin: "round" });
  pen(canvas).fillRect(0, 0, canvas.width, canvas.height);
  delete canvas.dataset.drawn;
}

/** What was drawn before the app was killed. @param {HTMLCanvasElement} canvas @param {Blob} picture */
export async function redraw(canvas, picture) {
  const drawn = await createImageBitmap(picture);
  wipe(canvas);
  pen(canvas).drawImage(drawn, 0, 0, canvas.width, canvas.height);
  canvas.dataset.drawn = "";
}

/** @param {HTMLCanvasElement} canvas @returns {Promise<Blob>} */
const pictureOf = (canvas) =>
  new Promise((done, fail) => canvas.toBlob((blob) => (blob ? done(blob) : fail(new Error("blank"))), "image/png"));

/** Let fingers draw on the pads of a form, also on those that come later.
 * @param {HTMLFormElement} form @param {(box: HTMLElement, picture: Blob) => Promise<void>} keep after each stroke */
export function watchPads(form, keep) {
  /** The stroke under way: its pad, its finger, and the last two places. */
  let kept = Promise.resolve();
  let at = /** @type {{canvas: HTMLCanvasElement, finger: number, last: Spot, middle: Spot} | null} */ (null);

  /** @param {HTMLCanvasElement} canvas @param {PointerEvent} event @returns {Spot} */
  function place(canvas, event) {
    const box = canvas.getBoundingClientRect();
    return { x: ((event.clientX - box.left) / box.width) * canvas.width, y: ((event.clientY - box.top) / box.height) * canvas.height };
  }

  /** The line goes through the middles, bent by the places between: no corners. @param {Spot} to */
  function draw(to) {
    if (!at) return;
    const { canvas, last, middle } = at;
    const next = { x: (last.x + to.x) / 2, y: (last.y + to.y) / 2 };
    const line = pen(canvas);
    line.beginPath();
    line.moveTo(middle.x, middle.y);
    line.quadraticCurveTo(last.x, last.y, next.x, next.y);
    line.stroke();
    at = { ...at, last: to, middle: next };
  }

  form.addEventListener("pointerdown", (event) => {
    const canvas = event.target;
    if (at || !(canvas instanceof HTMLCanvasElement) || !canvas.closest(".sign") || event.button) return;
    event.preventDefault();
    if (!("drawn" in canvas.dataset)) wipe(canvas);
    canvas.dataset.drawn = "";
    canvas.setPointerCapture(event.pointerId);
    const spot = place(canvas, event);
    at = { canvas, finger: event.pointerId, last: spot, middle: spot };
    draw(spot); // a dot is a stroke too
  });
  form.addEventListener("pointermove", (event) => {
    if (event.pointerId !== at?.finger) return;
    const { canvas } = at;
    const some = event.getCoalescedEvents?.() ?? [];
    for (const one of some.length ? some : [event]) draw(place(canvas, one));
  });
  for (const end of ["pointerup", "pointercancel"]) {
    form.addEventListener(end, (event) => {
      if (/** @type {PointerEvent} */ (event).pointerId !== at?.finger) return;
      const { canvas, last } = at;
      draw(last);
      at = null;
      const box = /** @type {HTMLElement} */ (canvas.closest(".sign"));
      // One after the other: the picture of the last stroke is the one that stays.
      kept = kept.then(async () => {
        const picture = await pictureOf(canvas);
        if ("drawn" in canvas.dataset) await keep(box, picture);
      });
    });
  }
}
