// The first view: what was measured, what has changed, and every benchmark as a line over time.

const FIRST_TILES = 150;
const MOST_CHANGES = 60;

function overview() {
  const { header, environment } = model.runs[runCount - 1];
  const subject = visible(header.package || header.target || "Benchmarks");
  return [
    h("h1", {}, cut(subject, 80)),
    h("p", { class: "lead" }, `${plural(cases.length, "benchmark")} over ${plural(runCount, "run")}, the last ${moment(header.started_at)} UTC`),
    runCount > 1 ? h("p", { class: "soft" }, "The newest run:") : null,
    facts([
      ["Mode", modeOf(header)],
      ["Launches", isImported(header) ? null : String(header.launches)],
      ["Took", isImported(header) ? null : duration(header.duration_ns / 1e9)],
      ["Commit", environment.git_commit ? `${cut(visible(environment.git_commit), 13)}${environment.git_dirty ? " with changes" : ""}` : null],
      ["Processor", environment.cpu ? visible(environment.cpu) : null],
      ["System", [environment.platform, environment.kernel].filter(Boolean).map(visible).join(" · ")],
      ["Compiler", environment.rustc ? visible(environment.rustc).replace(/ \(.*/, "") : null],
    ]),
    header.notes?.length ? noteList(header.notes) : null,
    runCount > 1 ? h("p", { class: "soft" }, `Each benchmark as it was last run, over all ${plural(runCount, "run")} shown:`) : null,
    statusCounts(),
    model.comparisons.length > 0 ? comparisonSection() : null,
    section("Over time", h("p", { class: "soft" }, `Time of each benchmark, and its change against ${changeBasis()}. Changes within the intervals are grey.`), tiles()),
    leftOutSection(),
  ];
}

/** How many cases have which status; each number leads to them. */
function statusCounts() {
  const counts = new Map();
  for (const found of cases) counts.set(found.status, (counts.get(found.status) ?? 0) + 1);
  const noted = cases.filter((found) => found.line.warnings.length > 0).length;
  const cards = Object.values(STATUS).filter((status) => counts.has(status))
    .map((status) => card(counts.get(status), status, link("benchmarks", { status }), status === "measured" ? "plain" : kindOf(status)));
  if (noted > 0) cards.push(card(noted, noted === 1 ? "has a warning" : "have warnings", link("benchmarks", { notes: "yes" }), "caution"));
  return h("ul", { class: "cards", "aria-label": "Benchmarks by outcome" }, cards);
}

function kindOf(status) {
  return status === "skipped" ? "dim" : "bad";
}

function card(count, word, address, kind) {
  const inside = [h("span", { class: "count" }, count.toLocaleString("en")), h("span", { class: "word" }, word)];
  return h("li", { class: `card ${kind}` }, address ? h("a", { href: address }, inside) : inside);
}

/** The comparison that is chosen, in counts and in rows. */
function comparisonSection() {
  const wanted = Number(state.comparison);
  const chosen = model.comparisons[wanted] ? wanted : mainAt;
  const body = h("div", {}, comparisonBody(chosen));
  const options = model.comparisons.map((found, at) => [String(at), comparisonTitle(found)]);
  const changed = (value) => {
    tell({ comparison: value });
    body.replaceChildren(...comparisonBody(Number(value)));
  };
  return section("Compared", options.length > 1 ? h("div", { class: "controls" }, choice("Comparison", String(chosen), options, changed)) : null, body);
}

/** When it was made, how, and of what. */
function comparisonTitle({ folder, record }) {
  const when = folder ? moment(folder.replace(/^(\d{4})(\d\d)(\d\d)_(\d\d)(\d\d)(\d\d).*/, "$1-$2-$3 $4:$5:$6")) : null;
  const how = record.method === "paired" ? "paired" : "from records";
  const sides = [record.baseline, record.candidate];
  const runs = sides.map((side) => model.runs[runOf(side.name)]?.header ?? null);
  const times = runs.includes(null) ? runs.map((run) => run && moment(run.started_at)) : momentsApart(...runs);
  return [when, how, sides.map((side, at) => sideTitle(side, times[at])).join(" → ")].filter(Boolean).join(" · ");
}

/** A baseline or revision by its name; a run by when it was. */
function sideTitle(side, time) {
  const name = time ?? cut(visible(side.name), 60);
  const more = [side.commit && !side.name.startsWith(side.commit.slice(0, 7)) ? cut(visible(side.commit), 8) : null,
    side.dirty ? "with changes" : null, side.runs ? plural(side.runs, "run") : null].filter(Boolean);
  return `${name}${more.length > 0 ? ` (${more.join(", ")})` : ""}`;
}

function comparisonBody(chosen) {
  const { folder, record } = model.comparisons[chosen];
  // Without a baseline the page holds the newest run against those before it.
  const sides = folder === null && !model.baseline ? { baseline: "runs before", candidate: "newest run" } : { baseline: "baseline", candidate: "candidate" };
  const times = record.comparisons.filter((found) => found.metric === "time");
  const cards = VERDICTS.map((verdict) => {
    const count = times.filter((found) => verdictWord(found.verdict) === verdict).length;
    const kinds = { "regressed": "bad", "improved": "good", "inconclusive": "caution" };
    return card(count, verdict, chosen === mainAt && count > 0 ? link("benchmarks", { verdict }) : null, count > 0 ? kinds[verdict] ?? "plain" : "dim");
  });
  const how = record.method === "paired" ? "both sides in turns" : "of different times";
  const rules = `${how} · equivalent within ${percent(record.rules.minimum_effect).replace(".0 %", " %")}${record.interrupted ? " · interrupted" : ""}`;
  const rows = record.comparisons.filter(isWorthARow).sort(byVerdict);
  const [open, called] = [true, false].map((isOpen) => rows.filter((found) => (found.verdict === "inconclusive") === isOpen));
  return [
    h("p", { class: "soft" }, `${comparisonTitle(model.comparisons[chosen])} · ${rules}`),
    h("ul", { class: "cards", "aria-label": "Benchmarks by verdict" }, cards),
    called.length > 0 ? changeTable(called) : null,
    open.length > 0 ? h("details", { open: called.length === 0 }, h("summary", {}, `${open.length.toLocaleString("en")} inconclusive`), changeTable(open)) : null,
    rows.length > 0 ? pairWords(record) : null,
    record.broken?.length ? h("ul", { class: "notes" }, record.broken.map((found) => h("li", { class: "warning" },
      caseLink(casesById.get(found.id), found.id), ` broke in the ${sides[found.side]}: `, coded(cut(visibleLines(found.message).split("\n")[0], 300))))) : null,
    ...["candidate", "baseline"].map((side) => idList(`Only in the ${sides[side]}`, record[`only_in_${side}`])),
    record.notes?.length ? noteList(record.notes) : null,
  ].flat(Infinity).filter(Boolean);
}

/** That a change need not be the quotient of the figures beside it. */
function pairWords({ method }) {
  return method !== "paired" ? null
    : h("p", { class: "soft" }, "The change is that of pairs measured side by side, the figures are each side's own median: the two can point in different directions.");
}

/** Times that are not equivalent, and other metrics that moved. */
function isWorthARow(found) {
  return found.metric === "time" ? ["regressed", "improved", "inconclusive"].includes(found.verdict) && found.ratio : ["regressed", "improved"].includes(found.verdict);
}

function byVerdict(a, b) {
  const rank = (found) => VERDICTS.indexOf(verdictWord(found.verdict));
  const size = (found) => Math.abs(Math.log(found.ratio?.estimate || 1));
  return rank(a) - rank(b) || size(b) - size(a);
}

function changeTable(rows) {
  const shown = rows.slice(0, MOST_CHANGES);
  const most = reachOf(shown.flatMap(({ ratio }) => (ratio ? [ratio.estimate, ratio.low ?? 1, ratio.high ?? 1] : [])));
  const hasEvidence = shown.some((found) => found.evidence.length > 0);
  const head = ["Benchmark", "Verdict", "Metric", { title: "Change", figure: true }, "Interval", "", "Figures", hasEvidence ? "Evidence" : null];
  return [
    table("What has changed", head.filter((title) => title !== null), shown.map((found) => changeRow(found, most, hasEvidence))),
    rows.length > shown.length ? h("p", { class: "soft" }, `and ${plural(rows.length - shown.length, "further change")}, the smaller ones`) : null,
  ];
}

function changeRow(found, most, hasEvidence) {
  const { ratio, verdict } = found;
  const ends = ratio ? [ratio.low ?? null, ratio.high ?? null] : [null, null];
  const hasEnds = ends[0] !== null && ends[1] !== null;
  const kind = verdict === "regressed" ? "bad" : verdict === "improved" ? "good" : "dim";
  return row(caseLink(casesById.get(found.id), found.id), badge(verdictWord(verdict)), metricTitle(found.metric),
    right(ratio ? change(ratio.estimate, ...ends) : ""), { text: hasEnds ? changeInterval(ratio.estimate, ...ends) : "", className: "soft nowrap" },
    ratio ? forest(ratio.estimate, ends[0] ?? ratio.estimate, ends[1] ?? ratio.estimate, most, kind) : "",
    { text: fromTo(found), className: "nowrap" },
    ...(hasEvidence ? [{ text: coded(found.evidence.map((text) => cut(visible(text), 200)).join("; ")), className: "soft" }] : []));
}

/** Both figures, with the digits that tell them apart. */
function fromTo({ metric, unit, baseline, candidate, ratio }) {
  if (baseline == null || candidate == null) return "";
  const share = ratio?.low != null ? ((ratio.high - ratio.low) / 2 / ratio.estimate) * Math.max(Math.abs(baseline), Math.abs(candidate)) : null;
  const text = (value) => figure(metric, unit, value, share ?? Math.min(Math.abs(baseline - candidate) / 10, Math.abs(value) / 200));
  return `${text(baseline)} → ${text(candidate)}`;
}

/** The name of a case as a link to its page; a name alone where the page knows nothing of it. */
function caseLink(found, id) {
  if (!found) return cut(visible(id), 120);
  return h("a", { class: "name", href: link("case", { id: found.key }) }, pathText(found.title));
}

function idList(title, ids) {
  if (!ids?.length) return null;
  const shown = ids.slice(0, 200);
  return h("details", {}, h("summary", {}, `${title}: ${ids.length}`), h("ul", {}, shown.map((id) => h("li", {}, caseLink(casesById.get(id), id)))));
}

/** Crates in the order of their names, then what has none. */
function byCrate(a, b) {
  return Number(a.crate === NO_CRATE) - Number(b.crate === NO_CRATE) || byName.compare(a.crate, b.crate);
}

/** A tile for each benchmark, by crate. */
function tiles() {
  const sorted = cases.toSorted(byCrate);
  const grid = h("div", { class: "tiles" });
  const draw = (list) => {
    let crate = null;
    let group = null;
    for (const found of list) {
      if (found.crate !== crate) {
        crate = found.crate;
        group = h("ul", {});
        grid.append(h("h3", {}, crate), group);
      }
      group.append(tile(found));
    }
  };
  draw(sorted.slice(0, FIRST_TILES));
  if (cases.length <= FIRST_TILES) return grid;
  const more = h("button", { type: "button", click: () => {
    more.remove();
    grid.replaceChildren();
    draw(sorted);
  } }, `Show all ${cases.length.toLocaleString("en")}`);
  return [grid, more];
}

function tile(found) {
  return h("li", {}, h("a", { class: "tile", href: link("case", { id: found.key }) },
    h("span", { class: "name" }, pathText(found.title)),
    h("span", { class: found.time ? "figure" : `figure ${kindOf(found.status)}` }, found.timeText() ?? found.status),
    sparkline(found.alikeTimes),
    changeText(found.change)));
}

/** A change in words and colour: grey where the intervals overlap. */
function changeText(found, metric = "time") {
  if (!found) return h("span", { class: "change" });
  const isWorse = (found.ratio > 1) !== isHigherBetter(metric);
  const kind = !found.isApart || Math.abs(found.ratio - 1) < 0.005 ? "dim" : isWorse ? "bad" : "good";
  return h("span", { class: `change ${kind}` }, change(found.ratio, found.low, found.high));
}

/** What is kept among the runs and is not in the page. */
function leftOutSection() {
  if (model.left_out.length === 0 && model.older === 0) return null;
  const older = model.older > 0 ? h("p", {}, `${plural(model.older, "older run")} not shown; `, h("code", {}, "--runs"), " takes more.") : null;
  return section("Left out", older, model.left_out.length === 0 ? null
    : h("ul", { class: "notes" }, model.left_out.map((found) => h("li", {}, h("span", { class: "code" }, cut(visible(found.name), 80)), " ", coded(cut(visible(found.reason), 400))))));
}
