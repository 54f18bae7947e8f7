// Two runs side by side, without what may be noise.

function comparePage() {
  const [a, b] = chosenRuns();
  const body = h("div", {});
  const refresh = () => body.replaceChildren(...comparisonOf(...chosenRuns()));
  const changed = (changes, isTyping) => {
    tell(changes, isTyping);
    refresh();
  };
  const options = model.runs.map((run, at) => [run.header.id, runTitle(at)]).reverse();
  const ids = [a, b].map((run) => model.runs[run].header.id);
  const before = choice("Before", ids[0], options, (value) => changed({ a: value, b: model.runs[chosenRuns()[1]].header.id }));
  const after = choice("After", ids[1], options, (value) => changed({ a: model.runs[chosenRuns()[0]].header.id, b: value }));
  const swap = h("button", { type: "button", click: () => {
    const [x, y] = chosenRuns().map((run) => model.runs[run].header.id);
    [before, after].forEach((field, at) => { field.lastChild.value = [y, x][at]; });
    changed({ a: y, b: x });
  } }, "Swap");
  const least = h("input", { type: "number", min: "0", max: "1000", step: "0.5", value: state.least, input: () => changed({ least: least.value }, true) });
  const metrics = [...new Set(cases.flatMap((found) => Object.keys(found.line.series)))].sort((x, y) => order(x) - order(y));
  refresh();
  return [
    h("h1", {}, "Two runs"),
    h("div", { class: "controls" }, before, swap, after,
      metrics.length > 1 ? choice("Metric", state.metric, metrics.map((name) => [name, metricTitle(name)]), (value) => changed({ metric: value })) : null),
    h("div", { class: "controls" },
      h("label", { class: "field" }, h("span", {}, "Hide changes under, in %"), least),
      tick("hide where intervals overlap", state.overlap !== "show", (on) => changed({ overlap: on ? "" : "show" }))),
    body,
  ];
}

/** The runs that the state names; else the newest, and the one before it that is like it and has a benchmark in common. */
function chosenRuns() {
  let b = runOf(state.b);
  if (b < 0) b = runCount - 1;
  let a = runOf(state.a);
  if (a < 0) {
    const shares = (run) => alikeTo(b)[run] && cases.some((found) => found.statusIn(run) !== null && found.statusIn(b) !== null);
    a = b > 0 ? b - 1 : Math.min(1, runCount - 1);
    for (let run = b - 1; run >= 0; run -= 1) {
      if (shares(run)) {
        a = run;
        break;
      }
    }
  }
  return [a, b];
}

function comparisonOf(a, b) {
  if (a === b) return [h("p", { class: "soft" }, runCount === 1 ? "There is one run only; the next one can be held against it." : "This is the same run twice.")];
  const metric = cases.some((found) => found.line.series[state.metric]) ? state.metric : "time";
  const both = cases.map((found) => [found, found.at(metric, a), found.at(metric, b)]);
  const pairs = both.filter(([, x, y]) => x && y).map(([found, x, y]) => ({ found, x, y, ...compared(x, y) }));
  const least = Math.max(0, Number(state.least) || 0) / 100;
  const isSeen = (pair) => (pair.y.value !== pair.x.value) && Math.abs(pair.ratio - 1) >= least && (pair.isApart || state.overlap === "show");
  const shown = pairs.filter(isSeen).sort((p, q) => Math.abs(Math.log(q.ratio)) - Math.abs(Math.log(p.ratio)));
  const only = (side, other) => both.filter((found) => found[side] && !found[other]).map(([found]) => found.id);
  return [
    h("p", { role: "status" }, summaryOf(pairs, shown, metric)),
    shown.length > 0 ? pairTable(shown.slice(0, 500), metric) : null,
    shown.length > 500 ? h("p", { class: "soft" }, `The largest 500 of ${shown.length.toLocaleString("en")}.`) : null,
    idList("Only before", only(1, 2)), idList("Only after", only(2, 1)),
    h("p", { class: "soft" }, coded("Two runs do not tell what varies from run to run, so these are no verdicts: `cargo hub-bench gate` and `cargo hub-bench compare` give them.")),
    environmentSection(a, b),
  ].filter(Boolean);
}

function summaryOf(pairs, shown, metric) {
  if (pairs.length === 0) return `No benchmark has a figure of ${metricTitle(metric)} in both runs.`;
  const worse = shown.filter((pair) => (pair.ratio > 1) !== isHigherBetter(metric)).length;
  const hidden = pairs.length - shown.length;
  return `${metricTitle(metric)}: ${worse} worse, ${shown.length - worse} better, ${hidden} hidden by the filter or the same`;
}

function pairTable(shown, metric) {
  const most = reachOf(shown.flatMap((pair) => [pair.ratio, pair.low ?? 1, pair.high ?? 1].filter(Number.isFinite)));
  const head = ["Benchmark", { title: "Before", figure: true }, { title: "After", figure: true }, { title: "Change", figure: true }, "The intervals allow", ""];
  const rows = shown.map(({ found, x, y, ratio, low, high }) => {
    const kind = (ratio > 1) !== isHigherBetter(metric) ? "bad" : "good";
    const isFinite = Number.isFinite(ratio);
    return row(caseLink(found, found.id), right(figureText(metric, x)), right(figureText(metric, y)),
      right(h("span", { class: `change ${kind}` }, isFinite ? change(ratio, low, high) : "from 0")),
      { text: low === null || high === null ? "" : changeInterval(ratio, low, high), className: "soft nowrap" },
      isFinite ? forest(ratio, low ?? ratio, high ?? ratio, most, kind) : "");
  });
  return table(`${metricTitle(metric)} before and after`, head, rows);
}

/** What differs between the places of two runs. */
function environmentSection(a, b) {
  const [from, to] = [a, b].map(placeOf);
  const names = [...new Set([...from.keys(), ...to.keys()])];
  const differ = names.filter((name) => from.get(name) !== to.get(name));
  const same = names.filter((name) => from.get(name) === to.get(name));
  const rows = (list) => list.map((name) => row(name, from.get(name) ?? "not known", to.get(name) ?? "not known"));
  const head = ["What", "Before", "After"];
  return section("Where they ran",
    differ.length > 0 ? table("What differs between the runs", head, rows(differ)) : h("p", {}, "Nothing that is known differs."),
    h("details", {}, h("summary", {}, `The same in both: ${same.length}`), table("What is the same", ["What", "Both"], same.map((name) => row(name, from.get(name))))));
}
