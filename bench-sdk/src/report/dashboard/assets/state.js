// What is shown, as the address tells it: it can be kept, sent, and gone back to.

const VIEWS = ["overview", "benchmarks", "case", "compare", "runs", "loads"];
// Where there are load tests and nothing else, they come first.
const HOME = runCount === 0 && model.load_tests > 0 ? "loads" : "overview";
const DEFAULTS = {
  q: "", crate: "", status: "", verdict: "", notes: "", sort: "name", down: "", page: "1",
  id: "", metric: "time", zero: "", all: "", a: "", b: "", least: "1", overlap: "", same: "", comparison: String(mainAt),
};

let state = readState();

/** The state that the address tells; what it does not know of is dropped. */
function readState() {
  const [path, query = ""] = location.hash.replace(/^#\/?/, "").split("?");
  const read = { view: VIEWS.includes(path) ? path : HOME, ...DEFAULTS };
  for (const [name, value] of new URLSearchParams(query)) {
    if (Object.hasOwn(DEFAULTS, name)) read[name] = value;
  }
  return read;
}

/** The address of a state: what is as usual is not in it. */
function addressOf(shown) {
  const told = Object.keys(DEFAULTS).filter((name) => (shown[name] ?? DEFAULTS[name]) !== DEFAULTS[name]);
  const query = new URLSearchParams(told.map((name) => [name, shown[name]])).toString();
  return `#${shown.view}${query ? `?${query}` : ""}`;
}

/** The address of another view, with nothing of this one. */
function link(view, shown) {
  return addressOf({ view, ...shown });
}

/** Changes the state without leaving the view. While someone types, the address is replaced, so that going back skips the letters between. */
function tell(changes, isTyping) {
  state = { ...state, ...changes };
  const address = addressOf(state);
  try {
    history[isTyping ? "replaceState" : "pushState"](null, "", address);
  } catch {
    location.hash = address;
  }
}
