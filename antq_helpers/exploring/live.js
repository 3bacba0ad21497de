// A live picture: Vega draws it; here are the pointer, the keyboard, and what is read out.

// One library for all pictures of a page. A define of the page (RequireJS) must not catch it.
let library;
function useLibrary(text) {
  library ??= Promise.resolve(text).then((code) => {
    new Function("define", "exports", "module", code)();
    return { vega: globalThis.vega, lite: globalThis.vegaLite };
  });
  return library;
}

const FAINT = 0.5, PALE = 0.15;
const NEAR = 36; // pixels: what is farther from all marks is empty ground

function make(name, parent, look = {}) {
  const { text = "", ...attributes } = look;
  const made = document.createElement(name);
  made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return parent.appendChild(made);
}

// Numbers as the tables write them: halves away from zero, as people do.
function written(value, language, digits) {
  if (value === Infinity) return "∞";
  const decimals = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return Number(value.toFixed(9)).toLocaleString(language, decimals);
}

// Rows as objects: each has its numbers, and name and look of its series.
function rowsOf(message) {
  const names = Object.keys(message.columns);
  const columns = names.map((name) => {
    const held = message.columns[name];
    if (Array.isArray(held)) return held;
    const { buffer, byteOffset, byteLength } = held;
    return new Float64Array(buffer.slice(byteOffset, byteOffset + byteLength));
  });
  return Array.from({ length: columns[0]?.length ?? 0 }, (_, place) => {
    const row = { place };
    names.forEach((name, i) => {
      const value = columns[i][place];
      row[name] = value === value && value !== undefined ? value : null;
    });
    return Object.assign(row, message.series[row.series], { period: message.periods[row.at] ?? "" });
  });
}

// What is read out of a row: its lines whose blanks it can fill, and its state.
function linesOf(message, row) {
  const { lines, digits = {} } = message.says[row.panel] ?? message.says[0];
  const fill = (line) => {
    let whole = true;
    const text = line.replace(/{(\w+)}/g, (_, name) => {
      const value = name === "covered" ? row.covered * 100 : row[name];
      if (value === null || value === undefined || Number.isNaN(value)) whole = false;
      if (typeof value === "string" || !whole) return value;
      return written(value, message.language, digits[name] ?? (name === "covered" ? 1 : 0));
    });
    return whole ? text : "";
  };
  const head = [row.name, row.period].filter(Boolean).join(", ");
  const known = lines.filter((line) => row.value !== null || line.includes("{target}")).map(fill);
  return [head, ...known, fill(message.states[row.state] ?? "")].filter(Boolean);
}

// Draws into an element. `does` has click(name or null) and zoom(first, last or nothing).
function livePicture(el, does = {}) {
  el.classList.add("antq-live");
  const mark = make("div", el, { class: "antq-marks" });
  const stage = make("div", el, {
    class: "antq-picture", tabindex: "0", role: "application", "aria-roledescription": "chart",
  });
  const canvas = make("div", stage);
  const ring = make("div", stage, { class: "antq-ring", hidden: "" });
  const span = make("div", stage, { class: "antq-span", hidden: "" });
  const tip = make("div", stage, { class: "antq-tip", hidden: "", "aria-hidden": "true" });
  const legend = make("div", el, { class: "antq-legend" });
  const notes = make("div", el, { class: "antq-notes" });
  const spoken = make("div", el, { class: "antq-spoken", "aria-live": "polite" });
  let message, rows = [], view, spec, hits = [], at = null, from = null, waiting, turn = 0;
  let lit = "", kept = ""; // the unit brought forward, and the one that is so without a pointer

  // Where each row stands, in pixels of the drawing: of a bar or tile its box, too. A unit's name
  // at an axis stands for its row.
  function find() {
    hits = [];
    const seen = new Set(), named = new Map(rows.toReversed().map((row) => [row.name, row]));
    const walk = (item, x, y) => {
      for (const group of item.items ?? []) {
        if (group.marktype) { walk(group, x, y); continue; }
        const datum = group.datum;
        if (item.marktype === "group") walk(group, x + (group.x ?? 0), y + (group.y ?? 0));
        else if (item.role === "axis-label" && named.has(group.text)) {
          const { x1, x2, y1, y2 } = group.bounds;
          hits.push({
            aside: true, row: named.get(group.text), name: group.text, x: x + x2, y: y + (y1 + y2) / 2,
            box: { x1: x + x1, x2: x + x2, y1: y + y1, y2: y + y2 },
          });
        }
        else if (datum?.name !== undefined && item.role === "mark"
          && Number.isFinite(group.x + group.y) && group.defined !== false) {
          const box = ["rect", "text", "rule"].includes(item.marktype) ? group.bounds : null;
          const key = `${datum.place} ${datum.panel} ${datum.text}`;
          if (item.marktype === "area" || (seen.has(key) && !box)) continue;
          const bar = item.marktype === "rule"; // an interval: its point comes later
          if (!bar) seen.add(key);
          const wide = item.marktype === "rect";
          hits.push({
            bar, key, row: datum.place === undefined ? null : rows[datum.place], name: datum.name,
            x: x + (wide ? group.x + group.width / 2 : group.x),
            y: y + (wide ? group.y + group.height / 2 : group.y),
            box: box && { x1: x + box.x1, x2: x + box.x2, y1: y + box.y1, y2: y + box.y2 },
          });
        }
      }
    };
    const [x, y] = view.origin(), { left, top } = view.padding();
    walk(view.scenegraph().root, x + left, y + top);
    const bars = new Map(hits.filter((hit) => hit.bar).map((hit) => [hit.key, hit.box]));
    hits = hits.filter((hit) => !hit.bar || !seen.has(hit.key));
    for (const hit of hits) hit.box ??= bars.get(hit.key);
  }

  async function show(next, name = "") {
    const mine = ++turn;
    message = next;
    stage.setAttribute("aria-busy", "true");
    const { vega, lite } = await library;
    if (mine !== turn) return;
    rows = rowsOf(message);
    const same = view && spec === message.spec;
    if (!same) {
      view?.finalize();
      spec = message.spec;
      const compiled = lite.compile(JSON.parse(spec)).spec;
      for (const signal of compiled.signals ?? []) {
        if (signal.name in message.params) signal.value = message.params[signal.name];
      }
      view = new vega.View(vega.parse(compiled), { renderer: "canvas" }).logLevel(vega.Error);
    } else {
      for (const [name, value] of Object.entries(message.params)) view.signal(name, value);
    }
    lit = kept = name;
    view.signal("lit", lit).signal("pale", FAINT).data("rows", rows);
    try { view.data("labels", message.labels); } catch { /* a picture without labels */ }
    if (!same) view.initialize(canvas);
    await view.runAsync();
    find();
    leave();
    mark.textContent = message.mark;
    legend.replaceChildren();
    for (const [colour, text] of message.legend) {
      const entry = make("span", legend, {});
      if (colour) make("i", entry, { class: colour === "hatched" ? colour : "" });
      if (colour && colour !== "hatched") entry.firstChild.style.background = colour;
      entry.append(text);
      entry.onpointerenter = () => bring(rows.some((row) => row.name === text) ? text : "");
      entry.onpointerleave = () => bring();
    }
    notes.replaceChildren(...message.notes.map((text) => Object.assign(
      document.createElement("p"), { textContent: text })));
    stage.setAttribute("aria-label", message.alt);
    stage.setAttribute("aria-description", message.keys);
    stage.setAttribute("aria-busy", "false");
    stage.dispatchEvent(new Event("drawn", { bubbles: true }));
  }

  const shown = () => canvas.firstElementChild;
  const scale = () => shown().getBoundingClientRect().width / parseFloat(shown().style.width);

  function place(event) {
    const edge = shown().getBoundingClientRect();
    return [(event.clientX - edge.left) / scale(), (event.clientY - edge.top) / scale()];
  }

  // A bar or an interval answers all along, but less than the middle of another mark near by.
  function nearest([x, y]) {
    let best = null, least = NEAR;
    for (const hit of hits) {
      const { x1, x2, y1, y2 } = hit.box ?? {};
      const aside = Math.hypot(Math.max(x1 - x, 0, x - x2), Math.max(y1 - y, 0, y - y2)) + 8;
      const far = Math.hypot(hit.x - x, hit.y - y);
      const near = hit.box ? Math.min(far, aside) : far;
      if (near < least) [best, least] = [hit, near];
    }
    return best;
  }

  // While one is pointed at, the rest is pale; a choice that stays leaves it readable.
  function bring(name = kept) {
    if (name === lit || !view) return;
    lit = name;
    view.signal("lit", name).signal("pale", name === kept ? FAINT : PALE).runAsync();
  }

  function light(name) {
    kept = name;
    if (!at) bring();
  }

  // Point at a mark: a ring around it, its lines beside it, its unit brought forward.
  function point(hit, aloud = false) {
    at = hit;
    bring(hit.row?.whole && rows.every((row) => row.name === hit.name) ? "" : hit.name);
    const lines = hit.row ? linesOf(message, hit.row) : [hit.name];
    tip.replaceChildren(...lines.map((text, i) => Object.assign(
      document.createElement(i ? "div" : "b"), { textContent: text })));
    tip.hidden = false;
    ring.hidden = !hit.row || hit.aside;
    const s = scale(), x = hit.x * s, y = hit.y * s;
    const right = x + tip.offsetWidth + 24 > stage.clientWidth;
    tip.style.left = `${Math.max(right ? x - tip.offsetWidth - 14 : x + 14, 0)}px`;
    tip.style.top = `${Math.max(y - tip.offsetHeight - 8, 0)}px`;
    Object.assign(ring.style, { left: `${x - 8}px`, top: `${y - 8}px` });
    if (aloud) spoken.textContent = lines.join(". ");
  }

  function leave() {
    at = null;
    tip.hidden = ring.hidden = true;
    bring();
  }

  stage.addEventListener("pointermove", (event) => {
    if (!view) return;
    const [x, y] = place(event);
    if (from && message.zooms && Math.abs(x - from[0]) > 6) {
      const s = scale();
      leave();
      span.hidden = false;
      Object.assign(span.style, {
        left: `${Math.min(x, from[0]) * s}px`, width: `${Math.abs(x - from[0]) * s}px`,
      });
      return;
    }
    const hit = nearest([x, y]);
    if (hit && hit !== at) point(hit);
    if (!hit && at) leave();
  });
  stage.addEventListener("pointerleave", () => { if (!from) leave(); });
  stage.addEventListener("pointerdown", (event) => {
    if (event.button || !view) return;
    from = place(event);
    if (event.pointerType === "mouse") stage.setPointerCapture(event.pointerId);
  });
  stage.addEventListener("pointercancel", () => { from = null; span.hidden = true; });
  stage.addEventListener("pointerup", (event) => {
    if (!from) return;
    const [start, end] = [from, place(event)];
    const [low, high] = [Math.min(start[0], end[0]), Math.max(start[0], end[0])];
    from = null;
    if (!span.hidden) {
      span.hidden = true;
      const within = hits.filter((hit) => hit.row && !hit.aside && hit.x >= low && hit.x <= high);
      const places = within.map((hit) => hit.row.at);
      if (places.length) does.zoom?.(Math.min(...places), Math.max(...places));
      return;
    }
    const hit = nearest(end);
    if (hit && event.pointerType !== "mouse") point(hit);
    choose(hit, message.zooms ? 250 : 0);
  });
  // A double click undoes the zoom and no more: its first click waits where there is a zoom.
  stage.addEventListener("dblclick", () => {
    clearTimeout(waiting);
    if (message.zooms) does.zoom?.();
  });

  function choose(hit, wait = 0) {
    clearTimeout(waiting);
    if (hit?.row?.whole) return; // the whole place is no unit
    waiting = setTimeout(() => does.click?.(hit ? hit.name : null), wait);
  }

  // Left and right go through all marks in order; up and down to the nearest one there.
  stage.addEventListener("keydown", (event) => {
    const all = hits.filter((hit) => hit.row && !hit.aside).sort((a, b) => a.row.place - b.row.place);
    const steps = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity };
    let next;
    if (event.key in steps && all.length) {
      const place = at ? all.indexOf(at) + steps[event.key] : 0;
      next = all[Math.min(Math.max(place, 0), all.length - 1)];
    } else if (event.key === "ArrowUp" || event.key === "ArrowDown") {
      const down = event.key === "ArrowDown" ? 1 : -1;
      const far = (hit) => Math.abs(hit.y - at.y) + 3 * Math.abs(hit.x - at.x);
      const there = at ? all.filter((hit) => (hit.y - at.y) * down > 0.5) : all.slice(0, 1);
      next = at ? there.sort((a, b) => far(a) - far(b))[0] : there[0];
    } else if (event.key === "Enter" && at) choose(at);
    else if (event.key === "Escape") { leave(); choose(null); }
    else return;
    event.preventDefault();
    event.stopPropagation();
    if (next) point(next, true);
  });
  stage.addEventListener("blur", leave);

  // For tests: where the marks are, and which unit is brought forward.
  const marks = () => hits.filter((hit) => hit.row && !hit.aside).map(({ row, name, x, y }) => (
    { place: row.place, name, x: x * scale(), y: y * scale() }));

  return { show, light, marks, lit: () => lit, end: () => { turn += 1; view?.finalize(); } };
}
