// Charts of one record: launches, fits, changes.

const FOREST = { width: 220, height: 20 };

/** A change with its interval beside the line of no change; `most` is the reach of the axis, as a logarithm. */
function forest(ratio, low, high, most, kind) {
  const { width, height } = FOREST;
  const x = scale(-most, most, 6, width - 6, false);
  const at = (value) => place(x(Math.max(-most, Math.min(most, Math.log(value)))));
  const [middle, zero] = [height / 2, place(x(0))];
  const svg = g("svg", { class: `forest ${kind}`, viewBox: `0 0 ${width} ${height}`, width, height, "aria-hidden": "true", focusable: "false" },
    g("line", { class: "zero", x1: zero, x2: zero, y1: 0, y2: height }));
  if (low > 0 && high > 0) svg.append(g("line", { class: "reach", x1: at(low), x2: at(high), y1: middle, y2: middle }));
  svg.append(g("circle", { cx: at(ratio), cy: middle, r: 3.6 }));
  return svg;
}

/** How far an axis has to reach for these ratios: the furthest, but for the few that would dwarf the rest. */
function reachOf(ratios) {
  const sizes = ratios.filter((ratio) => ratio > 0).map((ratio) => Math.abs(Math.log(ratio))).sort((a, b) => a - b);
  if (sizes.length === 0) return 0.05;
  return Math.max(0.02, sizes[Math.min(sizes.length - 1, Math.floor(sizes.length * 0.95))] * 1.1);
}

/** The axes of a small chart, and where things are on it. */
function canvas(label, xs, ys, options) {
  const box = { width: 460, height: 260, left: 78, right: 16, top: 14, bottom: 40 };
  const { isLogarithmic = false, xText = (v) => figure("", "1", v, null), yText, xTitle, xTicks = null } = options;
  const air = isLogarithmic ? [0.88, 1.14] : null;
  const spread = ([low, high]) => (air ? [low * air[0], high * air[1]] : [low - (high - low) * 0.05, high + (high - low) * 0.05]);
  const [xEnds, yEnds] = [spread(xs), spread(ys)];
  const x = scale(xEnds[0], xEnds[1], box.left, box.width - box.right, isLogarithmic);
  const y = scale(yEnds[0], yEnds[1], box.height - box.bottom, box.top, isLogarithmic);
  const marks = (ends, parts) => (isLogarithmic ? powers(ends[0], ends[1]) : ticks(ends[0], ends[1], parts));
  const yMarks = marks(yEnds, 4);
  const step = isLogarithmic || yMarks.length < 2 ? null : yMarks[1] - yMarks[0];
  const svg = g("svg", { class: "chart small", viewBox: `0 0 ${box.width} ${box.height}`, role: "img", "aria-label": label },
    g("g", { class: "grid" },
      yMarks.map((value) => [
        g("line", { x1: box.left, x2: box.width - box.right, y1: place(y(value)), y2: place(y(value)) }),
        g("text", { x: box.left - 8, y: place(y(value)) + 4, "text-anchor": "end" }, yText(value, step))]),
      (xTicks ?? marks(xEnds, 5)).map((value) => g("text", { x: place(x(value)), y: box.height - box.bottom + 18, "text-anchor": "middle" }, xText(value))),
      g("text", { x: (box.left + box.width - box.right) / 2, y: box.height - 6, "text-anchor": "middle" }, xTitle)));
  return { svg, x, y };
}

/** The median of each launch, in their order, with the time and its interval. */
function launchChart(record) {
  const launches = record.launches ?? [];
  const time = record.metrics.time;
  if (launches.length < 2 || !time) return null;
  const medians = launches.map((launch) => launch.median_ns);
  const ends = range([...medians, time.low ?? time.estimate, time.high ?? time.estimate], 0.02);
  const spread = time.low === undefined ? null : interval("time", "ns", time.low, time.high);
  const label = `Medians of ${launches.length} launches, from ${figure("time", "ns", Math.min(...medians), null)} to ${figure("time", "ns", Math.max(...medians), null)}`;
  const whole = ticks(1, launches.length, 6).filter(Number.isInteger);
  const { svg, x, y } = canvas(label, [1, launches.length], ends, {
    yText: (value, step) => figure("time", "ns", value, step), xTitle: "launch", xTicks: whole, xText: (value) => String(value) });
  const [left, edge] = [x(1) - 10, x(launches.length) + 10].map(place);
  if (time.low !== undefined) {
    svg.append(g("rect", { class: "band", x: left, width: edge - left, y: place(y(time.high)), height: Math.max(1, place(y(time.low) - y(time.high))) }));
  }
  svg.append(g("line", { class: "line", x1: left, x2: edge, y1: place(y(time.estimate)), y2: place(y(time.estimate)) }),
    ...medians.map((median, at) => g("circle", { class: "dot", cx: place(x(at + 1)), cy: place(y(median)), r: 3.6 })));
  return h("figure", {}, svg, h("figcaption", {}, `Dots: the median of each launch, a fresh process. Line: the time.${spread ? " Band: its interval." : ""}`));
}

const GROWTH = {
  "1": () => 1, "log n": (n) => Math.log2(Math.max(1, n)), "sqrt n": Math.sqrt, "n": (n) => n,
  "n log n": (n) => n * Math.log2(Math.max(1, n)), "n^2": (n) => n * n, "n^3": (n) => n ** 3,
};

/** The fitted curves of a record: the chosen law first, then others with a tenth of the weight or more. */
function curvesOf(fit) {
  if (fit.law) {
    const [lambda, sigma, kappa] = [fit.law.lambda, fit.law.sigma, fit.law.kappa].map((found) => found.estimate);
    return [{ isChosen: true, at: (n) => (lambda * n) / (1 + sigma * (n - 1) + kappa * n * (n - 1)) }];
  }
  return (fit.models ?? []).filter((law) => Object.hasOwn(GROWTH, law.growth) && (law.growth === fit.chosen || law.weight >= 0.1))
    .map((law) => ({ isChosen: law.growth === fit.chosen, at: (n) => law.constant_ns + law.factor_ns * GROWTH[law.growth](n) }))
    .sort((a, b) => Number(b.isChosen) - Number(a.isChosen));
}

/** The points of a fit and its curves. */
function fitChart(fit, marked) {
  const isThreads = fit.kind === "threads";
  const height = (n, ns) => (isThreads ? (n / ns) * 1e9 : ns);
  const points = fit.points.filter((point) => point.time_ns > 0);
  if (points.length < 2) return null;
  const xs = [points[0].n, points.at(-1).n];
  const ys = range(points.flatMap((p) => [p.time_ns, p.low_ns ?? p.time_ns, p.high_ns ?? p.time_ns].map((ns) => height(p.n, ns))).filter((v) => v > 0), 0.2);
  const isLogarithmic = !isThreads && xs[0] > 0 && ys[0] > 0 && xs[1] / xs[0] >= 8;
  const label = `${isThreads ? "Throughput over threads" : "Time over size"}, ${plural(points.length, "point")}`;
  const { svg, x, y } = canvas(label, xs, isThreads ? [0, ys[1]] : ys, {
    isLogarithmic, xTitle: isThreads ? "threads" : "n", xTicks: isThreads ? points.map((point) => point.n) : null,
    yText: (value, step) => (isThreads ? figure("", "1/s", value, step) : figure("time", "ns", value, step)) });
  for (const curve of curvesOf(fit).reverse()) {
    svg.append(g("path", { class: curve.isChosen ? "line" : "line other", d: linePath(sampled(curve.at, xs, isLogarithmic).map(([n, v]) => [x(n), y(v)])) }));
  }
  for (const point of points) {
    const [low, high] = [point.low_ns, point.high_ns].map((ns) => (ns > 0 ? height(point.n, ns) : null));
    const cx = place(x(point.n));
    if (low !== null && high !== null) svg.append(g("line", { class: "whisker", x1: cx, x2: cx, y1: place(y(low)), y2: place(y(high)) }));
    svg.append(g("circle", { class: point.case === marked ? "dot" : "dot hollow", cx, cy: place(y(height(point.n, point.time_ns))), r: 4 }));
  }
  return h("figure", {}, svg, h("figcaption", {}, "Line: the fit. Filled: this benchmark."));
}

/** Places of a curve between both ends. */
function sampled(at, [low, high], isLogarithmic) {
  const steps = 64;
  const found = [];
  for (let step = 0; step <= steps; step += 1) {
    const n = isLogarithmic ? low * (high / low) ** (step / steps) : low + ((high - low) * step) / steps;
    const value = at(n);
    if (Number.isFinite(value) && (!isLogarithmic || value > 0)) found.push([n, value]);
  }
  return found;
}
