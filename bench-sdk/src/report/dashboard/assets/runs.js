// The runs, and where each took place.

function runsPage() {
  const chosen = runOf(state.a) < 0 ? runCount - 1 : runOf(state.a);
  const body = h("div", {}, runDetails(chosen));
  const changed = (value) => {
    tell({ a: value });
    body.replaceChildren(...runDetails(runOf(value)));
  };
  const head = ["Started, UTC", "Mode", ...["Benchmarks", "Broke", "Launches", "Took"].map((title) => ({ title, figure: true })), "Commit", "Of", "Notes", ""];
  const counts = runCounts();
  const rows = model.runs.map((run, at) => runRow(run, at, counts[at])).reverse();
  const options = model.runs.map((run, at) => [run.header.id, runTitle(at)]).reverse();
  return [
    h("h1", {}, "Runs"),
    h("p", { class: "lead" }, `${plural(runCount, "run")}${model.older > 0 ? `, and ${model.older.toLocaleString("en")} older not shown` : ""}`),
    table("Runs, the newest first", head, rows),
    section("One run", h("div", { class: "controls" }, choice("Run", model.runs[chosen].header.id, options, changed)), body),
    leftOutSection(),
    h("p", {}, h("button", { type: "button", click: downloadAll }, "Download all figures of this page as JSON")),
  ];
}

/** Cases and broken cases of each run. */
function runCounts() {
  const counts = model.runs.map(() => ({ all: 0, broken: 0 }));
  for (const { line } of cases) {
    for (let run = 0; run < line.statuses.length; run += 1) {
      const status = STATUS[line.statuses[run]];
      if (!status) continue;
      counts[run].all += 1;
      if (BROKEN.has(status)) counts[run].broken += 1;
    }
  }
  return counts;
}

function runRow({ header, environment }, at, counts) {
  const warnings = (header.notes ?? []).filter((note) => note.severity === "warning").map((note) => codeWords(note.code)).join(", ");
  const commit = environment.git_commit ? `${cut(visible(environment.git_commit), 8)}${environment.git_dirty ? " +" : ""}` : "";
  const of = [header.package, header.target].filter(Boolean).map((text) => cut(visible(text), 60)).join(" / ");
  const mode = `${modeOf(header)}${header.partition ? `, part ${visible(header.partition)}` : ""}`;
  const told = (text) => right(isImported(header) ? "–" : text);
  return row({ text: started(header) }, mode, right(String(counts.all)),
    right(counts.broken > 0 ? h("span", { class: "change bad" }, String(counts.broken)) : "0"), told(String(header.launches)), told(duration(header.duration_ns / 1e9)),
    { text: commit, className: "name" }, of, { text: warnings, className: "soft" },
    at > 0 ? h("a", { class: "nowrap", href: link("compare", { a: model.runs[at - 1].header.id, b: header.id }) }, "compare") : "");
}

/** What is known of a run besides its figures. */
function runDetails(run) {
  const { header, environment } = model.runs[run];
  const skipped = (header.skipped ?? []).map((found) => ({ code: "skipped", text: `${found.id}: ${found.reason}` }));
  const failed = (header.failed_reporters ?? []).map((text) => ({ code: "not written", text, severity: "warning" }));
  const notes = [...(header.notes ?? []), ...failed, ...skipped];
  const known = placeOf(run);
  const absent = environment.absent ?? {};
  return [
    notes.length > 0 ? noteList(notes) : null,
    loadSections(run),
    flameSections(run),
    table("Where the run took place", ["What", "Found"], [...known].map(([name, text]) => row(name, text))),
    Object.keys(absent).length === 0 ? null : h("details", {}, h("summary", {}, `Not told by this system: ${Object.keys(absent).length}`),
      h("ul", {}, Object.entries(absent).map(([name, why]) => h("li", {}, `${codeWords(name)}: `, coded(cut(visible(why), 300)))))),
  ].flat().filter(Boolean);
}

/** Where a run took place and how it was made: names and texts. */
function placeOf(run) {
  const { header, environment } = model.runs[run];
  const told = new Map([["mode", isImported(header) ? "imported" : visible(header.mode)]]);
  if (!isImported(header)) told.set("launches", String(header.launches)).set("optimised", header.optimized ? "yes" : "no");
  for (const name of ["package", "target"]) if (header[name]) told.set(name, cut(visible(header[name]), 120));
  if (header.anchor_ns) told.set("anchor kernel", figure("time", "ns", header.anchor_ns, header.anchor_ns * 0.001));
  const { absent, ...rest } = environment;
  spread(rest, "", told);
  return told;
}

/** Fields within fields, by names with spaces. */
function spread(fields, before, told) {
  for (const [name, value] of Object.entries(fields)) {
    if (value === null || value === "") continue;
    const title = `${before}${codeWords(name)}`;
    if (typeof value === "object" && !Array.isArray(value)) spread(value, `${title} `, told);
    else told.set(title.replace(/ (bytes|hz|ns)$/, ""), fieldText(name, value));
  }
}

/** A field in the unit that its name ends in. */
function fieldText(name, value) {
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (Array.isArray(value)) return cut(value.map(visible).join(" "), 400);
  if (typeof value !== "number") return cut(visible(value), 200);
  if (name === "stolen") return percent(value);
  if (name.endsWith("_bytes")) return figure("", "B", value, null);
  if (name.endsWith("_hz")) return figure("throughput_cycles", "1/s", value, null);
  return name.endsWith("_ns") ? figure("time", "ns", value, null) : String(Number(value.toPrecision(4)));
}

/** Both parts as they stand in the page, so that no number goes through a reader of fewer digits. */
function downloadAll() {
  const [figures, kept] = ["model", "records"].map((name) => document.getElementById(name).textContent);
  download("hub-bench-report.json", `{"model":${figures},"records":${kept}}\n`);
}
