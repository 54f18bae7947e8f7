// From the address to a view.

const PAGES = { overview, benchmarks, case: casePage, compare: comparePage, runs: runsPage, loads: loadsPage };
const main = document.getElementById("main");
const root = document.documentElement;

/** Draws the view that the address names. */
function draw(isFirst) {
  const before = isFirst ? null : state.view + state.id;
  state = readState();
  main.replaceChildren(...[runCount === 0 && state.view !== "loads" ? noRuns() : PAGES[state.view]()].flat(Infinity).filter(Boolean));
  for (const entry of document.querySelectorAll("nav a")) {
    const isHere = entry.dataset.view === (state.view === "case" ? "benchmarks" : state.view);
    if (isHere) entry.setAttribute("aria-current", "page");
    else entry.removeAttribute("aria-current");
  }
  const title = main.querySelector("h1");
  document.title = `${title?.textContent.trim() ?? "Benchmarks"} · hub-bench`;
  if (!isFirst && before !== state.view + state.id) {
    // Who reads by ear hears where they are now.
    title?.setAttribute("tabindex", "-1");
    title?.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }
}

/** What a server shows before the first run. */
function noRuns() {
  return [h("h1", {}, "No run yet"), h("p", { class: "lead" }, coded("Measure something: `cargo hub-bench run`. This page tells when it is through.")), leftOutSection()];
}

/** Light or dark: as the system has it, until the button is pressed. */
function setUpTheme() {
  const button = document.getElementById("theme");
  const system = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : system.matches);
  const name = () => { button.textContent = isDark() ? "Light" : "Dark"; };
  try {
    const kept = localStorage.getItem("hub-bench-theme");
    if (kept === "dark" || kept === "light") root.dataset.theme = kept;
  } catch {
    // A browser that keeps nothing for files asks the system each time.
  }
  button.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    name();
    try {
      localStorage.setItem("hub-bench-theme", root.dataset.theme);
    } catch {
      // Then it lasts until the page is closed.
    }
  });
  system.addEventListener("change", name);
  name();
}

document.getElementById("skip").addEventListener("click", () => main.focus());
document.getElementById("foot").textContent = `Made by hub-bench ${model.version}. Times in UTC.`;
window.addEventListener("hashchange", () => draw(false));
if (!(model.load_tests > 0)) document.querySelector("nav a[data-view=loads]").remove();
setUpTheme();
if (root.dataset.live !== undefined) listenLive();
draw(true);
// Milliseconds since the page was asked for.
root.dataset.ready = String(Math.round(performance.now()));
