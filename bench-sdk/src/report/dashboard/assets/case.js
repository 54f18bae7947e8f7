// One benchmark: its history, its newest record, and what was found about it.

function casePage() {
  const found = casesByKey.get(state.id);
  if (!found) return [h("h1", {}, "No such benchmark"), h("p", {}, "None of these runs has it. ", h("a", { href: link("benchmarks", {}) }, "All benchmarks"))];
  const record = recordOf(found);
  return [
    h("p", { class: "crumbs" }, h("a", { href: link("benchmarks", { crate: found.crate }) }, found.crate), record.group ? ` › ${cut(visible(record.group), 80)}` : ""),
    h("h1", {}, found.title, " ", found.status === "measured" ? null : badge(found.status), verdicts.has(found.id) ? badge(verdicts.get(found.id)) : null),
    h("p", { class: "lead" }, `${runTitle(found.run)}${found.run === runCount - 1 ? "" : ", the last run that has it"}`),
    headline(found, record),
    trouble(record),
    record.notes.length > 0 ? noteList(record.notes) : null,
    historySection(found),
    verdictSection(found),
    shapeSection(found, record),
    launchSection(record),
    fitSections(found),
    vectorSection(found, record),
    identity(found, record),
    h("p", {}, h("button", { type: "button", click: () => download(fileName(record), `${JSON.stringify(record, null, 2)}\n`) }, "Download this record as JSON")),
  ];
}

/** The few figures that everybody looks for. */
function headline(found, record) {
  const time = found.timeText();
  if (time === null) return null;
  const throughput = found.throughput;
  const change = found.change;
  return facts([
    ["Time", h("span", { class: "large" }, time)],
    ["Interval", found.spread === null ? null : plusMinus(found.spread)],
    [`Against ${changeBasis()}`, change ? changeText(change) : null],
    ["Throughput", throughput ? figureText(throughput.metric, throughput) : null],
    ["Allocations", shownText(found, "allocs") || null],
    ["Smallest change two such runs show", record.smallest_effect == null ? null : percent(record.smallest_effect)],
  ]);
}

/** Why it broke or is over budget, and what it printed. */
function trouble(record) {
  if (!record.message && !record.output) return null;
  return h("div", { class: "trouble" },
    record.message ? h("p", {}, coded(cut(visibleLines(record.message), 4000))) : null,
    record.output ? h("pre", { tabindex: "0" }, cut(visibleLines(record.output), 8000)) : null);
}

function historySection(found) {
  const kept = Object.keys(found.line.series).sort((a, b) => order(a) - order(b));
  if (kept.length === 0) return null;
  const metric = () => (kept.includes(state.metric) ? state.metric : kept[0]);
  const body = h("div", {}, historyChart(found, metric()));
  const changed = (changes) => {
    tell(changes);
    body.replaceChildren(historyChart(found, metric()));
  };
  const isMixed = alikeTo(found.run).some((isAlike, run) => !isAlike && found.statusIn(run) !== null);
  return section("History",
    h("div", { class: "controls" },
      choice("Metric", metric(), kept.map((name) => [name, metricTitle(name)]), (value) => changed({ metric: value })),
      tick("from zero", state.zero === "yes", (on) => changed({ zero: on ? "yes" : "" })),
      isMixed ? tick("other builds and processors too", state.all === "yes", (on) => changed({ all: on ? "yes" : "" })) : null),
    body);
}

function order(metric) {
  const at = model.metrics.findIndex((line) => line.name === metric);
  return at < 0 ? model.metrics.length : at;
}

/** What comparisons say of all its metrics. */
function verdictSection(found) {
  const listIn = ({ record }) => record.comparisons.filter((one) => one.id === found.id);
  const having = model.comparisons.filter((comparison) => listIn(comparison).length > 0);
  const told = having.map((comparison) => {
    const list = listIn(comparison);
    return [h("p", { class: "soft" }, comparisonTitle(comparison)), verdictTable(list), sameMetrics(list)];
  });
  const paired = having.find(({ record }) => record.method === "paired");
  return told.length === 0 ? null : section("Compared", told, paired ? pairWords(paired.record) : null);
}

/** Time, and whatever is not as it was. */
function verdictTable(list) {
  const rows = list.filter((one) => one.metric === "time" || one.verdict !== "equivalent").map(({ metric, verdict, ratio, evidence, notes = [], ...one }) => {
    const ends = [ratio?.low ?? null, ratio?.high ?? null];
    const words = [...evidence, ...notes.map((note) => note.text)].map((text) => cut(visible(text), 200)).join("; ");
    return row(metricTitle(metric), badge(verdictWord(verdict)), right(ratio ? change(ratio.estimate, ...ends) : ""),
      { text: ends.includes(null) ? "" : changeInterval(ratio.estimate, ...ends), className: "soft nowrap" },
      { text: fromTo({ metric, ratio, ...one }), className: "nowrap" }, { text: coded(words), className: "soft" });
  });
  const head = ["Metric", "Verdict", { title: "Change", figure: true }, "Interval", "Figures", "Evidence"];
  return rows.length === 0 ? null : table("Verdicts on this benchmark", head, rows);
}

function sameMetrics(list) {
  const same = list.filter((one) => one.metric !== "time" && one.verdict === "equivalent").map((one) => metricTitle(one.metric));
  return same.length === 0 ? null : h("p", { class: "soft" }, `Equivalent: ${same.join(", ")}.`);
}

/** Its launches as a chart, and as a table. */
function launchSection(record) {
  const launches = record.launches ?? [];
  if (launches.length === 0) return null;
  const ns = (value) => figure("time", "ns", value, null);
  const head = ["Launch", ...["Median", "Samples", "Voided", "Iterations", "First iteration", "Anchor kernel"].map((title) => ({ title, figure: true }))];
  const rows = launches.map((launch, at) => row(String(at + 1), right(ns(launch.median_ns)), right(launch.samples.toLocaleString("en")), right(String(launch.voided)),
    right(launch.iterations.toLocaleString("en")), right(ns(launch.first_ns)), right(launch.anchor_ns == null ? "" : ns(launch.anchor_ns))));
  const chart = launchChart(record);
  const shown = table("Launches", head, rows);
  return section("Launches", chart ? h("div", { class: "beside" }, chart, shown) : shown);
}

/** What was fitted to this benchmark and its siblings. */
function fitSections(found) {
  const fits = theRecords().fits.filter((fit) => fit.record.points.some((point) => point.case === found.id));
  return fits.map(({ record: fit }) => section(fit.kind === "threads" ? "Over threads" : "Growth",
    h("p", {}, coded(fitWords(fit))),
    h("div", { class: "beside" }, fitChart(fit, found.id), fit.models?.length ? lawTable(fit) : lawFacts(fit))));
}

function lawName(growth) {
  return growth === "1" ? "constant" : growth;
}

function fitWords(fit) {
  const words = [];
  const best = fit.models?.find((law) => law.growth === fit.chosen);
  const weight = (law) => (law.weight >= 0.995 ? ">0.99" : fixed(law.weight, 2));
  if (best) words.push(`${fit.ambiguous ? "Most like" : "Grows like"} ${lawName(best.growth)} (weight ${weight(best)})${fit.ambiguous ? ", but that is not sure" : ""}.`);
  if (fit.law) {
    const [most, peak] = [fit.points.at(-1), fit.law.peak?.estimate];
    words.push(`${fixed(most.n / most.time_ns * 1e9 / fit.law.lambda.estimate, 1)} times one thread at ${most.n} threads${peak ? `, best near ${Math.round(peak)}` : ""}.`);
  }
  if (!best && !fit.law) words.push("Too few points for a fit.");
  if (fit.complexity) words.push(`It promises ${lawName(fit.complexity)}: ${fit.verdict ?? "not judged"}${fit.reason ? `, ${cut(visible(fit.reason), 300)}` : ""}.`);
  return words.join(" ");
}

function lawTable(fit) {
  const ns = (value) => figure("time", "ns", value, Math.abs(value) * 0.01);
  const head = ["Law", ...["Weight", "Constant", "Factor", "Misses by"].map((title) => ({ title, figure: true }))];
  return table("Laws that were fitted", head, fit.models.map((law) => row(lawName(law.growth), right(fixed(law.weight, 2)), right(ns(law.constant_ns)), right(law.growth === "1" ? "" : ns(law.factor_ns)), right(percent(law.misfit)))));
}

function lawFacts(fit) {
  if (!fit.law) return null;
  const shown = ({ estimate, low, high }, text) => `${text(estimate)}${low == null ? "" : ` (${text(low)} to ${high == null ? "unbounded" : text(high)})`}`;
  const small = (value) => String(Number(value.toPrecision(2)));
  const { lambda, sigma, kappa, peak } = fit.law;
  return facts([["One thread", shown(lambda, (value) => figure("", "1/s", value, null))], ["Contention", shown(sigma, small)], ["Crosstalk", shown(kappa, small)], ["Best near", peak ? shown(peak, (value) => plural(Math.round(value), "thread")) : null]]);
}

/** Every figure of the newest record, with its interval and what it was before. */
function vectorSection(found, record) {
  const names = Object.keys(record.metrics).sort((a, b) => order(a) - order(b) || byName.compare(a, b));
  if (names.length === 0) return null;
  const head = ["Metric", { title: "Figure", figure: true }, { title: "Interval", figure: true }, { title: "Level", figure: true }, { title: "Samples", figure: true }, { title: "Change", figure: true }];
  const rows = names.map((name) => {
    const { unit, estimate, low = null, high = null, level, samples } = record.metrics[name];
    return row(metricTitle(name), right(figure(name, unit, estimate, half({ low, high }))), right(low === null || high === null ? "" : interval(name, unit, low, high) ?? ""),
      right(level == null ? "" : percent(level)), right(samples?.toLocaleString("en") ?? ""), right(metricChange(found, name, { value: estimate, low, high })));
  });
  const absent = { ...model.runs[found.run].header.absent, ...record.absent };
  return section("Everything measured", table(`Figures of ${found.title}; changes are against ${changeBasis()}`, head, rows),
    h("p", { class: "soft" }, `Changes are against ${changeBasis()}: grey where the intervals overlap, without a colour where there are none.`), absentList(absent));
}

/** The change of a metric that is kept over runs; in colour where intervals tell whether it is one. */
function metricChange(found, name, now) {
  if (name === "time") return changeText(found.change);
  let before = baselineFigures.get(name)?.[found.index];
  if (!model.baseline) before = Array.from(found.series(name)).findLast((value, run) => run < found.run && alikeTo(found.run)[run] && Number.isFinite(value));
  if (!Number.isFinite(before)) return "";
  if (before === 0) return now.value === 0 ? change(1, null, null) : "from 0";
  const ends = theRecords().before?.[found.index]?.[name];
  if (now.low === null || now.high === null || !(model.baseline || ends)) return change(now.value / before, null, null);
  return changeText(model.baseline ? againstMedian(before, now) : compared({ value: before, low: ends[0], high: ends[1] }, now), name);
}

function absentList(absent) {
  const names = Object.keys(absent);
  if (names.length === 0) return null;
  return h("details", {}, h("summary", {}, `Not to be had: ${plural(names.length, "metric")}`),
    h("ul", {}, names.map((name) => h("li", {}, `${metricTitle(name)}: `, coded(cut(visible(absent[name]), 300))))));
}

/** Where it stands and how it was run. */
function identity(found, record) {
  const { settings } = record;
  const ns = (value) => figure("time", "ns", value, null);
  return section("Where and how", facts([
    ["Id", h("span", { class: "name" }, cut(visible(found.id), 500))],
    ["Source", record.source?.file ? `${cut(visible(record.source.file), 200)}:${record.source.line}` : null],
    ["Tags", record.tags.map((tag) => cut(visible(tag), 60)).join(", ")],
    ["Threads", record.threads == null ? null : String(record.threads)],
    ["Most sampling", settings ? ns(settings.max_time_ns) : null],
    ["Warm-up", settings ? ns(settings.warmup_ns) : null],
    ["Launches asked for", settings ? String(settings.launches) : null],
    ["Counts an iteration", (record.counters ?? []).map((counter) => `${counter.count.toLocaleString("en")} ${counter.kind}`).join(", ")],
  ]));
}

/** A name for the file: what is plain of the id. */
function fileName(record) {
  return `${record.id.replace(/[^A-Za-z0-9_-]+/g, "_").slice(0, 80)}.json`;
}
