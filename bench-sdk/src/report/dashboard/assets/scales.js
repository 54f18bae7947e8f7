// From figures to places in a drawing, and the smallest of all charts.

/** A scale over values, straight or logarithmic; `flip` has the larger ones at the top. */
function scale(low, high, from, to, isLogarithmic) {
  const at = isLogarithmic ? Math.log : (value) => value;
  const span = at(high) - at(low) || 1;
  return (value) => from + ((at(value) - at(low)) / span) * (to - from);
}

/** Round numbers that divide a range into about so many parts. */
function ticks(low, high, parts) {
  const rough = (high - low) / parts;
  if (!(rough > 0)) return [low];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((wide) => wide >= rough * 0.99) ?? 10 * power;
  const found = [];
  for (let at = Math.ceil(low / step - 1e-9); at * step <= high * (1 + 1e-12); at += 1) found.push(at * step);
  return found;
}

/** Powers of ten in a range, or of two where that gives too few. */
function powers(low, high) {
  for (const base of [10, 2]) {
    const found = [];
    for (let at = Math.ceil(Math.log(low) / Math.log(base) - 1e-9); base ** at <= high * (1 + 1e-9); at += 1) found.push(base ** at);
    if (found.length >= 3 || base === 2) return found.length > 7 ? found.filter((_, at) => at % Math.ceil(found.length / 7) === 0) : found;
  }
  return [];
}

/** The range of values, widened to at least a share of their size: what hardly moves is not blown up. */
function range(values, leastShare) {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low > high) return null;
  const missing = (Math.abs(low + high) / 2) * leastShare - (high - low);
  if (missing > 0) {
    low -= missing / 2;
    high += missing / 2;
  }
  return low === high ? [low - 1, high + 1] : [low, high];
}

/** A number for a path: tenths are as fine as anyone sees. */
function place(value) {
  return Math.round(value * 10) / 10;
}

/** The path through points; a gap in them is one in the line. */
function linePath(points) {
  let isDown = false;
  return points.map((point) => {
    if (!point) {
      isDown = false;
      return "";
    }
    const letter = isDown ? "L" : "M";
    isDown = true;
    return `${letter}${place(point[0])} ${place(point[1])}`;
  }).join("");
}

const SPARK = { width: 120, height: 28, edge: 3 };

/** A line without axes; what it shows stands beside it in words, so it is hidden from screen readers. */
function sparkline(values) {
  const { width, height, edge } = SPARK;
  const svg = g("svg", { class: "spark", viewBox: `0 0 ${width} ${height}`, width, height, "aria-hidden": "true", focusable: "false" });
  const found = Array.from(values).map((value, run) => [run, value]).filter(([, value]) => Number.isFinite(value));
  const ends = range(found.map(([, value]) => value), 0.05);
  if (!ends) return svg;
  const x = scale(0, Math.max(1, found.length - 1), edge, width - edge, false);
  const y = scale(ends[0], ends[1], height - edge, edge, false);
  const points = found.map(([, value], at) => [found.length === 1 ? width / 2 : x(at), y(value)]);
  const last = points.at(-1);
  svg.append(g("path", { d: linePath(points) }), g("circle", { cx: place(last[0]), cy: place(last[1]), r: 2.2 }));
  return svg;
}
