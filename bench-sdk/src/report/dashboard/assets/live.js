// The run that goes on, where the page comes from a server: one line below the head.

// What is made of each kind of event; others are for those who know them.
const LIVE_KINDS = {
  begun: () => ({}),
  run_started: (now, { cases, package: owner, target }) => ({ ...now, cases, of: [owner, target].filter(Boolean).join(" / "), finished: 0, broken: 0, done: 0 }),
  case_started: (now, { id, launch, launches, done, left_s }) => ({ ...now, id, launch, launches, done, left: left_s, side: null }),
  case_finished: (now, { status, id, time_ns }) => ({ ...now, finished: (now.finished ?? 0) + 1,
    broken: (now.broken ?? 0) + (BROKEN.has(status?.replaceAll("_", " ")) ? 1 : 0), last: { id, status, time: time_ns } }),
  comparison_started: (now, { cases }) => ({ ...now, side: { closed: 0, cases }, over: null }),
  comparison_progress: (now, { id, launch, closed, cases }) => ({ ...now, id, launch, side: { closed, cases }, over: null }),
  comparison_finished: (now, { regressed, improved, compared }) => ({ ...now, over: { regressed, improved, compared } }),
  run_finished: (now, { cases, broken, interrupted, run }) => ({ ...now, over: { run, cases, broken, interrupted } }),
  load_started: (now, { name, run, plan_s }) => ({ ...now, load: { name, run, plan_s }, over: null }),
  load: (now, { tick }) => ({ ...now, load: { ...now.load, tick } }),
  load_finished: (now, { run, words }) => ({ ...now, load: { ...now.load, run, words } }),
  gone: (now) => ({ ...now, gone: true }),
};

/** What is known after an event; what is not one changes nothing. */
function afterEvent(now, text) {
  let event;
  try {
    event = JSON.parse(text);
  } catch {
    return now;
  }
  return Object.hasOwn(LIVE_KINDS, event?.kind) ? LIVE_KINDS[event.kind](now, event) : now;
}

/** The line: what is measured, how far it is, and what it leads to at the end. */
function liveParts(now) {
  const name = (id) => h("span", { class: "name" }, cut(visible(id), 80));
  if (now.load) return loadParts(now.load, now.gone);
  if (now.over) {
    const { cases, broken, interrupted, compared, regressed, improved } = now.over;
    const words = compared === undefined
      ? `The run ${interrupted ? "was interrupted" : "is through"}: ${plural(cases, "benchmark")}${broken > 0 ? `, ${broken} broke` : ""}. `
      : `The comparison is through: ${regressed} regressed, ${improved} improved of ${compared}. `;
    return [words, h("button", { type: "button", click: () => location.reload() }, "Show it")];
  }
  if (now.gone) return now.cases === undefined ? null : ["The run ended without a result."];
  if (now.side) return ["Comparing ", now.id ? name(now.id) : "", ` ${now.side.closed} of ${now.side.cases} decided`, meter(now.side.closed / now.side.cases)];
  if (now.id === undefined) return now.cases === undefined ? null : [`Measuring ${plural(now.cases, "benchmark")}${now.of ? ` of ${cut(visible(now.of), 60)}` : ""}`];
  const parts = [` launch ${now.launch} of ${now.launches}`, `${Math.floor(now.done * 100)} %`,
    now.left > 0 ? `about ${roughly(now.left)} left` : null,
    now.finished > 0 ? `${now.finished} of ${now.cases} measured${now.broken > 0 ? `, ${now.broken} broke` : ""}` : null];
  return [name(now.id), parts.filter(Boolean).join(" · "), meter(now.done)];
}

/** A load test that goes on: the last second of it. */
function loadParts({ name, tick, words, plan_s: whole }, isGone) {
  const test = h("span", { class: "name" }, cut(visible(name ?? "load test"), 80));
  if (words !== undefined) return [test, ` ${cut(visible(words), 120)} `, h("button", { type: "button", click: () => location.reload() }, "Show it")];
  if (isGone) return ["The load test ended without a result."];
  if (!tick) return [test, " begins"];
  const rate = tick.length_ns > 0 ? tick.iterations * 1e9 / tick.length_ns : 0;
  const lost = tick.requests > 0 ? tick.requests_failed / tick.requests : tick.iterations > 0 ? tick.failed / tick.iterations : 0;
  const parts = [` ${duration(Math.round(tick.at_ns / 1e9))}`, figure("", "1/s", rate, null), `in flight ${tick.in_flight}`,
    tick.p95_ns > 0 ? `P95 ${figure("time", "ns", tick.p95_ns, null)}` : null, lost > 0 ? `failed ${percent(lost)}` : null, tick.phase ? visible(tick.phase) : null];
  return [test, parts.filter(Boolean).join(" · "), meter(tick.at_ns / 1e9 / whole)];
}

/** Whole seconds: nobody knows the future better. */
function roughly(seconds) {
  return seconds < 99.5 ? `${Math.max(1, Math.round(seconds))} s` : duration(seconds);
}

function meter(done) {
  return Number.isFinite(done) ? h("progress", { max: "1", value: Math.max(0, Math.min(1, done)), "aria-label": "done" }) : null;
}

/** Follows the server's events while the page is looked at: a browser keeps few connections open. */
function listenLive() {
  const line = document.getElementById("live");
  let [now, source, isWaiting] = [{}, null, false];
  const show = () => {
    isWaiting = false;
    const parts = liveParts(now);
    line.hidden = parts === null;
    // Only that it is over is worth an interruption.
    line.setAttribute("aria-live", now.over || now.gone ? "polite" : "off");
    line.replaceChildren(...(parts ?? []).filter(Boolean));
  };
  const take = (text) => {
    now = afterEvent(now, text);
    // A run that is joined late tells thousands at once.
    if (!isWaiting) setTimeout(show, 50);
    isWaiting = true;
  };
  const follow = () => {
    source?.close();
    source = null;
    if (document.hidden) return;
    source = new EventSource("/events");
    source.addEventListener("message", (event) => take(event.data));
  };
  document.addEventListener("visibilitychange", follow);
  follow();
}
