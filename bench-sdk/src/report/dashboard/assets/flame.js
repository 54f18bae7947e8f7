// Flame graphs: who called whom, and how much of the whole that was.

const FLAME = { width: 960, row: 20, least: 0.6, deepest: 80, most: 4000 };

/** The sections of a run's flame graphs; none where it has none. */
function flameSections(run) {
  return (theRecords().flames ?? []).filter((flame) => flame.run === run).map((flame) => section(`Flame graph: ${cut(visible(flame.name), 80)}`, flameChart(flame)));
}

/** The graph. A click, or Enter, makes a frame as wide as the graph; Escape goes back to the whole. */
function flameChart({ root: whole, unit }) {
  if (!(whole.value > 0)) return h("p", { class: "soft" }, "The profile is empty.");
  const told = h("output", { class: "told", "aria-live": "polite" });
  const body = h("div", { class: "flame pan" });
  const tellFrame = ({ name, value, calls = [] }) => {
    const own = value - calls.reduce((sum, call) => sum + call.value, 0);
    told.replaceChildren(h("strong", { class: "name" }, cut(visible(name), 300)),
      ` ${percent(value / whole.value)} · ${Number(value.toPrecision(6)).toLocaleString("en")} ${visible(unit)}, of these ${percent(Math.max(0, own) / whole.value)} in itself`);
  };
  const draw = (from, hasFocus) => {
    const frames = framesOf(from);
    const height = (Math.max(...frames.map((frame) => frame.depth)) + 1) * FLAME.row;
    const svg = g("svg", { class: "chart flames", viewBox: `0 0 ${FLAME.width} ${height}`, role: "group",
      "aria-label": `Flame graph of ${plural(frames.length, "frame")}; arrow keys go along, Enter looks closer, Escape shows all` });
    for (const frame of frames) svg.append(frameBox(frame, height));
    svg.addEventListener("click", (event) => frameAt(event, frames, (frame) => draw(frame.of, true)));
    svg.addEventListener("pointerover", (event) => frameAt(event, frames, (frame) => tellFrame(frame.of)));
    svg.addEventListener("focusin", (event) => frameAt(event, frames, (frame) => tellFrame(frame.of)));
    svg.addEventListener("keydown", (event) => {
      if (event.key === "Escape") draw(whole, true);
      frameAt(event, frames, (frame) => {
        if (event.key === "Enter") draw(frame.of, true);
        const next = neighbour(frame, frames, event.key);
        if (!next) return;
        event.preventDefault();
        for (const [index, child] of Array.from(svg.children).entries()) child.setAttribute("tabindex", frames[index] === next ? "0" : "-1");
        svg.children[frames.indexOf(next)].focus();
      });
    });
    body.replaceChildren(svg);
    tellFrame(from);
    if (hasFocus) svg.firstChild.focus({ preventScroll: true });
  };
  draw(whole, false);
  return h("figure", {}, body, told, flameTable(whole));
}

/** The frames that are wide enough to be seen, with their places; callers stand before what they call. */
function framesOf(root) {
  const frames = [];
  const waiting = [{ of: root, depth: 0, x: 0, width: FLAME.width, parent: null }];
  while (waiting.length > 0 && frames.length < FLAME.most) {
    const frame = waiting.shift();
    frames.push(frame);
    if (frame.depth >= FLAME.deepest) continue;
    let x = frame.x;
    for (const call of frame.of.calls ?? []) {
      const width = (call.value / root.value) * FLAME.width;
      if (width >= FLAME.least) waiting.push({ of: call, depth: frame.depth + 1, x, width, parent: frame });
      x += width;
    }
  }
  return frames;
}

/** One frame: a bar with as much of its name as it has room for. */
function frameBox({ of: { name, value }, depth, x, width }, height) {
  const y = height - (depth + 1) * FLAME.row;
  const letters = Math.floor((width - 6) / 6.6);
  const shown = visible(name);
  return g("g", { class: "frame", role: "button", tabindex: depth === 0 ? "0" : "-1", "aria-label": `${cut(shown, 120)}, ${Number(value.toPrecision(4))}` },
    g("rect", { x: place(x), y, width: Math.max(0.5, place(width - 0.6)), height: FLAME.row - 1.5, rx: 2, "fill-opacity": place(0.14 + 0.1 * (hueOf(shown) % 4)) }),
    letters >= 3 ? g("text", { x: place(x) + 4, y: y + 13.5 }, cut(shown, letters)) : null);
}

/** A number that goes with the name, so that a function looks the same wherever it stands. */
function hueOf(text) {
  let sum = 0;
  for (let at = 0; at < Math.min(64, text.length); at += 1) sum = (sum * 31 + text.charCodeAt(at)) % 997;
  return sum;
}

function frameAt(event, frames, found) {
  const box = event.target.closest?.(".frame");
  if (box) found(frames[Array.from(box.parentNode.children).indexOf(box)]);
}

/** The frame that an arrow key leads to: up to what is called, down to the caller, along among siblings. */
function neighbour(frame, frames, key) {
  const siblings = frames.filter((other) => other.depth === frame.depth);
  const at = siblings.indexOf(frame);
  const steps = {
    ArrowUp: () => frames.find((other) => other.parent === frame), ArrowDown: () => frame.parent,
    ArrowLeft: () => siblings[at - 1], ArrowRight: () => siblings[at + 1],
  };
  return Object.hasOwn(steps, key) ? steps[key]() : undefined;
}

/** Functions by what was spent in themselves; made when it is opened. */
function flameTable(whole) {
  const details = h("details", {}, h("summary", {}, "Functions as a table"));
  details.addEventListener("toggle", () => {
    if (!details.open || details.childElementCount > 1) return;
    const own = new Map();
    const waiting = [whole];
    while (waiting.length > 0) {
      const { name, value, calls = [] } = waiting.pop();
      own.set(name, (own.get(name) ?? 0) + value - calls.reduce((sum, call) => sum + call.value, 0));
      waiting.push(...calls);
    }
    const rows = [...own].filter(([, value]) => value > 0).sort((a, b) => b[1] - a[1]).slice(0, 100);
    details.append(table("Functions by what was spent in themselves", ["Function", { title: "In itself", figure: true }],
      rows.map(([name, value]) => row(h("span", { class: "name" }, cut(visible(name), 300)), right(percent(value / whole.value))))));
  });
  return details;
}
