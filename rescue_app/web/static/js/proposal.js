// How many orders go to whom, in one line, as it is ticked; and a held button needs no second question.

const proposal = /** @type {HTMLFormElement | null} */ (document.querySelector("form[data-proposal]"));

/** @param {HTMLFormElement} sheet */
function count(sheet) {
  const summary = /** @type {HTMLElement} */ (document.getElementById("summary"));
  const rows = Array.from(sheet.querySelectorAll("[data-row]")).filter((row) => row.querySelector("input[name=take]:checked"));
  const chosen = rows.flatMap((row) => [
    ...Array.from(row.querySelectorAll("select[name=targets]"), (field) => /** @type {HTMLSelectElement} */ (field).value),
    ...Array.from(row.querySelectorAll("input[name=targets]:checked"), (box) => /** @type {HTMLInputElement} */ (box).value),
  ]).filter(Boolean).map((value) => value.split("=")[1]);
  const all = (/** @type {string} */ kind) => new Set(chosen.filter((target) => target.startsWith(kind))).size;
  // One is said in its own way: "1 crew", "2 crews".
  const some = (/** @type {string} */ kind, /** @type {number} */ number) => {
    const [one = "", many = ""] = (summary.dataset[kind] ?? "").split("|");
    return number === 1 ? one : many.replace("{count}", String(number));
  };
  const words = (rows.length ? summary.dataset.some : summary.dataset.none) ?? "";
  summary.textContent = words.replace("{orders}", some("orders", rows.length)).replace("{units}", some("units", all("unit"))).replace("{crews}", some("crews", all("crew")));
}

if (proposal) {
  proposal.addEventListener("change", () => count(proposal));
  proposal.addEventListener("submit", (event) => {
    const button = /** @type {HTMLElement | null} */ (event.submitter);
    // Held to the end: sent at once. Enter or a screen reader's click is asked once more.
    if (!button?.classList.contains("holding")) return;
    const yes = document.createElement("input");
    Object.assign(yes, { type: "hidden", name: "confirmed", value: "1" });
    proposal.append(yes);
  });
  count(proposal);
}
