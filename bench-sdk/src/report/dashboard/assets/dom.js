// Elements. Text becomes text nodes and nothing is ever parsed as markup, so names are inert.

const SVG = "http://www.w3.org/2000/svg";

function make(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") node.addEventListener(name, value);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** An HTML element; functions among the attributes listen for the event of that name. */
function h(tag, attributes, ...children) {
  return make(document.createElement(tag), attributes, children);
}

/** An SVG element. */
function g(tag, attributes, ...children) {
  return make(document.createElementNS(SVG, tag), attributes, children);
}

/** A path that breaks into lines between its parts. */
function pathText(text) {
  return text.split(/(?<=::)/).flatMap((part, at) => (at === 0 ? [part] : [h("wbr"), part]));
}

/** A text in which what stands between backticks is code. */
function coded(text) {
  return text.split(/`([^`\n]+)`/).map((part, at) => (at % 2 === 0 ? part : h("code", {}, part)));
}

/** A table with a caption for those who cannot see where it stands. */
function table(caption, head, rows, className) {
  const cell = (column) => h("th", { scope: "col", class: column.figure ? "figure" : null }, column.title ?? column);
  return h("div", { class: "scroll" },
    h("table", { class: className ?? null },
      h("caption", { class: "unseen" }, caption),
      h("thead", {}, h("tr", {}, head.map(cell))),
      h("tbody", {}, rows)));
}

/** A row of a table; those of the columns that are figures stand to the right. */
function row(...cells) {
  return h("tr", {}, cells.map((cell, at) => {
    const { text = cell, figure = false, className = null } = cell?.constructor === Object ? cell : {};
    return h(at === 0 ? "th" : "td", { scope: at === 0 ? "row" : null, class: figure ? "figure" : className }, text);
  }));
}

/** A figure in a row. */
function right(text) {
  return { text, figure: true };
}

/** A wide drawing, which in a narrow window is scrolled and not made small. */
function pan(svg) {
  return h("div", { class: "pan" }, svg);
}

/** When a run was, and the id that commands take it by. */
function started({ id, started_at: at }) {
  return [h("span", { class: "nowrap" }, moment(at)), h("span", { class: "id" }, visible(id))];
}

/** A section with its heading. */
function section(title, ...children) {
  return h("section", {}, h("h2", {}, title), children);
}

/** What something is, beside what it is called; entries without a value are left out. */
function facts(entries) {
  const shown = entries.filter(([, value]) => value !== null && value !== undefined && value !== "");
  return h("dl", { class: "facts" }, shown.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))));
}

/** A verdict or a status: its word, with a mark and a colour that say the same. */
function badge(word) {
  const marks = {
    "regressed": "▲", "improved": "▼", "equivalent": "=", "inconclusive": "?", "not comparable": "–",
    "over budget": "!", "panicked": "×", "failed": "×", "died": "×", "timed out": "×", "skipped": "–",
  };
  const kind = word === "regressed" || word === "over budget" || BROKEN.has(word) ? "bad"
    : word === "improved" ? "good" : word === "inconclusive" ? "caution" : "dim";
  const mark = marks[word];
  return h("span", { class: `badge ${kind}` }, mark ? h("span", { "aria-hidden": "true" }, `${mark} `) : null, word);
}

/** A choice among values; each option is a value and its text. */
function choice(label, value, options, changed) {
  const select = h("select", { change: () => changed(select.value) },
    options.map(([key, text]) => h("option", { value: key, selected: key === value }, text)));
  return h("label", { class: "field" }, h("span", {}, label), select);
}

/** A box to tick. */
function tick(label, checked, changed) {
  const box = h("input", { type: "checkbox", checked, change: () => changed(box.checked) });
  return h("label", { class: "tick" }, box, " ", label);
}

/** Offers text as a file. */
function download(name, text) {
  const address = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const link = h("a", { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  // The browser reads it after this turn.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** Remarks in words, warnings first. */
function noteList(notes) {
  const isWarning = (note) => note.severity === "warning";
  const sorted = [...notes.filter(isWarning), ...notes.filter((note) => !isWarning(note))];
  return h("ul", { class: "notes" }, sorted.map((note) => h("li", { class: isWarning(note) ? "warning" : null },
    h("span", { class: "code" }, codeWords(note.code)), " ", coded(cut(visible(note.text), 600)))));
}
