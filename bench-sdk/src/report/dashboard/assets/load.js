// Load tests: what happened over time, how long things took, and what failed.

const PANEL = { width: 960, height: 190, left: 84, right: 110, top: 22, bottom: 12, foot: 34 };
// Between names that stand below each other; in a narrow window they are large.
const NAME_ROOM = 17;
const TAIL = { width: 460, height: 280, left: 78, right: 16, top: 14, bottom: 40 };

/** The sections of a run's load tests; none where it has none. */
function loadSections(run) {
  return (theRecords().loads ?? []).filter((load) => load.run === run).map((load) => section(`Load: ${cut(visible(load.name), 80)}`,
    timelineChart(load.timeline),
    h("div", { class: "beside" }, percentileChart(load.percentiles), errorTable(load.errors))));
}

/** Lines over time, a panel for each unit, and one for what is trouble, since few errors would be flat beside many requests; with the phases shaded behind all of them. */
function timelineChart({ at_s: times, series, phases }) {
  const kindOfLine = (line) => `${line.unit} ${line.is_bad}`;
  const kinds = [...new Set(series.map(kindOfLine))];
  if (times.length === 0 || kinds.length === 0) return h("p", { class: "soft" }, "Nothing was measured over time.");
  const { width, height, left, right: edge, foot } = PANEL;
  const whole = height * kinds.length + foot;
  const x = scale(times[0], Math.max(times.at(-1), times[0] + 1e-9), left, width - edge, false);
  const label = `${series.map((line) => visible(line.name)).join(", ")} over ${duration(times.at(-1) - times[0])}; arrow keys go from one moment to the next`;
  const svg = g("svg", { class: "chart", viewBox: `0 0 ${width} ${whole}`, role: "img", tabindex: "0", "aria-label": label });
  svg.append(phaseBands(phases, x, times, whole - foot));
  kinds.forEach((kind, at) => svg.append(panel(series.filter((line) => kindOfLine(line) === kind), times, x, at * height)));
  svg.append(g("g", { class: "grid" }, ticks(times[0], times.at(-1), 8).map((value) =>
    g("text", { x: place(x(value)), y: whole - 8, "text-anchor": "middle" }, `${secondsText(value)} s`))));
  const told = h("output", { class: "told", "aria-live": "polite" });
  choosing(svg, times, x, whole - foot, (at) => told.replaceChildren(...tellMoment(series, phases, times[at], at)));
  return h("figure", {}, pan(svg), told, timelineTable(times, series));
}

/** Stretches of time: every other one shaded, each with its name. */
function phaseBands(phases, x, times, bottom) {
  const [first, last] = [times[0], times.at(-1)];
  const shown = phases.filter(({ from_s: from, to_s: to }) => to > first && from < last);
  return g("g", { class: "phases" }, shown.map(({ name, from_s: from, to_s: to }, at) => {
    const [start, end] = [x(Math.max(first, from)), x(Math.min(last, to))].map(place);
    const room = Math.floor((end - start) / 7);
    return [
      at % 2 === 0 ? g("rect", { x: start, y: 0, width: place(end - start), height: bottom }) : null,
      room >= 3 ? g("text", { x: place((start + end) / 2), y: 12, "text-anchor": "middle" }, cut(visible(name), room)) : null,
    ];
  }));
}

/** The lines of one unit, each with its name at its end. */
function panel(lines, times, x, from) {
  const { width, height, left, right: edge, top, bottom } = PANEL;
  const { unit } = lines[0];
  const known = lines.flatMap((line) => line.values.filter(Number.isFinite));
  const drawn = g("g", { class: "panel" });
  if (known.length === 0) return drawn;
  const most = Math.max(...known);
  const ends = [Math.min(0, ...known), most > 0 ? most * 1.05 : 1];
  const y = scale(ends[0], ends[1], from + height - bottom, from + top, false);
  const marks = ticks(ends[0], ends[1], 4);
  const metric = unit === "ns" ? "time" : "";
  drawn.append(g("g", { class: "grid" }, marks.map((value) => [
    g("line", { x1: left, x2: width - edge, y1: place(y(value)), y2: place(y(value)) }),
    g("text", { x: left - 10, y: place(y(value)) + 4, "text-anchor": "end" }, figure(metric, unit, value, marks.length > 1 ? marks[1] - marks[0] : null))])));
  const names = [];
  lines.forEach((line, at) => {
    const points = line.values.slice(0, times.length).map((value, point) => (Number.isFinite(value) ? [x(times[point]), y(value)] : null));
    const last = points.findLast(Boolean);
    if (!last) return;
    const kind = `line series${at % 3}${line.is_bad ? " bad" : ""}`;
    drawn.append(g("path", { class: kind, d: linePath(points) }));
    points.forEach((point, at) => {
      // A value between two gaps has no line.
      if (point && !points[at - 1] && !points[at + 1]) drawn.append(g("circle", { class: "dot", cx: place(point[0]), cy: place(point[1]), r: 2 }));
    });
    names.push({ line, kind, at: last[1] + 4 });
  });
  for (const { line, kind, at } of movedApart(names, from + height - bottom + 4)) {
    // A piece of the line, to tell it by where names have moved apart.
    drawn.append(g("line", { class: kind, x1: width - edge + 8, x2: width - edge + 30, y1: place(at - 4), y2: place(at - 4) }),
      g("text", { class: line.is_bad ? "bad" : null, x: width - edge + 36, y: place(at) }, cut(visible(line.name), 10)));
  }
  return drawn;
}

/** Names at the ends of lines, none of which covers another: those below move down as far as there is room, then those above up. */
function movedApart(names, lowest) {
  const sorted = names.toSorted((a, b) => a.at - b.at);
  sorted.forEach((name, nth) => { if (nth > 0) name.at = Math.max(name.at, sorted[nth - 1].at + NAME_ROOM); });
  sorted.toReversed().forEach((name, nth, all) => { name.at = Math.min(name.at, nth > 0 ? all[nth - 1].at - NAME_ROOM : lowest); });
  return sorted;
}

/** Has pointer and arrow keys choose a moment. */
function choosing(svg, times, x, bottom, told) {
  const cursor = g("g", { class: "cursor" }, g("line", { y1: 0, y2: bottom }));
  svg.append(cursor);
  let chosen = times.length - 1;
  const choose = (at) => {
    chosen = Math.max(0, Math.min(times.length - 1, at));
    for (const end of ["x1", "x2"]) cursor.firstChild.setAttribute(end, place(x(times[chosen])));
    told(chosen);
  };
  svg.addEventListener("pointermove", (event) => {
    const box = svg.getBoundingClientRect();
    const here = ((event.clientX - box.left) / box.width) * PANEL.width;
    let nearest = 0;
    times.forEach((time, at) => {
      if (Math.abs(x(time) - here) < Math.abs(x(times[nearest]) - here)) nearest = at;
    });
    choose(nearest);
  });
  const steps = { ArrowLeft: () => chosen - 1, ArrowRight: () => chosen + 1, Home: () => 0, End: () => times.length - 1 };
  svg.addEventListener("keydown", (event) => {
    if (!Object.hasOwn(steps, event.key)) return;
    event.preventDefault();
    choose(steps[event.key]());
  });
  choose(chosen);
}

/** Seconds since the start: four digits, and of a long test the whole seconds. */
function secondsText(value) {
  return String(value < 1000 ? Number(value.toPrecision(4)) : Math.round(value));
}

function lineText({ unit, values }, at) {
  return Number.isFinite(values[at]) ? figure(unit === "ns" ? "time" : "", unit, values[at], null) : "–";
}

function tellMoment(series, phases, time, at) {
  const phase = phases.find(({ from_s: from, to_s: to }) => time >= from && time < to);
  const figures = series.map((line) => `${cut(visible(line.name), 20)} ${lineText(line, at)}`).join(" · ");
  return [h("strong", {}, `${secondsText(time)} s`), phase ? ` ${cut(visible(phase.name), 30)}` : "", ` · ${figures}`];
}

/** The same figures for those who do not see the chart; made when it is opened. */
function timelineTable(times, series) {
  const details = h("details", {}, h("summary", {}, "These figures as a table"));
  details.addEventListener("toggle", () => {
    if (!details.open || details.childElementCount > 1) return;
    const head = ["Second", ...series.map((line) => ({ title: cut(visible(line.name), 30), figure: true }))];
    const step = Math.ceil(times.length / 500);
    const rows = times.map((time, at) => [time, at]).filter(([, at]) => at % step === 0)
      .map(([time, at]) => row(secondsText(time), ...series.map((line) => right(lineText(line, at)))));
    details.append(table("Figures over time", head, rows));
  });
  return details;
}

/** Where a share stands on an axis on which each nine takes as much room as the one before. */
function nines(share) {
  return -Math.log10(Math.max(1e-9, 1 - share));
}

/** Times by their percentile. The axis gives the tail its room: 90, 99 and 99.9 % are equally far apart. */
function percentileChart(lines) {
  const known = lines.map((line) => ({ ...line, points: line.points.filter(([share, ns]) => share >= 0 && share < 1 && ns > 0) })).filter((line) => line.points.length > 1);
  if (known.length === 0) return h("p", { class: "soft" }, "Too few requests for percentiles.");
  const { width, height, left, right: edge, top, bottom } = TAIL;
  const all = known.flatMap((line) => line.points);
  const most = Math.max(1, ...all.map(([share]) => nines(share)));
  const ends = range(all.map(([, ns]) => ns), 0.1);
  const isLog = ends[0] > 0 && ends[1] / ends[0] >= 8;
  const yEnds = isLog ? [ends[0] * 0.85, ends[1] * 1.15] : [0, ends[1] * 1.05];
  const x = scale(0, most, left, width - edge, false);
  const y = scale(yEnds[0], yEnds[1], height - bottom, top, isLog);
  const marks = isLog ? powers(yEnds[0], yEnds[1]) : ticks(yEnds[0], yEnds[1], 5);
  const shares = [0, 0.5, 0.9, 0.99, 0.999, 0.9999, 0.99999, 0.999999].filter((share) => nines(share) <= most * 1.001);
  const label = `Time by percentile: ${known.map((line) => `${visible(line.name)} ${shares.slice(1).map((share) => atShare(line, share)).filter(Boolean).join(", ")}`).join("; ")}`;
  const svg = g("svg", { class: "chart small", viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label },
    g("g", { class: "grid" },
      marks.map((value) => [
        g("line", { x1: left, x2: width - edge, y1: place(y(value)), y2: place(y(value)) }),
        g("text", { x: left - 8, y: place(y(value)) + 4, "text-anchor": "end" }, figure("time", "ns", value, isLog || marks.length < 2 ? null : marks[1] - marks[0]))]),
      shares.map((share) => g("text", { x: place(x(nines(share))), y: height - bottom + 18, "text-anchor": "middle" }, `${Number((share * 100).toPrecision(7))}`)),
      g("text", { x: (left + width - edge) / 2, y: height - 6, "text-anchor": "middle" }, "percentile")));
  known.forEach((line, at) => svg.append(g("path", { class: `line series${at % 3}`, d: linePath(line.points.map(([share, ns]) => [x(nines(share)), y(ns)])) })));
  const dashes = ["solid", "dashed", "dotted"];
  return h("figure", {}, svg, h("figcaption", {}, `${known.map((line, at) => `${dashes[at % 3]}: ${cut(visible(line.name), 40)}`).join(" · ")}. 90, 99 and 99.9 % are drawn equally far apart.`));
}

/** A line's time at a share, in words; nothing where it has no such point. */
function atShare(line, share) {
  const point = line.points.find(([at]) => Math.abs(at - share) < 1e-9);
  return point ? `${Number((share * 100).toPrecision(7))} % ${figure("time", "ns", point[1], null)}` : null;
}

function errorTable(errors) {
  if (errors.length === 0) return h("p", { class: "soft" }, "Nothing failed.");
  const all = errors.reduce((sum, error) => sum + error.count, 0);
  return table("What failed", ["Failed", { title: "Times", figure: true }, { title: "Of failures", figure: true }],
    errors.slice(0, 50).map(({ what, count }) => row({ text: coded(cut(visible(what), 200)) }, right(count.toLocaleString("en")), right(percent(count / all)))));
}
