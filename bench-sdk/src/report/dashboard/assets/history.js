// The chart of one metric over the runs.

const CHART = { width: 960, height: 300, left: 84, right: 18, top: 16, bottom: 34 };
// More points than this are a line only.
const MOST_DOTS = 80;

/** The chart, the line that tells of the run under the pointer, and the same as a table. */
function historyChart(found, metric) {
  const fromZero = state.zero === "yes";
  const alike = alikeTo(found.run);
  const points = [];
  for (let run = 0; run < runCount; run += 1) {
    const status = found.statusIn(run);
    if (status !== null && (alike[run] || state.all === "yes")) points.push({ run, status, figure: found.at(metric, run) });
  }
  const reference = baselineFigures.get(metric)?.[found.index];
  const baseline = Number.isFinite(reference) ? reference : null;
  const ends = historyRange(points, baseline, fromZero);
  if (!ends) return h("p", { class: "soft" }, `No run has a figure of ${metricTitle(metric)}.`);
  const { width, height, left, right: edge, top, bottom } = CHART;
  const x = scale(0, Math.max(1, points.length - 1), left + 8, width - edge - 8, false);
  const middle = (left + width - edge) / 2;
  const across = (at) => (points.length === 1 ? middle : x(at));
  const y = scale(ends[0], ends[1], height - bottom, top, false);
  const svg = g("svg", { class: "chart", viewBox: `0 0 ${width} ${height}`, role: "img", tabindex: "0",
    "aria-label": `${metricTitle(metric)} of ${found.title} over ${plural(points.length, "run")}; arrow keys go from run to run` });
  svg.append(gridOf(y, ends, metric), datesOf(points, across), drawn(points, across, y));
  if (baseline !== null) svg.append(baselineLine(y(baseline)));
  const told = h("output", { class: "told", "aria-live": "polite" });
  follow(svg, points, across, y, (at) => told.replaceChildren(...tellPoint(found, metric, points[at])));
  return h("figure", {}, pan(svg), told, legendOf(metric, points, baseline), asTable(metric, points));
}

function historyRange(points, baseline, fromZero) {
  const values = points.flatMap(({ figure: shown }) => (shown ? [shown.low ?? shown.value, shown.value, shown.high ?? shown.value] : []));
  if (values.length === 0) return null;
  const [low, high] = range(baseline === null ? values : [...values, baseline], 0.04);
  const air = (high - low) * 0.06;
  return [fromZero ? Math.min(0, low) : low >= 0 ? Math.max(0, low - air) : low - air, high + air];
}

function gridOf(y, ends, metric) {
  const { width, left, right: edge } = CHART;
  const marks = ticks(ends[0], ends[1], 5);
  // As many digits as tell neighbouring marks apart.
  const step = marks.length > 1 ? marks[1] - marks[0] : null;
  return g("g", { class: "grid" }, marks.map((value) => [
    g("line", { x1: left, x2: width - edge, y1: place(y(value)), y2: place(y(value)) }),
    g("text", { x: left - 10, y: place(y(value)) + 4, "text-anchor": "end" }, figure(metric, unitOf(metric), value, step)),
  ]));
}

/** Dates below a few of the runs. */
function datesOf(points, across) {
  const { height, bottom } = CHART;
  const step = Math.max(1, Math.ceil(points.length / 6));
  const told = points.map((point, at) => [point, at]).filter(([, at]) => at % step === 0);
  return g("g", { class: "grid" }, told.map(([point, at]) => g("text", {
    x: place(Math.min(across(at), CHART.width - 40)), y: height - bottom + 22, "text-anchor": "middle" }, moment(model.runs[point.run].header.started_at).slice(5))));
}

/** The band of the intervals, the line, the points, and a cross for each run in which it broke. */
function drawn(points, across, y) {
  const { height, bottom } = CHART;
  const line = points.map(({ figure: shown }, at) => (shown ? [across(at), y(shown.value)] : null));
  const group = g("g", { class: "history" }, bands(points, across, y), g("path", { class: "line", d: linePath(line) }));
  points.forEach((point, at) => {
    const cx = place(across(at));
    if (BROKEN.has(point.status)) {
      const foot = height - bottom - 7;
      group.append(g("path", { class: "broken", d: `M${cx - 4} ${foot - 4}l8 8m0 -8l-8 8` }));
    } else if (point.figure && points.length <= MOST_DOTS) {
      const { header } = model.runs[point.run];
      const isWhole = header.mode === "full" && header.optimized;
      group.append(g("circle", { class: isWhole ? "dot" : "dot hollow", cx, cy: place(y(point.figure.value)), r: 3 }));
    }
  });
  return group;
}

/** One area for each stretch of runs that have intervals. */
function bands(points, across, y) {
  const areas = [];
  let stretch = [];
  const close = () => {
    if (stretch.length > 0) areas.push(areaOf(stretch));
    stretch = [];
  };
  points.forEach(({ figure: shown }, at) => {
    if (shown && shown.low !== null) stretch.push([across(at), y(shown.low), y(shown.high)]);
    else close();
  });
  close();
  return areas;
}

function areaOf(stretch) {
  if (stretch.length === 1) {
    const [[x, low, high]] = stretch;
    return g("line", { class: "whisker", x1: place(x), x2: place(x), y1: place(low), y2: place(high) });
  }
  const upper = stretch.map(([x, , high]) => [x, high]);
  const lower = stretch.map(([x, low]) => [x, low]).reverse();
  return g("path", { class: "band", d: `${linePath([...upper, ...lower])}Z` });
}

function baselineLine(y) {
  const { width, left, right: edge } = CHART;
  return g("g", { class: "baseline" },
    g("line", { x1: left, x2: width - edge, y1: place(y), y2: place(y) }),
    g("text", { x: width - edge - 4, y: place(y) - 6, "text-anchor": "end" }, cut(visible(model.baseline.name), 24)));
}

/** Has pointer and arrow keys choose a run. */
function follow(svg, points, across, y, told) {
  const { height, top, bottom } = CHART;
  const cursor = g("g", { class: "cursor" }, g("line", { y1: top, y2: height - bottom }), g("circle", { r: 4.5 }));
  svg.append(cursor);
  let chosen = points.length - 1;
  const choose = (at) => {
    chosen = Math.max(0, Math.min(points.length - 1, at));
    const [x, shown] = [place(across(chosen)), points[chosen].figure];
    cursor.firstChild.setAttribute("x1", x);
    cursor.firstChild.setAttribute("x2", x);
    cursor.lastChild.setAttribute("cx", x);
    cursor.lastChild.setAttribute("cy", shown ? place(y(shown.value)) : height - bottom);
    told(chosen);
  };
  svg.addEventListener("pointermove", (event) => {
    const box = svg.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * CHART.width;
    const width = points.length > 1 ? across(1) - across(0) : 1;
    choose(Math.round((x - across(0)) / width));
  });
  const steps = { ArrowLeft: () => chosen - 1, ArrowRight: () => chosen + 1, Home: () => 0, End: () => points.length - 1 };
  svg.addEventListener("keydown", (event) => {
    if (!Object.hasOwn(steps, event.key)) return;
    event.preventDefault();
    choose(steps[event.key]());
  });
  choose(chosen);
}

/** What is known of one run of the chart. */
function tellPoint(found, metric, point) {
  const shown = point.figure;
  const between = shown && shown.low !== null ? interval(metric, unitOf(metric), shown.low, shown.high) : null;
  const value = shown ? `${figureText(metric, shown)}${between ? ` (${between})` : ""}` : point.status;
  const newest = found.run;
  const held = point.run === newest ? null
    : h("a", { href: link("compare", { a: model.runs[point.run].header.id, b: model.runs[newest].header.id }) }, "compare with the newest");
  return [h("strong", {}, value), ` ${runTitle(point.run)} `, held ?? ""];
}

function legendOf(metric, points, baseline) {
  const words = [];
  if (points.some(({ figure: shown }) => shown?.low != null)) words.push("band: interval");
  if (points.length <= MOST_DOTS && points.some(({ run }) => model.runs[run].header.mode !== "full" || !model.runs[run].header.optimized)) {
    words.push("hollow: quick or not optimised");
  }
  if (points.some(({ status }) => BROKEN.has(status))) words.push("×: it broke");
  if (baseline !== null) words.push(`dashed: baseline ${visible(model.baseline.name)}`);
  return words.length > 0 ? h("figcaption", {}, words.join(" · ")) : null;
}

/** The same figures for those who do not see the chart; made when it is opened. */
function asTable(metric, points) {
  const details = h("details", {}, h("summary", {}, "These figures as a table"));
  details.addEventListener("toggle", () => {
    if (!details.open || details.childElementCount > 1) return;
    const rows = points.toReversed().map(({ run, status, figure: shown }) => row(
      runTitle(run), right(shown ? figureText(metric, shown) : status),
      right(shown && shown.low !== null ? interval(metric, unitOf(metric), shown.low, shown.high) ?? "" : "")));
    details.append(table(`${metricTitle(metric)} by run`, ["Run", { title: "Figure", figure: true }, { title: "Interval", figure: true }], rows));
  });
  return details;
}
