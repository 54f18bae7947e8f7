// All benchmarks in a table that is filtered, sorted and read in pages.

const PAGE_ROWS = 100;

/** Columns: what a cell shows, and what it is sorted by; a null goes last whichever way. */
const COLUMNS = [
  { name: "name", title: "Benchmark", cell: (found) => [caseLink(found, found.id), h("span", { class: "soft crate" }, found.crate)], key: null },
  { name: "time", title: "Time", figure: true, cell: (found) => found.timeText() ?? badge(found.status), key: (found) => found.time?.value ?? null },
  { name: "interval", title: "Interval", figure: true, dim: true, cell: (found) => (found.spread === null ? "" : plusMinus(found.spread)), key: (found) => found.spread },
  { name: "change", title: "Change", figure: true, cell: (found) => changeText(found.change), key: (found) => found.change?.ratio ?? null },
  { name: "verdict", title: "Verdict", cell: (found) => (verdicts.has(found.id) ? badge(verdicts.get(found.id)) : ""), key: (found) => (verdicts.has(found.id) ? VERDICTS.indexOf(verdicts.get(found.id)) : null) },
  { name: "throughput", title: "Throughput", figure: true, cell: (found) => (found.throughput ? figureText(found.throughput.metric, found.throughput) : ""), key: (found) => found.throughput?.value ?? null },
  { name: "allocs", title: "Allocs", figure: true, cell: (found) => shownText(found, "allocs"), key: (found) => found.shown("allocs")?.value ?? null },
  { name: "cpu", title: "CPU", figure: true, cell: (found) => shownText(found, "cpu_utilisation"), key: (found) => found.shown("cpu_utilisation")?.value ?? null },
  { name: "trend", title: "Over time", cell: (found) => sparkline(found.alikeTimes) },
  { name: "notes", title: "Notes", dim: true, cell: notesCell, key: (found) => found.line.warnings.length || null },
];

function shownText(found, metric) {
  const shown = found.shown(metric);
  return shown ? figureText(metric, shown) : "";
}

function notesCell(found) {
  const words = found.line.warnings.map(codeWords);
  if (found.status !== "measured") words.unshift(found.status);
  if (found.run !== runCount - 1) words.push(`last ${moment(model.runs[found.run].header.started_at).slice(0, 10)}`);
  return words.join(", ");
}

/** Columns that some case has something for. */
function columnsInUse() {
  const isEmpty = { verdict: verdicts.size === 0,
    throughput: !cases.some((found) => found.throughput), allocs: !cases.some((found) => found.line.figures.allocs),
    cpu: !cases.some((found) => found.line.figures.cpu_utilisation), change: !cases.some((found) => found.change) };
  return COLUMNS.filter((column) => !isEmpty[column.name]);
}

function benchmarks() {
  const columns = columnsInUse();
  const body = h("tbody", {});
  const said = h("p", { class: "soft", role: "status" });
  const pager = h("div", { class: "pager" });
  const heads = columns.map((column) => headOf(column, () => sortBy(column)));
  const refresh = () => {
    const found = sorted(filtered());
    const pages = Math.max(1, Math.ceil(found.length / PAGE_ROWS));
    const page = Math.max(1, Math.min(pages, Number(state.page) || 1));
    const shown = found.slice((page - 1) * PAGE_ROWS, page * PAGE_ROWS);
    body.replaceChildren(...shown.map((one) => h("tr", {}, columns.map((column, at) => cellOf(column, one, at)))));
    said.textContent = found.length === cases.length ? plural(cases.length, "benchmark") : `${found.length.toLocaleString("en")} of ${plural(cases.length, "benchmark")}`;
    pager.replaceChildren(...pagesOf(page, pages, (wanted) => change({ page: String(wanted) })));
    columns.forEach((column, at) => heads[at].setAttribute("aria-sort", state.sort !== column.name ? "none" : state.down ? "descending" : "ascending"));
  };
  const change = (changes, isTyping) => {
    tell({ page: "1", ...changes }, isTyping);
    refresh();
  };
  const sortBy = (column) => {
    // What is sought is the slowest, the worst, the most: figures begin with the largest.
    const begins = column.figure ? "yes" : "";
    change({ sort: column.name, down: state.sort === column.name ? (state.down ? "" : "yes") : begins });
  };
  refresh();
  return [
    h("h1", {}, "Benchmarks"),
    filters(change),
    said,
    h("div", { class: "scroll" }, h("table", { class: "wide" }, h("caption", { class: "unseen" }, `Newest figures of each benchmark; changes are against ${changeBasis()}`), h("thead", {}, h("tr", {}, heads)), body)),
    pager,
    h("p", { class: "soft" }, `Changes are against ${changeBasis()}; grey where the intervals overlap.`),
  ];
}

/** The fields above the table. */
function filters(changed) {
  const field = h("input", { type: "search", value: state.q, placeholder: "words of names, outcomes, notes", input: () => changed({ q: field.value }, true) });
  const among = (title, name, values) => (values.length < 2 && !state[name] ? null
    : choice(title, state[name], [["", "all"], ...values.map((value) => [value, value])], (value) => changed({ [name]: value })));
  const seen = (values) => [...new Set(values)].sort(byName.compare);
  return h("div", { class: "controls", role: "search" },
    h("label", { class: "field grow" }, h("span", {}, "Filter"), field),
    among("Crate", "crate", seen(cases.map((found) => found.crate))),
    among("Outcome", "status", seen(cases.map((found) => found.status))),
    verdicts.size > 0 ? among("Verdict", "verdict", seen(verdicts.values())) : null,
    tick("with warnings", state.notes === "yes", (on) => changed({ notes: on ? "yes" : "" })));
}

function filtered() {
  const words = state.q.toLowerCase().split(/\s+/).filter(Boolean);
  return cases.filter((found) => words.every((word) => found.searched.includes(word))
    && (!state.crate || found.crate === state.crate) && (!state.status || found.status === state.status)
    && (!state.verdict || verdicts.get(found.id) === state.verdict) && (!state.notes || found.line.warnings.length > 0));
}

function sorted(list) {
  const column = COLUMNS.find(({ name }) => name === state.sort);
  const sign = state.down ? -1 : 1;
  // Cases are in the order of their names.
  if (!column?.key) return state.down && column?.name === "name" ? list.toReversed() : list;
  const keyed = list.map((found) => [found, column.key(found)]);
  keyed.sort(([, a], [, b]) => (a === null || b === null ? Number(a === null) - Number(b === null) : sign * (a - b)));
  return keyed.map(([found]) => found);
}

function headOf(column, pressed) {
  const inside = column.key === undefined ? column.title : h("button", { type: "button", class: "sort", click: pressed }, column.title);
  return h("th", { scope: "col", class: column.figure ? "figure" : null }, inside);
}

function cellOf(column, found, at) {
  const className = [column.figure ? "figure" : "", column.dim ? "soft" : ""].join(" ").trim();
  return h(at === 0 ? "th" : "td", { scope: at === 0 ? "row" : null, class: className || null }, column.cell(found));
}

function pagesOf(page, pages, turn) {
  if (pages === 1) return [];
  const button = (text, wanted) => h("button", { type: "button", disabled: wanted < 1 || wanted > pages, click: () => turn(wanted) }, text);
  return [button("Previous", page - 1), h("span", { class: "soft" }, `Page ${page} of ${pages}`), button("Next", page + 1)];
}
