"use strict";
// Figures for people, digit for digit as the terminal shows them.

const TIME = [[1, " ns"], [1e3, " µs"], [1e6, " ms"], [1e9, " s"], [3.6e12, " h"], [8.64e13, " d"]];
const prefixed = (unit) => [[1, ` ${unit}`], [1e3, ` k${unit}`], [1e6, ` M${unit}`], [1e9, ` G${unit}`], [1e12, ` T${unit}`]];
const COUNT = [[1, ""], [1e3, " k"], [1e6, " M"], [1e9, " G"], [1e12, " T"]];
const BYTES = prefixed("B");
const RATES = {
  "B/s": prefixed("B/s"), "throughput_chars": prefixed("char/s"), "throughput_cycles": prefixed("Hz"), "1/s": prefixed("/s"),
};
const JOULES = [[1e-9, " nJ"], [1e-6, " µJ"], [1e-3, " mJ"], [1, " J"], [1e3, " kJ"]];

const MAX_DECIMALS = 3;
const OVERFLOW = 9999.5;

/** The figure of a metric with its unit; `half` is half the width of its interval, or null. */
function figure(name, unit, value, half) {
  switch (unit) {
    case "ns": return scaled(value, half === null ? 3 : 4, half, TIME);
    case "B": return scaled(value, 3, counted(value, half), BYTES);
    case "B/s": return scaled(value, 3, half, RATES["B/s"]);
    case "1/s": return scaled(value, 3, half, RATES[name] ?? RATES["1/s"]);
    case "J": return scaled(value, 3, half, JOULES);
    default:
      if (name === "cpu_utilisation") return percent(value);
      return isSmall(value) ? fixed(value, 0) : scaled(value, 3, counted(value, half), COUNT);
  }
}

/** Both ends of an interval, as precise as the figure; null where nothing of it can be seen. */
function interval(name, unit, low, high) {
  const [from, to] = [low, high].map((end) => figure(name, unit, end, (high - low) / 2));
  if (from === to) return null;
  const [number, symbol] = from.split(" ");
  return symbol !== undefined && symbol === to.split(" ")[1] ? `${number} to ${to}` : `${from} to ${to}`;
}

/** The upper bound of a time too short to tell. */
function timeAtMost(ns) {
  const bound = ns < 100 ? Math.ceil(ns * 10 - 1e-6) / 10 : ns * 1.005;
  return `≤ ${scaled(bound, bound < 1 ? 1 : bound >= 10 ? 3 : 2, null, TIME)}`;
}

/** A share: `100 %`, `3.4 %`. */
function percent(ratio) {
  const value = ratio * 100;
  const size = Math.abs(value);
  if (!Number.isFinite(size)) return "?";
  if (size >= OVERFLOW) return ">9999 %";
  if (size >= 9.95 || size === 0) return `${fixed(value, 0)} %`;
  return size >= 0.05 ? `${fixed(value, 1)} %` : "<0.1 %";
}

/** Half the width of an interval, as a ratio of its figure: `± 0.4 %`. */
function plusMinus(ratio) {
  const value = Math.abs(ratio) * 100;
  if (!Number.isFinite(value)) return "?";
  if (value === 0) return "± 0 %";
  if (value < 0.005) return "± <0.01 %";
  if (value >= 999.5) return "± >999 %";
  return `± ${fixed(value, value < 0.095 ? 2 : value < 9.95 ? 1 : 0)} %`;
}

/** A change: `+ 3.1 %`, `− 6.4 %`, `× 12.4`; the ends of its interval say how many digits it has. */
function change(ratio, low, high) {
  if (ratio >= 9.995) return `× ${multiple(ratio)}`;
  const text = signed(ratio, changeDigits(ratio, low, high));
  const at = text.search(/\d/);
  return at > 0 ? `${text.slice(0, at)} ${text.slice(at)} %` : `${text} %`;
}

/** The interval of a change: `+2.7 … +3.5`. */
function changeInterval(ratio, low, high) {
  if (ratio >= 9.995) return `×${multiple(low)} … ×${multiple(high)}`;
  const digits = changeDigits(ratio, low, high);
  return `${signed(low, digits)} … ${signed(high, digits)}`;
}

function changeDigits(ratio, low, high) {
  if (low === null || high === null) return Math.abs(ratio - 1) >= 0.0995 ? 0 : 1;
  const half = (high - low) * 50;
  return half >= 9.95 ? 0 : half >= 0.095 ? 1 : 2;
}

function multiple(ratio) {
  return fixed(ratio, ratio < 99.95 ? 1 : 0);
}

function signed(ratio, decimals) {
  const value = (ratio - 1) * 100;
  if (!Number.isFinite(value)) return "?";
  const digits = fixed(Math.min(Math.abs(value), 9999), decimals);
  if (/^[0.]*$/.test(digits)) return digits;
  return value > 9999 ? `>+${digits}` : value > 0 ? `+${digits}` : `−${digits}`;
}

/** How long something took: `400 ms`, `24 s`, `3 min 5 s`. */
function duration(seconds) {
  if (!Number.isFinite(seconds)) return "?";
  if (seconds < 1) return figure("time", "ns", Math.max(0, seconds) * 1e9, null);
  if (seconds < 9.95) return `${fixed(seconds, 1)} s`;
  const whole = Math.round(seconds);
  const pair = (large, small, size, unit) => `${Math.floor(whole / size)} ${large} ${Math.floor((whole % size) / unit)} ${small}`;
  if (whole < 100) return `${whole} s`;
  if (whole < 3600) return pair("min", "s", 60, 1);
  if (whole < 172800) return pair("h", "min", 3600, 60);
  return whole < 863956800 ? pair("d", "h", 86400, 3600) : ">9999 d";
}

/** Whether it is a whole number that needs no prefix. */
function isSmall(value) {
  return Number.isInteger(value) && value >= 0 && value < 10000;
}

/** Below a thousand a whole number is shown as one. */
function counted(value, half) {
  return Number.isInteger(value) && Math.abs(value) < 1000 ? 1 : half;
}

/** Writes a figure in the largest unit that leaves at least one before the point. */
function scaled(value, digits, half, scales) {
  if (!Number.isFinite(value)) return "?";
  const sign = value < 0 ? "-" : "";
  let size = Math.abs(value);
  let at = Math.max(0, scales.findLastIndex(([factor]) => factor <= size));
  for (;;) {
    const [factor, symbol] = scales[at];
    const [rounded, decimals] = roundFigure(size / factor, digits, half === null ? null : half / factor);
    // 999.97 ns is shown as 1.000 µs, not as 1000 ns.
    if (at + 1 < scales.length && rounded * factor >= scales[at + 1][0]) {
      at += 1;
      size = scales[at][0];
      continue;
    }
    if (rounded >= OVERFLOW) return `${sign}>9999${symbol}`;
    if (rounded === 0 && size > 0) return `${sign}<0.001${symbol}`;
    return sign + rounded.toFixed(decimals) + symbol;
  }
}

/** Rounds to the digits that may be shown; also tells how many stand after the point. */
function roundFigure(value, digits, half) {
  if (value === 0) return [0, 0];
  let place = lastPlace(value, digits, half);
  const rounded = roundTo(value, place);
  // Rounding up to a power of ten adds a digit in front: one must go at the end.
  if (rounded !== 0) place = lastPlace(rounded, digits, half);
  return [roundTo(rounded, place), Math.max(0, -place)];
}

function roundTo(value, place) {
  const step = 10 ** Math.abs(place);
  return place >= 0 ? Math.round(value / step) * step : Math.round(value * step) / step;
}

/** The power of ten of the last digit that may be shown. */
function lastPlace(value, digits, half) {
  const first = leadingPlace(value);
  let place = first - digits + 1;
  // Two digits are shown even where the interval denies them: one alone reads like a guess.
  if (half > 0 && Number.isFinite(half)) place = Math.max(place, Math.min(leadingPlace(half), first - 1));
  return Math.max(place, -MAX_DECIMALS);
}

function leadingPlace(value) {
  return Math.floor(Math.log10(value) + 1e-12);
}

/** As `toFixed`, but what lies in the middle goes to the even digit, as on the terminal. */
function fixed(value, decimals) {
  const shifted = value * 10 ** decimals;
  const below = Math.floor(shifted);
  const isTie = shifted - below === 0.5 && Number.isInteger(value * 2 ** (decimals + 1));
  return isTie && below % 2 === 0 ? (below / 10 ** decimals).toFixed(decimals) : value.toFixed(decimals);
}
