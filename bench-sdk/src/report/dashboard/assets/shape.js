// How the samples of a benchmark are spread, and in which order they came.

const CURVE = { width: 460, height: 220, left: 16, right: 16, top: 14, bottom: 40 };
const STRIP = { width: 960, height: 290, left: 84, right: 18, top: 16, bottom: 40, violins: 220 };
const HIGHEST = 999;

function shapeSection(found, record) {
  const shape = theRecords().shapes[found.index];
  if (!shape) return null;
  const launches = record.launches.map((launch) => launch.samples_ns ?? []);
  const sides = [["newest", shape.own], ...(shape.baseline ? [[`baseline ${cut(visible(model.baseline.name), 24)}`, shape.baseline]] : [])];
  const marks = markedTable(sides);
  const curve = curveChart(shape, sides);
  return section("Distribution",
    shapeWords(shape).map((text) => h("p", {}, text)),
    curve ? h("div", { class: "beside" }, curve, marks) : marks,
    stripChart(shape, sides, launches, record));
}

/** What keeps a curve from being drawn. */
function shapeWords({ own }) {
  if (own.curve) return [];
  const least = theRecords().curve_samples;
  const few = `${plural(own.samples, "sample")}: too few for a curve, which takes ${least}. Each of them is shown.`;
  return [own.samples < least ? few : "All samples are the same, as far as the clock tells; there is no curve to draw."];
}

/** The curve's places and heights, these as densities. */
function pointsOf({ low, high, heights, peak }, isLog) {
  const values = listOf(heights);
  const at = scale(0, values.length - 1, isLog ? Math.log(low) : low, isLog ? Math.log(high) : high, false);
  return values.map((height, place) => [isLog ? Math.exp(at(place)) : at(place), (height / HIGHEST) * peak]);
}

/** The times that charts of a shape reach over. */
function reachOfShape(sides, launches) {
  const curves = sides.map(([, side]) => side.curve).filter(Boolean);
  const values = sides[0][1].curve ? [] : launches.flat();
  const ends = range([...curves.flatMap(({ low, high }) => [low, high]), ...values, ...sides.flatMap(([, side]) => side.marked)], 0.01);
  const air = values.length > 0 ? (ends[1] - ends[0]) * 0.06 : 0;
  return [ends[0] >= 0 ? Math.max(0, ends[0] - air) : ends[0] - air, ends[1] + air];
}

/** Marks on an axis of times: round numbers, or powers where it is logarithmic. */
function timeMarks([low, high], isLog, parts) {
  const found = isLog ? roundTimes(low, high) : [];
  if (found.length < 2) return ticks(low, high, parts);
  return found.filter((_, at) => at % Math.ceil(found.length / 7) === 0);
}

/** One, two and five times a power of ten, or the powers alone where those would be too many. */
function roundTimes(low, high) {
  const factors = high / low > 300 ? [1] : [1, 2, 5];
  const found = [];
  for (let power = 10 ** Math.floor(Math.log10(low)); power <= high; power *= 10) {
    found.push(...factors.map((factor) => factor * power).filter((value) => value >= low && value <= high));
  }
  return found;
}

function stepOf(marks, isLog) {
  return isLog || marks.length < 2 ? null : marks[1] - marks[0];
}

/** The densities, one over the other. */
function curveChart(shape, sides) {
  if (!shape.own.curve) return null;
  const { width, height, left, right: edge, top, bottom } = CURVE;
  const ends = reachOfShape(sides, []);
  const x = scale(ends[0], ends[1], left, width - edge, shape.log);
  const curves = sides.filter(([, side]) => side.curve).map(([name, side]) => ({ name, side, points: pointsOf(side.curve, shape.log) }));
  const most = Math.max(...curves.flatMap(({ points }) => points.map(([, value]) => value)));
  const y = scale(0, most, height - bottom, top, false);
  const marks = timeMarks(ends, shape.log, 5);
  const label = `Density of ${plural(shape.own.samples, "sample")}, half of them between ${shownTime(shape.own.marked[1])} and ${shownTime(shape.own.marked[3])}`;
  const svg = g("svg", { class: "chart small", viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label },
    g("g", { class: "grid" },
      g("line", { x1: left, x2: width - edge, y1: height - bottom, y2: height - bottom }),
      marks.map((value) => g("text", { x: place(x(value)), y: height - bottom + 18, "text-anchor": "middle" }, figure("time", "ns", value, stepOf(marks, shape.log)))),
      g("text", { x: (left + width - edge) / 2, y: height - 4, "text-anchor": "middle" }, shape.log ? "time, logarithmic" : "time")));
  for (const { points, name } of curves.toReversed()) {
    const line = points.map(([ns, value]) => [x(ns), y(value)]);
    const [first, last] = [line[0][0], line.at(-1)[0]].map(place);
    if (name === "newest") svg.append(g("path", { class: "band", d: `${linePath(line)}L${last} ${height - bottom}L${first} ${height - bottom}Z` }));
    svg.append(g("path", { class: name === "newest" ? "line" : "line before", d: linePath(line) }));
  }
  return h("figure", {}, svg, h("figcaption", {}, curveWords(shape, curves)));
}

/** How the curve was made: nobody should have to guess. */
function curveWords({ log: isLog, own }, curves) {
  const { bandwidth } = own.curve;
  const wide = isLog ? percent(Math.exp(bandwidth) - 1) : `${percent(bandwidth / own.marked[2])} of the median`;
  const words = [`Density with a Gaussian kernel, bandwidth ${wide} (Sheather and Jones).`];
  if (curves.length > 1) words.push(`Dashed: ${curves[1].name}.`);
  if (isLog) words.push("The axis is logarithmic, since the slow samples reach far.");
  return words.join(" ");
}

/** Quantiles of both sides. */
function markedTable(sides) {
  const names = ["5 % are below", "25 % are below", "Median", "75 % are below", "95 % are below"];
  const head = ["Of the samples", ...sides.map(([name]) => ({ title: name, figure: true })), ...(sides.length > 1 ? [{ title: "Change", figure: true }] : [])];
  // Of a few samples the tails are not known.
  const known = [0, 1, 2, 3, 4].filter((at) => sides[0][1].samples >= theRecords().curve_samples || (at > 0 && at < 4));
  const rows = known.map((at) => {
    const values = sides.map(([, side]) => side.marked[at]);
    const moved = values.length > 1 ? [right(values[1] > 0 ? change(values[0] / values[1], null, null) : "")] : [];
    return row(names[at], ...values.map((value) => right(shownTime(value))), ...moved);
  });
  return table("Quantiles of the samples", head, [...rows, row("Samples shown", ...sides.map(([, side]) => right(String(side.samples))), ...(sides.length > 1 ? [""] : []))]);
}

function shownTime(ns) {
  return figure("time", "ns", ns, Math.abs(ns) * 0.001);
}

/** Every sample in its order, and the violins beside them on the same axis. */
function stripChart(shape, sides, launches, record) {
  const { width, height, left, right: edge, top, bottom, violins } = STRIP;
  const ends = reachOfShape(sides, launches);
  const isLog = shape.log && ends[0] > 0;
  const y = scale(ends[0], ends[1], height - bottom, top, isLog);
  const marks = timeMarks(ends, isLog, 5);
  const all = launches.flat();
  const x = scale(0, Math.max(1, all.length - 1), left + 10, width - edge - violins, false);
  const label = `${plural(all.length, "sample")} of ${plural(launches.length, "launch")} in their order, from ${shownTime(Math.min(...all))} to ${shownTime(Math.max(...all))}; beside them how they are spread`;
  const svg = g("svg", { class: "chart strip", viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label },
    g("g", { class: "grid" }, marks.map((value) => [
      g("line", { x1: left, x2: width - edge, y1: place(y(value)), y2: place(y(value)) }),
      g("text", { x: left - 10, y: place(y(value)) + 4, "text-anchor": "end" }, figure("time", "ns", value, stepOf(marks, isLog)))])));
  svg.append(launchMarks(launches, x, all.length), samplesOf(all, x, y, ends));
  const span = violins / sides.length;
  const most = Math.max(...sides.map(([, side]) => side.curve?.peak ?? 0));
  sides.forEach(([name, side], at) => svg.append(violin(name, side, shape.log, width - edge - violins + span * (at + 0.5) + 8, (span / 2 - 16) / most, y)));
  return h("figure", {}, pan(svg), h("figcaption", {}, stripWords(launches, record, all, ends)));
}

/** A line between launches, and their numbers where there is room. */
function launchMarks(launches, x, count) {
  const { height, top, bottom } = STRIP;
  const marks = g("g", { class: "grid" });
  const step = Math.ceil(launches.length / 12);
  let first = 0;
  launches.forEach((samples, at) => {
    const from = place(x(first - 0.5));
    if (at > 0 && launches.length <= 64) marks.append(g("line", { x1: from, x2: from, y1: top, y2: height - bottom }));
    const middle = count === 1 ? x(0) : x(first + (samples.length - 1) / 2);
    if (at % step === 0) marks.append(g("text", { x: place(middle), y: height - bottom + 18, "text-anchor": "middle" }, at === 0 && launches.length < 7 ? "launch 1" : String(at + 1)));
    first += samples.length;
  });
  return marks;
}

/** A dot for each sample; at the edge a triangle for one that lies beyond it. */
function samplesOf(all, x, y, [low, high]) {
  const drawn = g("g", { class: "samples" });
  all.forEach((ns, at) => {
    const cx = place(x(at));
    if (ns >= low && ns <= high) drawn.append(g("circle", { cx, cy: place(y(ns)), r: 2.2 }));
    else drawn.append(g("path", { class: "beyond", d: ns > high ? `M${cx - 4} ${place(y(high)) + 3}h8l-4 -7z` : `M${cx - 4} ${place(y(low)) - 3}h8l-4 7z` }));
  });
  return drawn;
}

/** The density to both sides of a line, with the quarters and the median. */
function violin(name, { marked, curve }, isLog, middle, perDensity, y) {
  const { height, bottom } = STRIP;
  const drawn = g("g", { class: name === "newest" ? "violin" : "violin before" });
  if (curve) {
    const points = pointsOf(curve, isLog);
    const side = (sign) => points.map(([ns, value]) => [middle + sign * value * perDensity, y(ns)]);
    drawn.append(g("path", { d: `${linePath([...side(1), ...side(-1).reverse()])}Z` }));
  }
  const at = place(middle);
  drawn.append(
    g("line", { x1: at, x2: at, y1: place(y(marked[1])), y2: place(y(marked[3])) }),
    g("circle", { cx: at, cy: place(y(marked[2])), r: 3.4 }),
    g("text", { x: at, y: height - bottom + 18, "text-anchor": "middle" }, name));
  return drawn;
}

function stripWords(launches, record, all, [low, high]) {
  const taken = record.launches.reduce((sum, launch) => sum + launch.samples, 0);
  const iterations = record.launches.reduce((sum, launch) => sum + launch.iterations, 0) / Math.max(1, record.launches.reduce((sum, launch) => sum + launch.samples + launch.voided, 0));
  const each = iterations >= 1.5 ? `Each is the mean of about ${figure("", "1", Math.round(iterations), null)} iterations.` : "Each is one iteration.";
  const beyond = all.filter((ns) => ns < low || ns > high).length;
  return [
    `Dots: ${taken > all.length ? `${all.length.toLocaleString("en")} of ${plural(taken, "sample")}` : plural(all.length, "sample")} in their order.`, each,
    beyond > 0 ? `Triangles: ${beyond === 1 ? "one lies" : `${beyond} lie`} beyond, up to ${shownTime(Math.max(...all))}.` : "",
    "Violin: the same curve to both sides; the bar holds the middle half, the dot is the median.",
  ].filter(Boolean).join(" ");
}
