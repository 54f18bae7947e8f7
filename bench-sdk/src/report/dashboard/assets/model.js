// The figures of the page.

const model = JSON.parse(document.getElementById("model").textContent);
let records = null;

/** The newest record of each case and the fits; long, so they are read when the first is asked for. */
function theRecords() {
  records ??= JSON.parse(document.getElementById("records").textContent);
  return records;
}

/** The newest record of a case as `run.json` has it: what a metric is stands in the page once. */
function recordOf(found) {
  const record = theRecords().cases[found.index];
  const metrics = Object.entries(record.metrics).map(([name, list]) => {
    const [estimate, low, high, level, samples] = list.map((value) => value ?? undefined);
    const { unit, better } = metricLines.get(name);
    return [name, { unit, better, estimate, low, high, level, samples }];
  });
  const launches = record.launches?.map((list) => launchOf(list, theRecords().shapes[found.index]?.ruler));
  return { ...record, metrics: Object.fromEntries(metrics), launches };
}

/** A launch as `run.json` has it. */
function launchOf(list, ruler) {
  const [median_ns, samples, voided, iterations, first_ns, first_faults, spent_ns, settled, anchor_ns, line] = list.map((value) => value ?? undefined);
  const samples_ns = line && ruler ? listOf(line).map((steps) => Number((ruler.middle + steps * ruler.step).toPrecision(6))) : undefined;
  return { median_ns, samples, voided, iterations, first_ns, first_faults, warmup: { spent_ns, settled }, anchor_ns, samples_ns };
}

/** A line of figures without gaps as a list. */
function listOf(text) {
  return Array.from(decode(text, text.split(",").length));
}

/** Takes a line of figures apart: nothing is NaN, `=` is the one before. */
function decode(text, length) {
  const values = new Float64Array(length).fill(NaN);
  if (!text) return values;
  let last = NaN;
  text.split(",").forEach((part, at) => {
    if (part === "" || at >= length) return;
    if (part !== "=") last = Number(part);
    values[at] = last;
  });
  return values;
}

const runCount = model.runs.length;
const metricLines = new Map(model.metrics.map((line) => [line.name, line]));
const baselineFigures = new Map(Object.entries(model.baseline?.series ?? {}).map(([name, text]) => [name, decode(text, model.cases.length)]));
const unitOf = (metric) => metricLines.get(metric)?.unit ?? "1";
const isHigherBetter = (metric) => metricLines.get(metric)?.better === "higher";

const likes = new Map();

/** For each run, whether its times can be held against those of that run: one processor, and both optimised or neither. */
function alikeTo(run) {
  if (!likes.has(run)) {
    const { header, environment } = model.runs[run];
    likes.set(run, model.runs.map((other) => other.header.optimized === header.optimized && other.environment.cpu === environment.cpu));
  }
  return likes.get(run);
}

/** What a case without a crate is under, as one from another tool may be: no crate has such a name. */
const NO_CRATE = "no crate";

/** A case over all runs; its figures are taken apart when they are first asked for. */
class Case {
  #series = new Map();
  #change;

  constructor(line, index) {
    this.line = line;
    this.index = index;
    this.id = line.id;
    this.run = line.run;
    this.key = keyOf(line.id);
    const prefix = `${line.crate}::`;
    this.title = cut(visible(line.id.startsWith(prefix) ? line.id.slice(prefix.length) : line.id), 120);
    this.crate = cut(visible(line.crate), 60) || NO_CRATE;
    this.status = STATUS[line.statuses[line.run]] ?? "skipped";
    this.notes = [...line.warnings, ...line.remarks];
    this.isAtFloor = this.notes.includes("at_floor");
    this.searched = `${visible(line.id)} ${this.status} ${this.notes.map(codeWords).join(" ")}`.toLowerCase();
  }

  /** Figures of a metric over the runs. */
  series(metric) {
    return this.#cached(metric, this.line.series[metric]);
  }

  #cached(name, text) {
    let values = this.#series.get(name);
    if (!values) this.#series.set(name, values = decode(text, runCount));
    return values;
  }

  /** Its times, those of runs that are not like its newest left out. */
  get alikeTimes() {
    const alike = alikeTo(this.run);
    return this.series("time").map((value, run) => (alike[run] ? value : NaN));
  }

  /** The figure in a run, with its ends where there are any; null where there is none. */
  at(metric, run) {
    const value = this.series(metric)[run];
    if (Number.isNaN(value)) return null;
    const [low, high] = metric === "time" ? this.#ends(run, value) : [null, null];
    return { value, low, high };
  }

  #ends(run, value) {
    const [below, above] = [0, 1].map((end) => this.#cached(`end ${end}`, this.line.ends[end])[run]);
    return Number.isNaN(below) || Number.isNaN(above) ? [null, null] : [value - below, value + above];
  }

  /** What `statuses` says of a run; null where the case is not in it. */
  statusIn(run) {
    return STATUS[this.line.statuses[run]] ?? null;
  }

  /** The newest time. */
  get time() {
    return this.at("time", this.run);
  }

  timeText() {
    const time = this.time;
    if (!time) return null;
    if (this.isAtFloor && time.high !== null) return timeAtMost(time.high);
    return figure("time", "ns", time.value, half(time));
  }

  /** Half the interval of the newest time, as a ratio. */
  get spread() {
    const time = this.time;
    if (!time || time.low === null || this.isAtFloor || time.value === 0) return null;
    return (time.high - time.low) / 2 / time.value;
  }

  /** The newest time held against the baseline, or against the run before that is like it; null without either. */
  get change() {
    if (this.#change === undefined) this.#change = this.#findChange();
    return this.#change;
  }

  #findChange() {
    const now = this.time;
    if (!now || this.isAtFloor) return null;
    if (model.baseline) {
      const before = baselineFigures.get("time")?.[this.index];
      if (!(before > 0)) return null;
      return againstMedian(before, now);
    }
    const times = this.alikeTimes;
    for (let run = this.run - 1; run >= 0; run -= 1) {
      if (times[run] > 0) return compared(this.at("time", run), now);
    }
    return null;
  }

  /** A figure of the newest record that tables show. */
  shown(metric) {
    const found = this.line.figures[metric];
    if (!found) return null;
    const [value, low = null, high = null] = found;
    return { value, low, high };
  }

  get throughput() {
    const metric = ["throughput_items", "throughput_bytes", "throughput_chars", "throughput_cycles"].find((name) => this.line.figures[name]);
    return metric && !this.isAtFloor ? { metric, ...this.shown(metric) } : null;
  }
}

/** Half the width of an interval. */
function half(found) {
  return found.low === null || found.high === null ? null : (found.high - found.low) / 2;
}

function figureText(metric, found) {
  return figure(metric, unitOf(metric), found.value, half(found));
}

/** One figure over another; where both have intervals, the least and the most that these allow. */
function compared(before, now) {
  const ratio = now.value / before.value;
  if (before.low === null || now.low === null) return { ratio, low: null, high: null, isApart: true };
  const isApart = now.low > before.high || now.high < before.low;
  if (before.low <= 0) return { ratio, low: null, high: null, isApart };
  return { ratio, low: now.low / before.high, high: now.high / before.low, isApart };
}

/** A figure over that of a baseline, of which the median is known: it is apart where the interval of today does not reach it. */
function againstMedian(before, now) {
  const isApart = now.low === null || before < now.low || before > now.high;
  return { ...compared({ value: before, low: null, high: null }, now), isApart };
}

/** What an address calls a case: its id, or the beginning of a long one and a hash. */
function keyOf(id) {
  if (id.length <= 160) return id;
  let hash = 0x811c9dc5;
  for (let at = 0; at < id.length; at += 1) hash = Math.imul(hash ^ id.charCodeAt(at), 0x01000193);
  return `${Array.from(id).slice(0, 80).join("")}~${(hash >>> 0).toString(16)}`;
}

const byName = new Intl.Collator("en", { numeric: true });
const cases = model.cases.map((line, index) => new Case(line, index));
cases.sort((a, b) => byName.compare(a.id, b.id));
const casesByKey = new Map(cases.map((found) => [found.key, found]));
const casesById = new Map(cases.map((found) => [found.id, found]));

/** Whether a comparison says anything of the time of some case. */
function hasJudged({ record }) {
  return record.comparisons.some((found) => found.metric === "time" && found.verdict !== "not_comparable");
}

/** The comparison that is shown unless another is chosen: the newest that judged something. */
const mainAt = Math.max(0, model.comparisons.findIndex(hasJudged));
/** Its verdicts on times, by case. */
const mainComparison = model.comparisons[mainAt] ?? null;
const verdicts = new Map((mainComparison?.record.comparisons ?? [])
  .filter((found) => found.metric === "time").map((found) => [found.id, verdictWord(found.verdict)]));

function verdictWord(verdict) {
  return verdict === "not_comparable" ? "not comparable" : verdict;
}

/** What a change is held against. */
function changeBasis() {
  return model.baseline ? `the baseline ${visible(model.baseline.name)}` : "the run before";
}

/** Whether another tool measured it: then nothing is known of launches, of how long it took, or of the build. */
function isImported(header) {
  return (header.notes ?? []).some((note) => note.code === "imported");
}

/** How a run was measured. */
function modeOf(header) {
  if (isImported(header)) return "imported";
  return [visible(header.mode), header.optimized ? null : "not optimised", header.interrupted ? "interrupted" : null].filter(Boolean).join(", ");
}

const minutes = new Map();
for (const { header } of model.runs) minutes.set(moment(header.started_at), (minutes.get(moment(header.started_at)) ?? 0) + 1);

/** A run in a word: when it was, to the second where another began in that minute, and its commit. */
function runTitle(run) {
  const { header, environment } = model.runs[run];
  const commit = environment.git_commit ? ` · ${cut(visible(environment.git_commit), 8)}${environment.git_dirty ? " with changes" : ""}` : "";
  const mode = isImported(header) ? " · imported" : header.mode === "full" ? "" : ` · ${visible(header.mode)}`;
  const when = minutes.get(moment(header.started_at)) > 1 ? secondOf(header.started_at) : moment(header.started_at);
  return `${when}${commit}${mode}`;
}

/** The run of that id; -1 where there is none. */
function runOf(id) {
  return model.runs.findIndex((run) => run.header.id === id);
}
