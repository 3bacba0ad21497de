// The page in one file: what is chosen becomes what an explorer's program would send to its picture.
// `compose` is drawing/trend.py and series.py over again, and tests compare the two.

const MOST_COLOURED = 6, MOST_BANDS = 4, MOST_NAMED = 15, HIGHEST = 4, MANY = 24, ROOM = 1.14;
const PANEL = 190, MOST_LABELS = 13;
const STATE = { partial: 1, missing: 2, none: 3, hidden: 4 };

const known = (value) => value !== null && value !== undefined;
const finite = (values) => values.filter((value) => known(value) && Number.isFinite(value));
const sum = (values) => finite(values).reduce((a, b) => a + b, 0);
const fill = (text, values) => text.replace(/{(\w+)}/g, (_, name) => values[name]);

// ---- trends ----

// The series of a measure that a choice shows, cut to its years.
function seriesOf(page, choice, measure) {
  const time = page.time[choice.by], tongue = choice.language;
  const rate = choice.per && time.blocks[`${measure} ${choice.per}`];
  const block = rate || time.blocks[measure], { units } = page;
  const within = time.years.flatMap(([, year], i) =>
    year >= choice.years[0] && year <= choice.years[1] ? [i] : []);
  const line = (key, name, role) => {
    const held = Object.entries(block.series[key] ?? {});
    return { name, role, ...Object.fromEntries(
      held.map(([column, values]) => [column, within.map((i) => values[i])])) };
  };
  const city = line("city", page.whole[tongue], "city");
  if (choice.communes === "city") return { block, within, city, lines: [city] };
  if (choice.communes === "kinds") {
    const kinds = Object.keys(block.series).filter((key) => key.startsWith("kind"));
    return { block, within, city, lines: kinds.map((key, i) =>
      line(key, page.kinds[tongue][i], "kind")).concat(city) };
  }
  const lines = choice.communes.map((at) => line(`commune${units[at].name}`, units[at].name, "commune"));
  const several = Math.max(0, ...finite(city.reporting)) > 1;
  if (lines.length && several) {
    const mean = block.whole && !rate && block.series.mean;
    lines.push(mean ? line("mean", page.mean[tongue], "mean") : city);
  }
  return { block, within, city, lines };
}

function topOf(lines, barred) {
  const peak = Math.max(0, ...finite(lines.flatMap((line) => line.value))) || 1;
  const highs = barred ? lines.filter((line) => line.ink).flatMap((line) => line.high) : [];
  return Math.max(peak, Math.min(Math.max(0, ...finite(highs)), HIGHEST * peak));
}

// Each commune's own colour; of two with the same one, the first by name keeps it.
function coloursOf(units) {
  const names = units.map((unit) => unit.name).sort(), own = new Map(units.map((u) => [u.name, u.at]));
  const taken = new Map();
  for (const name of names) if (!taken.has(own.get(name))) taken.set(own.get(name), name);
  for (const name of names) {
    let at = own.get(name);
    if (taken.get(at) === name) continue;
    while (taken.has(at)) at = (at + 1) % MOST_COLOURED;
    taken.set(at, name);
  }
  return new Map([...taken].map(([at, name]) => [name, at]));
}

function lookOf(page, line, place, count) {
  const { colours, shapes, focus, city, others } = page.looks;
  const look = { name: line.name, shape: shapes[0], dash: false, width: 1.8,
    whole: line.role !== "commune", stays: ["city", "mean"].includes(line.role) };
  if (!line.ink) return { ...look, colour: others, width: 1 };
  if (line.role === "commune" || line.role === "kind" || count === 1) {
    return { ...look, colour: colours[place], shape: shapes[place] };
  }
  if (count > MOST_COLOURED + 1) return { ...look, colour: focus, width: 2.5 };
  return { ...look, colour: city, dash: true };
}

const isLone = (values, i) => known(values[i]) && !known(values[i - 1]) && !known(values[i + 1]);

function lastOf(line) {
  const at = line.value.findLastIndex(known);
  if (at >= 0) return [at, line.value[at]];
  const marked = line.state.findLastIndex((s) => s === STATE.missing || s === STATE.hidden);
  return [marked, marked < 0 ? null : 0];
}

function namedGreys(lines) {
  const greys = lines.filter((line) => !line.ink && known(lastOf(line)[1]))
    .sort((a, b) => lastOf(a)[1] - lastOf(b)[1] || (a.name < b.name ? -1 : 1));
  const half = Math.floor(MOST_NAMED / 2);
  return greys.length <= MOST_NAMED ? greys : [...greys.slice(0, half), ...greys.slice(-half)];
}

const isSilent = (line) => !line.value.some(known) && line.state.includes(STATE.missing);

// Names moved apart from the lowest up, then back from the top.
function spread(labels, room, top) {
  const gap = Math.min(room, top / Math.max(labels.length, 1));
  let least = gap / 2;
  for (const label of labels) { label.y = Math.max(label.y, least); least = label.y + gap; }
  let most = top - gap / 2;
  for (const label of labels.toReversed()) { label.y = Math.min(label.y, most); most = label.y - gap; }
}

// The labels that fit, those of years at their first period.
function ticksOf(time, within, right, tongue, by) {
  const first = within[0], room = (0.72 * 760) / (right + 0.5);
  const begins = time.begins.map((i) => i - first).filter((i) => i >= 0 && i < within.length);
  let found = [];
  for (const step of [...time.steps.parts, ...time.steps.years]) {
    const yearly = by !== "year" && !time.steps.parts.includes(step);
    const stride = step / time.steps.years[0];
    const at = yearly ? (begins.length ? begins : [0]).filter((_, i) => i % stride === 0)
      : within.map((_, i) => i).filter((i) => i % step === 0);
    found = at.map((i) => [i, yearly ? String(time.years[first + i][1]) : time.periods[tongue][first + i]]);
    const longest = Math.max(0, ...found.map(([, text]) => text.length));
    if (found.length <= MOST_LABELS && 5.6 * longest + 6 <= step * room) break;
  }
  return found;
}

function compose(page, choice) {
  const tongue = choice.language, words = page.words[tongue], time = page.time[choice.by];
  const panels = choice.measures.map((measure) => {
    const panel = { measure, entry: page.measures.find((m) => m.name === measure),
      ...seriesOf(page, choice, measure) };
    const few = panel.lines.filter((line) => line.role === "commune").length <= MOST_COLOURED;
    for (const line of panel.lines) line.ink = few || line.role !== "commune";
    panel.coloured = panel.lines.filter((line) => line.ink).length;
    panel.many = panel.within.length > MANY;
    panel.barred = panel.coloured <= MOST_BANDS || !panel.many;
    panel.top = topOf(panel.lines, panel.barred);
    panel.said = panel.block.texts[tongue];
    return panel;
  });
  const [{ within, lines: shown }] = panels, [first, last] = [within[0], within.at(-1)];
  const years = [time.years[first]?.[0], time.years[last]?.[1]].map(String);
  const span = years[0] === years[1] ? years[0] : years.join("–");
  const units = choice.communes instanceof Array ? choice.communes.map((at) => page.units[at]) : [];
  for (const panel of panels) {
    panel.title = panel.said.label;
    if (units.length === 1) panel.title = fill(words.label_of_place, { label: panel.title, place: units[0].name });
  }
  const own = units.length <= MOST_COLOURED ? coloursOf(units) : new Map();
  const count = within.length, end = Math.max(count - 1, 0) + (count < 2 ? 0.5 : 0.1);
  const longest = Math.max(0, ...panels.flatMap((panel) => panel.lines.map((line) => line.name.length)));
  const share = Math.min((7.2 * longest + 24) / page.looks.width, 0.4);
  const right = end + (share / (1 - share)) * (end + 0.5);
  const columns = Object.fromEntries([
    "panel", "at", "value", "low", "high", "numerator", "denominator", "exposure", "covered", "state",
    "series", "x", "band", "bar", "cut", "point", "gone",
  ].map((name) => [name, []]));
  const series = [], labels = [];
  panels.forEach((panel, number) => {
    const { lines, many, barred, top, coloured } = panel, every = coloured === lines.length;
    const banded = many || coloured === 1, ends = [];
    lines.forEach((line, place) => {
      const look = lookOf(page, line, own.get(line.name) ?? place, lines.length);
      const marker = !many && !look.dash, silent = isSilent(line);
      const shift = every && !many ? (place - (lines.length - 1) / 2) * Math.min(0.08, 0.5 / lines.length) : 0;
      line.value.forEach((value, at) => {
        const lone = isLone(line.value, at), state = line.state[at];
        const bar = line.ink && barred && (lone || !banded);
        const row = {
          panel: number, at, series: series.length, x: at + shift, value, state,
          bar: +bar, band: +(line.ink && barred && banded), cut: +(bar && line.high[at] > top),
          point: +((line.ink && marker) || lone || (state === STATE.partial && line.ink)),
          gone: +(state === STATE.missing && (line.ink || silent)),
        };
        for (const name in columns) columns[name].push(row[name] ?? line[name]?.[at] ?? NaN);
      });
      series.push(look);
      ends.push([line, look]);
    });
    const greys = new Set(namedGreys(lines));
    const named = ends.filter(([line]) => line.ink || greys.has(line)).map(([line, look]) => ({
      panel: number, text: line.name, name: line.name, x: end, y: lastOf(line)[1],
      colour: line.ink ? look.colour : page.looks.note, size: greys.size ? 9.5 : 12,
    })).filter((label) => known(label.y)).sort((a, b) => a.y - b.y || (a.text < b.text ? -1 : 1));
    spread(named, ((greys.size ? 11.5 : 15) / PANEL) * top * ROOM, top * ROOM);
    labels.push(...named);
  });
  const ticks = shown.length ? ticksOf(time, within, right, tongue, choice.by) : [];
  const said = notesOf(page, choice, panels);
  return {
    spec: page.charts[tongue][panels.length - 1],
    columns, series, labels, legend: [], zooms: true, language: tongue,
    periods: within.map((i) => time.periods[tongue][i]),
    params: {
      titles: panels.map((panel) => (shown.length ? `${panel.title}, ${span}` : panel.title)),
      units: panels.map((panel) => (panel.lines.length ? panel.said.unit : "")),
      tops: panels.map((panel) => (panel.lines.length ? panel.top : 1) * ROOM),
      left: -0.5, right,
      ticks: ticks.map(([at]) => at), ticks_labels: Object.fromEntries(ticks),
    },
    says: panels.map(({ said: { lines, digits } }) => ({ lines, digits })),
    states: page.states[tongue],
    notes: shown.length ? said : [words.nothing_chosen],
    mark: shown.length ? page.marks[tongue] : "",
    alt: altOf(page, choice, panels), keys: words.live_keys,
    panels, // for the table
  };
}

// The two paragraphs below a trend: how to read it, and what it rests on.
function notesOf(page, choice, panels) {
  const tongue = choice.language, words = page.words[tongue], time = page.time[choice.by];
  const told = (key, values = {}) => fill(words[key], values);
  const say = (value, digits = 0) => written(value, tongue, digits);
  const drawn = panels.flatMap((panel) => panel.lines.filter((line) => line.ink));
  const all = panels.flatMap((panel) => panel.lines);
  const reading = [], ways = new Set();
  let cut = 0, limits = 0;
  for (const { lines, barred, many, coloured, top } of panels.filter((panel) => panel.barred)) {
    for (const line of lines.filter((each) => each.ink)) line.low.forEach((low, i) => {
      if (known(line.high[i]) && line.high[i] > top) cut += 1;
      if (!known(low) || !Number.isFinite(low)) return;
      limits += 1;
      ways.add((many || coloured === 1) && !isLone(line.value, i) ? "bands" : "bars");
    });
  }
  if (ways.size) {
    reading.push(words[`note_${ways.size > 1 ? "interval" : [...ways][0]}`]);
    const wide = finite(all.flatMap((line) => line.dispersion.filter((_, i) => known(line.low[i]))));
    const ends = [Math.min(...wide), Math.max(...wide)].map((value) => say(value, 2));
    if (!wide.length) reading.push(words.note_chance_alone);
    else if (Math.max(...wide) > 1) {
      reading.push(told("note_dispersion", { value: [...new Set(ends)].join("–") }));
    }
  }
  const many = panels[0].many;
  if (cut) reading.push(told(many ? "note_cut_count" : "note_cut", { count: say(cut), all: say(limits) }));
  const has = (state) => drawn.some((line) => line.state.includes(state));
  const silent = panels.some((panel) => namedGreys(panel.lines).some(isSilent));
  const mean = all.find((line) => line.role === "mean");
  const communes = all.filter((line) => line.role === "commune");
  const count = new Set(communes.map((line) => line.name)).size;
  const greys = panels.map((panel) => panel.lines.length - panel.coloured);
  const some = greys.some((number) => number > MOST_NAMED);
  const base = [...new Set(panels.map((panel) => panel.entry.base[tongue]).filter(Boolean))].join(", ");
  for (const [key, needed] of [
    [page.public ? "note_partial_period" : "note_partial", has(STATE.partial)],
    ["note_missing", has(STATE.missing) || silent],
    ["note_none", has(STATE.none)],
    ["note_hidden", has(STATE.hidden)],
    ["note_mean", mean],
    [many ? "note_grey_many" : "note_grey", greys.some(Boolean) && !some],
    ["note_grey_some", some],
  ]) if (needed) reading.push(told(key, { base, count: say(count), mean: mean?.name }));

  const covers = (lines) => {
    const held = finite(lines.flatMap((line) => line.covered));
    return say((sum(held) / held.length) * 100, 1);
  };
  const expects = (lines) => sum(lines.flatMap((line) => line.expected));
  const alone = all.filter((line) => line.role === "city" || line.role === "mean");
  const whole = page.inside[tongue], basis = [...time.before[tongue]];
  if (choice.per) basis.push(time.residents[tongue]);
  if (!alone.length) basis.push(told("note_covered_one", { share: covers(all) }));
  else if (!communes.length || expects(communes) === expects(alone)) {
    basis.push(told("note_covered", { share: covers(alone), whole }));
  } else {
    const key = page.public ? "note_covered_drawn" : "note_covered_chosen";
    basis.push(told(key, { share: covers(communes), city: covers(alone), whole }));
  }
  return [reading, [...basis, ...time.after[tongue]]].map((part) => part.join(" ")).filter(Boolean);
}

function altOf(page, choice, panels) {
  const tongue = choice.language, words = page.words[tongue], time = page.time[choice.by];
  const { within } = panels[0], names = within.map((i) => time.periods[tongue][i]);
  if (!panels[0].lines.length) return words.nothing_chosen;
  const found = page.illustrative ? [`${words.illustrative}.`] : [];
  const tell = (key, values) => found.push(fill(words[key], values));
  for (const panel of panels) {
    const [first, last] = [names[0], names.at(-1)];
    tell(first === last ? "alt_chart_one" : "alt_chart", { title: panel.title, first, last });
    for (const line of panel.lines.filter((each) => each.ink)) {
      const at = names.map((_, i) => i).filter((i) => known(line.value[i]));
      if (!at.length) {
        const none = line.state.every((state) => state === STATE.none);
        tell(none ? "alt_none" : "alt_missing", { series: line.name });
        continue;
      }
      const digits = panel.said.digits.value || line.role === "mean" ? 1 : 0;
      const [a, b] = [at[0], at.at(-1)];
      const ends = [a, b].map((i) => written(line.value[i], tongue, digits));
      const values = { series: line.name, first: ends[0], last: ends[1], a: names[a], b: names[b] };
      if (a === 0 && b === names.length - 1) {
        tell(names.length > 1 ? "alt_series" : "alt_series_one", values);
        continue;
      }
      tell(at.length === 1 ? "alt_series_only" : "alt_series_within", values);
      const late = { [STATE.missing]: "missing", [STATE.hidden]: "hidden" }[line.state.at(-1)];
      if (late) tell(`alt_last_${late}`, { period: last });
    }
    const greys = panel.lines.filter((line) => !line.ink);
    const ranked = greys.filter((line) => known(line.value.at(-1)))
      .sort((x, y) => x.value.at(-1) - y.value.at(-1) || (x.name < y.name ? -1 : 1));
    if (!greys.length) continue;
    const text = (line) => `${line.name} ${written(line.value.at(-1), tongue, line.value.at(-1) % 1 ? 1 : 0)}`;
    const count = written(greys.length, tongue, 0);
    if (!ranked.length) tell("alt_more", { count });
    else tell("alt_greys", { count, period: last, high: text(ranked.at(-1)), low: text(ranked[0]) });
  }
  return found.join(" ").replace(/\s+/g, " ").trim();
}

// ---- tables ----

// A value with its interval, or the reason why there is none, as the explorers' tables have it.
function cellOf(page, line, i, digits, tongue) {
  const words = page.words[tongue], state = line.state[i];
  const without = { [STATE.missing]: "not_reported", [STATE.none]: "none_occurred", [STATE.hidden]: "cell_hidden" };
  if (without[state]) return [words[without[state]], ""];
  const limits = known(line.low[i])
    ? ` (${written(line.low[i], tongue, 1)}–${written(line.high[i], tongue, 1)})` : "";
  return [written(line.value[i], tongue, digits), limits + (state === STATE.partial ? " ○" : "")];
}

function tableOf(page, choice, message) {
  const table = document.createElement("table"), time = page.time[choice.by];
  table.className = "antq-numbers";
  make("caption", table, { text: page.illustrative ? page.words[choice.language].illustrative : "" });
  const head = make("thead", table), above = make("tr", head), names = make("tr", head);
  make("td", above);
  make("th", names, { scope: "col", text: time.label[choice.language] });
  for (const { said, lines } of message.panels) {
    if (lines.length) make("th", above, { scope: "colgroup", colspan: lines.length, text: said.label });
    for (const line of lines) make("th", names, { scope: "col", text: line.name });
  }
  const body = make("tbody", table);
  message.periods.forEach((period, i) => {
    const row = make("tr", body);
    make("th", row, { scope: "row", text: period });
    for (const { said, lines } of message.panels) for (const line of lines) {
      const digits = said.digits.value || line.role === "mean" ? 1 : 0;
      const [value, limits] = cellOf(page, line, i, digits, choice.language);
      const cell = make("td", row);
      if (limits || /\d/.test(value)) make("b", cell, { text: value });
      else cell.append(value);
      cell.append(limits);
    }
  });
  return table;
}

// ---- pickers ----

async function unpacked(id) {
  const bytes = Uint8Array.from(atob(document.getElementById(id).textContent), (c) => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).text();
}

// A picture of communes as it was made: what differs by language over what does not.
function messageOf(page, kind, measure, key, language) {
  const held = page.pictures[kind]?.[measure]?.[key];
  if (!held) return null;
  const message = { ...held.both, ...held[language] };
  if (!("spec" in message)) return message;
  const columns = Object.fromEntries(Object.entries(message.columns).map(([name, values]) =>
    [name, values.map((value) => (value === null ? NaN : Number(value)))]));
  return { ...message, columns, spec: page.specs[message.spec] };
}

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/gi, "d").toLowerCase();

function openPage(page) {
  const by = Object.keys(page.time), main = document.querySelector("main");
  const all = [Math.min(...page.time[by[0]].years.flat()), Math.max(...page.time[by[0]].years.flat())];
  const names = page.measures.map((measure) => measure.name);
  const choice = {
    language: page.first, picture: "trend", by: by.includes("year") ? "year" : by[0], per: 0, years: all, year: "", communes: "city",
    measures: names.filter((name) => ["tips", "resolved_cases"].includes(name)),
  };
  if (!choice.measures.length) choice.measures = names.slice(0, 1);
  let before = null; // what a click took the place of
  main.replaceChildren();
  const form = make("form", main), right = make("div", main);
  const slots = [0, 1].map(() => {
    const slot = make("div", right), box = make("div", slot);
    return { slot, box, why: make("p", slot, { class: "antq-why", role: "status" }) };
  });
  const answers = { click: clicked, zoom: zoomed };
  for (const slot of slots) slot.picture = livePicture(slot.box, answers);
  const table = make("div", right, { class: "antq-wide antq-table", tabindex: "0" });
  const controls = {};
  const control = (name, change, parent = form) => {
    const box = make("div", parent), label = make("label", box, { for: name });
    const field = make("select", box, { id: name });
    field.onchange = () => { change(field.value); show(); };
    controls[name] = { box, label, field };
  };
  const options = (name, listed, value) => {
    const { field } = controls[name];
    field.replaceChildren();
    for (const [key, text] of listed) make("option", field, { value: key, text });
    field.value = value;
  };
  control("language", (value) => { choice.language = value; });
  control("picture", (value) => { choice.picture = value; });
  control("above", (value) => { choice.measures = [...new Set([value, ...choice.measures.slice(1)])]; });
  control("below", (value) => {
    choice.measures = [...new Set([choice.measures[0], value])].filter(Boolean);
  });
  control("by", (value) => { choice.by = value; });
  control("per", (value) => { choice.per = Number(value); });
  const years = make("fieldset", form), legend = make("legend", years);
  const pair = make("div", years, { class: "pair" });
  control("first", (value) => { choice.years = [Number(value), Math.max(value, choice.years[1])]; }, pair);
  control("last", (value) => { choice.years = [Math.min(value, choice.years[0]), Number(value)]; }, pair);
  control("year", (value) => { choice.year = value; });
  const places = make("fieldset", form), placed = make("legend", places);
  const search = make("input", places, { type: "search" });
  const list = make("select", places, { multiple: "", size: 12 });
  const buttons = make("div", places, { class: "pair" });
  const everything = make("button", buttons, { type: "button" });
  const nothing = make("button", buttons, { type: "button" });
  const told = make("small", places, { role: "status" });
  search.oninput = () => fillList();
  form.onsubmit = (event) => event.preventDefault();
  list.onchange = () => {
    const picked = [...list.selectedOptions].map((option) => option.value);
    const special = picked.find((value) => Number.isNaN(Number(value)) && value !== choice.communes);
    const out = [].concat(choice.communes).filter((at) =>
      typeof at === "number" && ![...list.options].some((option) => Number(option.value) === at));
    choice.communes = special ?? [...out, ...picked.filter((value) => !Number.isNaN(Number(value))).map(Number)];
    if (!special && !choice.communes.length && picked.length) choice.communes = picked[0];
    before = null;
    show();
  };
  const found = () => page.units.map((unit, at) => [at, unit.name])
    .filter(([, name]) => ` ${plain(name)}`.includes(search.value.trim() && ` ${plain(search.value.trim())}`));
  everything.onclick = () => { choice.communes = found().map(([at]) => at); show(); };
  nothing.onclick = () => { choice.communes = []; show(); };

  function fillList() {
    const words = page.words[choice.language], listed = found();
    const kinds = Object.keys(page.time[choice.by].blocks[names[0]].series).some((key) => key.startsWith("kind"));
    const special = search.value ? [] : [["city", page.whole[choice.language]], ...(kinds ? [["kinds", words.kinds]] : [])];
    list.replaceChildren();
    for (const [value, text] of [...(choice.picture === "trend" ? special : []), ...listed]) {
      const option = make("option", list, { value, text });
      option.selected = choice.communes === value || choice.communes.includes?.(value) === true;
    }
    const count = Array.isArray(choice.communes) ? choice.communes.length : 0;
    told.textContent = listed.length ? fill(words.chosen_count, { count }) : words.nothing_found;
  }

  function write() {
    const tongue = choice.language, words = page.words[tongue], trend = choice.picture === "trend";
    document.documentElement.lang = tongue;
    document.querySelector("h1").textContent = document.title = page.titles[tongue];
    document.querySelector(".antq-mark").textContent = page.marks[tongue];
    for (const name of ["language", "picture", "by", "per"]) controls[name].label.textContent = words[`choose_${name}`];
    controls.above.label.textContent = words[trend ? "choose_above" : "choose_measure"];
    controls.below.label.textContent = words.choose_below;
    legend.textContent = words.choose_years;
    placed.textContent = words.communes;
    search.placeholder = words.search;
    search.setAttribute("aria-label", words.search);
    list.setAttribute("aria-label", words.communes);
    everything.textContent = words.all;
    nothing.textContent = words.none;
    const measures = page.measures.map((measure) => [measure.name, measure.label[tongue]]);
    options("language", [["en", "English"], ["vi", "Tiếng Việt"]], tongue);
    const kinds = Object.entries(page.named[tongue]).filter(([kind]) => kind === "trend" || page.pictures[kind]);
    options("picture", kinds, choice.picture);
    options("above", measures, choice.measures[0]);
    options("below", [["", "—"], ...measures], choice.measures[1] ?? "");
    options("by", by.map((name) => [name, page.time[name].label[tongue]]), choice.by);
    options("per", [[0, words.count], [page.per, page.rate[tongue]]], choice.per);
    const span = Array.from({ length: all[1] - all[0] + 1 }, (_, i) => [all[0] + i, all[0] + i]);
    for (const [i, name] of ["first", "last"].entries()) {
      options(name, span, choice.years[i]);
      controls[name].field.setAttribute("aria-label", `${words.choose_years} ${i ? "→" : "←"}`);
    }
    const held = page.pictures[choice.picture]?.[choice.measures[0]] ?? {};
    if (!(choice.year in held)) choice.year = "";
    options("year", [["", all.join("–")], ...span], choice.year);
    controls.year.label.textContent = words.label_year;
    controls.year.box.hidden = Object.keys(held).length < 2;
    for (const part of [years, controls.below.box, controls.by.box, controls.per.box]) part.hidden = !trend;
    controls.picture.box.hidden = kinds.length < 2;
    controls.by.box.hidden ||= by.length < 2;
    everything.hidden = !trend;
    fillList();
  }

  function put(slot, message, name) {
    slot.slot.hidden = !message;
    slot.box.hidden = !message?.spec;
    slot.why.hidden = !message || Boolean(message.spec);
    slot.why.textContent = slot.why.hidden ? "" : message.alt;
    return message?.spec ? slot.picture.show(message, name) : null;
  }

  function show() {
    write();
    const { picture, language, year } = choice;
    if (picture === "trend") {
      const message = compose(page, choice);
      table.replaceChildren(tableOf(page, choice, message));
      return Promise.all([put(slots[0], message), put(slots[1], null)]);
    }
    // Beside a picture of all communes stands the control chart of the first that is chosen.
    const at = Array.isArray(choice.communes) ? choice.communes[0] : undefined;
    const name = page.units[at]?.name ?? "", measure = choice.measures[0];
    const message = messageOf(page, picture, measure, year, language);
    table.innerHTML = message.table ?? "";
    return Promise.all([put(slots[0], message, name),
      put(slots[1], name ? messageOf(page, "control", measure, name, language) : null)]);
  }

  // A click on a commune shows it alone, or its control chart; one on empty ground takes it back.
  function clicked(name) {
    const at = page.units.findIndex((unit) => unit.name === name);
    if (name !== null && at < 0) return;
    if (name !== null) {
      before ??= choice.communes;
      choice.communes = [at];
    } else if (choice.picture !== "trend") choice.communes = [];
    else if (before !== null) [choice.communes, before] = [before, null];
    show();
  }

  function zoomed(first, last) {
    if (choice.picture !== "trend") return;
    const time = page.time[choice.by];
    const shown = time.years.filter(([, year]) => year >= choice.years[0] && year <= choice.years[1]);
    choice.years = first === undefined ? all : [shown[first][0], shown[last][1]];
    show();
  }

  return { choice, show, pictures: slots.map((slot) => slot.picture) };
}

async function start() {
  if (typeof DecompressionStream === "undefined" || ![].toReversed) return; // the page says so
  useLibrary(unpacked("library"));
  const page = JSON.parse(await unpacked("data"), (_, value) => (value === "Infinity" ? Infinity : value));
  globalThis.antq = { page, ...openPage(page) };
  await globalThis.antq.show();
}
start();
