// Load tests that are kept: a list, a page for each, and two of them side by side.

/** Figures that two tests are held against each other by: name, unit, and how it is read. */
const LOAD_FIGURES = [
  ["Rate", (found) => found.rate, (value) => figure("", "1/s", value, null)],
  ["P50", (found) => found.p50, loadTime],
  ["P95", (found) => found.p95, loadTime],
  ["P99", (found) => found.p99, loadTime],
  ["Failed", (found) => found.failed, loadShare],
];

const LOAD_KINDS = { stress: "Stress", spike: "Spike" };

/** All load tests that the page has, the oldest first. */
function loadTests() {
  return theRecords().load_tests ?? [];
}

function loadsPage() {
  const tests = loadTests();
  if (tests.length === 0) return [h("h1", {}, "Load tests"), h("p", { class: "lead" }, coded("No load test is kept. Make one: `cargo hub-bench load TARGET`.")), leftOutSection()];
  const chosen = tests.find((test) => test.id === state.a) ?? tests.at(-1);
  const other = tests.find((test) => test.id === state.b && test.id !== chosen.id) ?? null;
  const head = ["Started, UTC", "Test", "Load", ...["Rate", "P95", "P99", "Failed"].map((title) => ({ title, figure: true })), "How it ended"];
  const list = table("Load tests, the newest first", head, tests.map((test) => loadRow(test, chosen)).reverse());
  const opened = [loadDetails(chosen), loadComparison(chosen, other, tests)];
  return [
    h("h1", {}, "Load tests"),
    h("p", { class: "lead" }, plural(tests.length, "load test")),
    // Whoever asked for one does not look for it below all of them.
    state.a && tests.length > 1 ? [opened, section("All load tests", list)] : [list, opened],
    leftOutSection(),
  ];
}

function loadRow(test, chosen) {
  const { figures } = test;
  const name = h("a", { href: link("loads", { a: test.id }), "aria-current": test === chosen ? "true" : null }, cut(visible(test.view.name), 60));
  return row({ text: started(test) },
    { text: [name, h("span", { class: "soft crate" }, test.kind)] },
    { text: cut(visible(test.scenarios.join("; ")), 90), className: "soft words" },
    right(figures.rate === null ? "–" : figure("", "1/s", figures.rate, null)), right(loadPercentile(figures, "p95")), right(loadPercentile(figures, "p99")),
    right(loadShare(figures.failed)), loadOutcome(test));
}

/** How it ended; what passed on a generator that was full is no clean pass. */
function loadOutcome(test) {
  const [kind, mark] = !test.is_good ? ["bad", "× "] : test.limited ? ["caution", "! "] : ["good", "✓ "];
  return h("span", { class: `badge sentence ${kind}` }, h("span", { "aria-hidden": "true" }, mark), cut(visible(test.outcome), 90));
}

/** A time, or that it is greater than all that ended. */
function loadPercentile(figures, name) {
  if (figures[name] !== null) return loadTime(figures[name]);
  return figures.max === null ? "–" : `> ${loadTime(figures.max)}`;
}

function loadTime(value) {
  return value === null ? "–" : figure("time", "ns", value, null);
}

function loadShare(value) {
  return value === null ? "–" : percent(value);
}

/** Everything about one test. */
function loadDetails(test) {
  const mark = (one) => h("span", { class: `change ${one.passed ? "good" : "bad"}` }, one.passed ? "✓ held" : "✗ failed");
  return section(`${LOAD_KINDS[test.kind] ?? "Load"}: ${cut(visible(test.view.name), 80)}`,
    h("p", {}, loadOutcome(test)),
    test.limited === null || test.limited === undefined ? null
      : h("p", { class: "warning" }, h("strong", {}, "generator-limited "), coded(cut(visible(test.limited), 400)), ": nothing is said about the target's capacity."),
    h("ul", {}, test.scenarios.map((text) => h("li", {}, cut(visible(text), 200)))),
    test.found.map((text) => h("p", {}, coded(cut(visible(text), 600)))),
    facts([["Target of the load", cut(visible(test.target), 120)], ...test.facts.map(([name, text]) => [name, cut(visible(text), 200)])]),
    test.thresholds.length === 0 ? h("p", { class: "soft" }, "No thresholds were given.")
      : table("Thresholds", ["Threshold", "Condition", "Found", ""], test.thresholds.map((one) =>
        row(cut(visible(one.metric), 120), cut(visible(one.condition), 120), { text: coded(cut(visible(one.found), 200)) }, mark(one)))),
    test.probes ? probeTable(test.probes) : null,
    h("h3", {}, "Over time"), timelineChart(test.view.timeline),
    h("div", { class: "beside" }, percentileChart(test.view.percentiles), errorTable(test.view.errors)),
    test.resources.series.length === 0 ? null : [h("h3", {}, "What both sides used"), timelineChart(test.resources)],
    test.notes.length === 0 ? null : noteList(test.notes));
}

/** What a search for the highest rate tried, in its order. */
function probeTable(probes) {
  const rate = (value) => right(figure("", "1/s", value, null));
  const outcome = ({ limited, passed }) => (limited ? h("span", { class: "change caution" }, "! the generator was the limit")
    : h("span", { class: `change ${passed ? "good" : "bad"}` }, passed ? "✓ held" : "✗ did not hold"));
  const head = ["Planned", "Reached", "In flight", "P95", "Failed"].map((title) => ({ title, figure: true }));
  return [h("h3", {}, "Rates that were tried"), table("Rates that were tried, in their order", ["", ...head, "Thresholds"], probes.map((probe, at) =>
    row(String(at + 1), rate(probe.planned), rate(probe.reached), right(figure("", "1", probe.in_flight, null)), right(loadTime(probe.p95)), right(percent(probe.failed)), outcome(probe))))];
}

/** Two tests side by side, without a verdict. */
function loadComparison(chosen, other, tests) {
  const options = [["", "none"], ...tests.filter((test) => test !== chosen).map((test) => [test.id, `${secondOf(test.started_at)} ${cut(visible(test.view.name), 60)}`]).reverse()];
  if (options.length === 1) return null;
  const select = choice("Beside", other?.id ?? "", options, (value) => { location.hash = link("loads", { a: chosen.id, b: value }); });
  return section("Beside another one", h("div", { class: "controls" }, select), other === null ? null : loadsBeside(...[other, chosen].sort((a, b) => (a.started_at < b.started_at ? -1 : 1))));
}

function loadsBeside(before, after) {
  const rows = LOAD_FIGURES.map(([name, of, text]) => {
    const [old, now] = [of(before.figures), of(after.figures)];
    const change = old !== null && now !== null && old > 0 ? `× ${Number((now / old).toPrecision(3))}` : "–";
    const shown = (found, value) => right(name.startsWith("P") ? loadPercentile(found, name.toLowerCase()) : value === null ? "–" : text(value));
    return row(name, shown(before.figures, old), shown(after.figures, now), right(change));
  });
  const [then, later] = momentsApart(before, after);
  const same = before.scenarios.join() === after.scenarios.join();
  return [
    table("Two load tests", ["Figure", { title: then, figure: true }, { title: later, figure: true }, { title: "Change", figure: true }], rows),
    h("p", { class: "soft" }, same ? "" : "The loads differ. ", "One run each has no interval: repeat both before a difference is believed."),
    ...["rate", "P95"].map((name) => [h("h3", {}, name === "rate" ? "Rate" : name), timelineChart(loadsOverTime(before, after, name))]),
  ];
}

/** One figure of both tests on one clock: seconds since the start of each. */
function loadsOverTime(before, after, name) {
  const sides = [["before", before.view.timeline], ["after", after.view.timeline]];
  const at = [...new Set(sides.flatMap(([, timeline]) => timeline.at_s.map(Math.round)))].sort((a, b) => a - b);
  const series = sides.flatMap(([side, timeline]) => {
    const line = timeline.series.find((one) => one.name === name);
    if (!line) return [];
    const found = new Map(timeline.at_s.map((time, point) => [Math.round(time), line.values[point]]));
    return [{ ...line, name: side, values: at.map((time) => found.get(time) ?? null) }];
  });
  return { at_s: at, series, phases: after.view.timeline.phases };
}
