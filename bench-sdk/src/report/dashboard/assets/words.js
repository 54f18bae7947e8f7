// Names, statuses and verdicts in words.

const STATUS = {
  m: "measured", b: "over budget", p: "panicked", f: "failed", d: "died", t: "timed out", s: "skipped",
};
const BROKEN = new Set(["panicked", "failed", "died", "timed out"]);
const VERDICTS = ["regressed", "improved", "equivalent", "inconclusive", "not comparable"];

/** Titles of metrics whose names do not say it. */
const TITLES = {
  time_min: "fastest batch", time_mean: "mean time", cpu: "processor time", cpu_user: "in the program",
  cpu_system: "in the kernel", cpu_utilisation: "processor use", ops_per_cpu_second: "operations a processor second",
  allocs: "allocations", alloc_bytes: "bytes allocated", frees: "frees", peak_live: "peak of live bytes",
  leaked: "left allocated", peak_rss: "peak resident memory", rss_growth: "growth of resident memory",
  context_switches_voluntary: "waits", context_switches_involuntary: "preemptions",
  faults_minor: "minor page faults", faults_major: "major page faults", ipc: "instructions a cycle",
  net_received: "network in", net_sent: "network out", throughput_per_thread: "iterations a thread",
};

/** The name of a metric for people. */
function metricTitle(name) {
  if (Object.hasOwn(TITLES, name)) return TITLES[name];
  const quantile = /^time_p([\d.]+)$/.exec(name);
  if (quantile) return `latency, ${quantile[1]}th percentile`;
  return visible(name.replace(/_per_op$/, " for one item").replaceAll("_", " "));
}

/** A code such as `at_floor` in words. */
function codeWords(code) {
  return visible(code.replaceAll("_", " "));
}

// What a browser would obey, hide or reorder by, as the terminal's output escapes it too.
const UNSAFE = new RegExp(
  "[\\u0000-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u200b\\u200e\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb\\u{e0000}-\\u{e007f}]", "gu");
const SHORT_ESCAPES = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };
// More marks than that on one character would cover other lines.
const PILED_MARKS = /(\p{M}{4})\p{M}+/gu;

/** Text of others, with what cannot be seen spelled out. */
function visible(text) {
  const spell = (c) => SHORT_ESCAPES[c] ?? `\\u{${c.codePointAt(0).toString(16)}}`;
  return String(text).replace(UNSAFE, spell).replace(PILED_MARKS, "$1\ufffd");
}

/** The same, line by line: for messages and what a benchmark printed. */
function visibleLines(text) {
  return String(text).replace(/\u001b\[[\d;]*m/g, "").split(/\r?\n/).map((line) => visible(line.replaceAll("\t", "    "))).join("\n");
}

/** The beginning of a text that is longer than so many characters. */
function cut(text, most) {
  if (text.length <= most) return text;
  return `${Array.from(text.slice(0, most * 2)).slice(0, most - 1).join("")}…`;
}

/** `1 case`, `3 cases`. */
function plural(count, noun) {
  return `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : noun.endsWith("ch") ? "es" : "s"}`;
}

/** `2026-01-01 12:00`, from a time in UTC. */
function moment(text) {
  return visible(text).replace("T", " ").replace(/:\d\dZ$/, "");
}

/** `2026-01-01 12:00:00`. */
function secondOf(text) {
  return visible(text).replace("T", " ").replace(/Z$/, "");
}

/** When each of two runs was: to the second where they share the minute, with the ends of their ids where they share that too. */
function momentsApart(...runs) {
  const ways = [(run) => moment(run.started_at), (run) => secondOf(run.started_at), (run) => `${secondOf(run.started_at)} ${visible(run.id).slice(-4)}`];
  const shown = ways.map((way) => runs.map(way));
  return shown.find(([a, b]) => a !== b) ?? shown.at(-1);
}
