// The hand-out map: everything lies in this file, nothing is asked of any network.
// What the ledger says is only ever put in as text.
function handout(map, shown, layers) {
  const GRADES = { I: ["▲", "#d92d20"], II: ["◆", "#f2690d"], III: ["■", "#b88f00"], IV: ["●", "#1f6feb"] };
  const MOST_SIGNS = 600;
  const RECORD = "#6b3fa0";
  const narrow = window.innerWidth < 900; // one thumb: nothing lies over a popup
  const POPUP = { maxWidth: Math.min(340, window.innerWidth - 60) };
  const say = shown.words;

  function el(tag, text, ...inside) {
    const made = document.createElement(tag);
    if (text) made.textContent = text;
    made.append(...inside.filter(Boolean));
    return made;
  }
  function facts(pairs) {
    const list = el("dl");
    for (const [name, value] of pairs) if (value) list.append(el("dt", name), el("dd", String(value)));
    return list;
  }
  function told(point) {
    const items = shown.lists[point.list] || [];
    const steps = el("ol", "", ...items.map((said) => el("li", said)));
    return el("div", "", el("h2", point.name),
      facts([[say.number, point.number], [say.kind, point.kind], [say.grade, point.grade && say.grades[point.grade]],
        [say.where, point.address], [say.people, point.people], [say.signal, point.signal],
        [say.owner, point.owner], [say.monitor, point.monitor], [say.synthetic, point.synthetic && say.yes]]),
      items.length ? el("h3", say.checklist) : null, items.length ? steps : null);
  }

  // Points: signs by grade where few are in sight, dots on a canvas where many are.
  const points = L.layerGroup().addTo(map);
  const dots = L.canvas({ padding: 0.2 });
  function mark(point, few) {
    const [sign, ink] = GRADES[point.grade] || ["○", "#545e6a"];
    const made = few
      ? L.marker(point.at, { alt: point.name, icon: L.divIcon({ className: "", iconSize: [24, 24], html: `<div class="sign" style="color:${ink}">${sign}</div>` }) })
      : L.circleMarker(point.at, { renderer: dots, radius: 5, weight: 1, color: "#fff", fillColor: ink, fillOpacity: 0.9 });
    return made.bindPopup(() => told(point), POPUP);
  }
  let held = null;
  function draw() {
    if (held && map.hasLayer(held)) return; // an open popup stays under the eyes
    const box = map.getBounds().pad(0.2);
    const inside = shown.points.filter((point) => box.contains(point.at));
    points.clearLayers();
    for (const point of inside) points.addLayer(mark(point, inside.length <= MOST_SIGNS));
  }
  map.on("moveend", draw).on("popupopen", (e) => { held = e.popup; }).on("popupclose", () => { held = null; setTimeout(draw); });

  // Disaster records: a circle of true size where the place is not exact; up to the year of the slider.
  const records = L.layerGroup();
  const years = shown.records.map((one) => one.year);
  const first = Math.min(...years), last = Math.max(...years);
  let until = last;
  function drawRecords() {
    records.clearLayers();
    for (const one of shown.records) {
      if (one.year > until) continue;
      const ink = { color: RECORD, weight: 1.5, fill: !one.reach || one.reach <= 5000, fillOpacity: one.reach ? 0.06 : 0.7, dashArray: one.reach ? "5 4" : null };
      const made = one.reach ? L.circle(one.at, { ...ink, radius: one.reach, renderer: dots }) : L.circleMarker(one.at, { ...ink, radius: 6, renderer: dots });
      records.addLayer(made.bindPopup(() => el("div", "", el("h2", one.title),
        facts([[say.day, one.day], [say.kind, one.kind], [say.dead, one.deaths], [say.accuracy, one.accuracy]])), POPUP));
    }
    warm();
  }
  function warm() {
    const heat = layers[say.warmth];
    if (heat && map.hasLayer(heat)) heat.setLatLngs(shown.records.filter((one) => one.warms && one.year <= until).map((one) => one.at));
  }
  map.on("overlayadd", warm);
  function slider() {
    const out = el("output");
    const input = Object.assign(el("input"), { type: "range", min: first, max: last, value: last, id: "years" });
    const tell = () => { const count = shown.records.filter((one) => one.year <= until).length; out.textContent = say.until.replace("{year}", until).replace("{count}", count); };
    input.setAttribute("aria-label", say.slide);
    input.addEventListener("input", () => { until = Number(input.value); if (!map.hasLayer(records)) map.addLayer(records); drawRecords(); tell(); });
    tell();
    const made = el("label", say.records, input, out);
    made.className = "box years";
    return made;
  }
  function control(where, node) {
    const made = L.control({ position: where });
    made.onAdd = () => { L.DomEvent.disableClickPropagation(node); L.DomEvent.disableScrollPropagation(node); return node; };
    made.addTo(map);
  }

  // Households are only in the file of whoever may see them and asked for them.
  const homes = L.layerGroup();
  for (const home of shown.homes) {
    L.marker(home.at, { alt: home.name, icon: L.divIcon({ className: "", iconSize: [20, 20], html: '<div class="sign" style="color:#14181d;font-size:16px">⌂</div>' }) })
      .bindPopup(() => el("div", "", el("h2", home.name), facts([[say.where, home.address], [say.members, home.people], [say.needs, home.needs], [say.phone, home.phone]])), POPUP).addTo(homes);
  }

  const over = { [say.points]: points };
  if (shown.homes.length) over[say.homes] = homes;
  if (shown.records.length) over[say.records] = records;
  Object.assign(over, layers);
  const switches = L.control.layers(null, over, { collapsed: false, position: "topright" }).addTo(map);
  if (narrow) map.zoomControl.remove();
  L.control.scale({ imperial: false }).addTo(map);

  // The legend is true to what is in the file.
  const count = (grade) => shown.points.filter((point) => point.grade === grade).length;
  const rows = Object.entries(GRADES).map(([grade, [sign, ink]]) => {
    const shape = el("span", sign);
    shape.style.color = ink;
    return el("li", "", shape, el("span", `${say.grades[grade]} · ${count(grade)}`));
  });
  if (shown.records.length) {
    const shape = el("span", "●");
    shape.style.color = RECORD;
    rows.push(el("li", "", shape, el("span", `${say.records} · ${shown.records.length}`)));
  }
  const legend = el("section", "", el("h2", say.legend), el("ul", "", ...rows), ...shown.notes.map((said) => Object.assign(el("p", said), { className: "note" })));
  legend.className = "box legend";
  if (narrow) {
    const more = el("details", "", el("summary", `☰ ${say.layers}`), switches.getContainer(), legend);
    more.className = "box more";
    control("bottomright", more);
  } else control("bottomright", legend);
  if (shown.records.length) control("bottomleft", slider());

  // Search: name, number, address; the same words as on the ledger.
  const input = Object.assign(el("input"), { type: "search", id: "find", placeholder: say.find });
  input.setAttribute("aria-label", say.find);
  const list = el("ul");
  function open(point) {
    list.replaceChildren();
    map.addLayer(points);
    map.setView(point.at, Math.max(map.getZoom(), 15), { animate: false });
    L.popup(POPUP).setLatLng(point.at).setContent(told(point)).openOn(map);
  }
  input.addEventListener("input", () => {
    const asked = input.value.trim().toLowerCase();
    const found = asked ? shown.points.filter((p) => `${p.name} ${p.number} ${p.address} ${p.owner}`.toLowerCase().includes(asked)) : [];
    list.replaceChildren(...found.slice(0, 20).map((point) => {
      const button = el("button", point.name, el("small", `${point.kind} · ${point.address}`));
      button.addEventListener("click", () => open(point));
      return el("li", "", button);
    }));
    if (asked && !found.length) list.append(el("li", say.none));
  });
  input.addEventListener("keydown", (e) => { if (e.key === "Enter") list.querySelector("button")?.click(); });
  const find = el("div", "", input, list);
  find.className = "find";
  const top = el("header", "", el("h1", shown.title), shown.synthetic ? Object.assign(el("span", say.synthetic), { className: "synthetic" }) : null,
    Object.assign(el("span", shown.made), { className: "made" }), find);
  top.className = "top";
  document.body.prepend(top);
  map.invalidateSize({ animate: false });

  map.attributionControl.setPrefix("Leaflet");
  map.options.zoomSnap = 0.25; // whole steps would leave half of a phone empty
  map.fitBounds(shown.bounds, { paddingTopLeft: [10, 10], paddingBottomRight: [narrow ? 10 : 290, 10], animate: false });
  drawRecords();
  draw();
  document.documentElement.dataset.ready = "yes";
}
