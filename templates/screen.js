// What runs in the page. It adds to a page that is whole without it, loads nothing and keeps nothing.
"use strict";

const make = (name, properties, ...children) => {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
};
const tools = document.getElementById("tools")?.content;
const words = tools?.querySelector("[data-words]").dataset ?? {};
const said = make("p", { className: "aloud", role: "status" });
document.querySelector("main").append(said);

// Tables: the heads of columns become buttons that sort by them; the third time the rows stand as they were given.

const NUMBER = /[−-]?\d[\d,]*(\.\d+)?/;

function sortable(table) {
  const heads = [...table.tHead.rows[0].cells];
  const body = table.tBodies[0];
  const given = [...body.rows];
  if (given.length < 3 || given.some((row) => row.cells.length !== heads.length)) return;
  const periods = given.every((row) => row.cells[0].querySelector(".k"));
  heads.forEach((head, column) => {
    const values = given.map((row) => row.cells[column]);
    if (!head.textContent.trim() || (column === 0 && periods)) return;
    if (values.some((cell) => cell.matches(".when") || cell.querySelector("svg"))) return;
    const button = make("button", { type: "button", className: "sort" }, ...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const [first, second] = column ? ["descending", "ascending"] : ["ascending", "descending"];
      const order = { [first]: second, [second]: "" }[head.getAttribute("aria-sort")] ?? first;
      for (const other of heads) other.removeAttribute("aria-sort");
      if (order) head.setAttribute("aria-sort", order);
      table.classList.toggle("sorted", order !== "");
      body.append(...(order ? sorted(given, column, order === "ascending" ? 1 : -1) : given));
    });
  });
}

// Rows by a column: by number, those without one last; the first column by name.
function sorted(rows, column, sign) {
  const collator = new Intl.Collator(document.documentElement.lang, { numeric: true });
  const text = (row) => row.cells[column].textContent.trim();
  const number = (row) => {
    const found = NUMBER.exec(text(row));
    return found ? Number(found[0].replace(/,/g, "").replace("−", "-")) : NaN;
  };
  const compare = (a, b) => {
    if (column === 0) return sign * collator.compare(text(a), text(b));
    const [left, right] = [number(a), number(b)];
    if (isNaN(left) || isNaN(right)) return isNaN(left) - isNaN(right);
    return sign * (left - right);
  };
  return [...rows].sort(compare);
}

// Charts: the mark nearest to the pointer says what it is; with the keyboard, arrows walk from mark to mark.
// A mark is [series, step, value and status in words, value, its box in the wide picture and in the narrow one].

const [SERIES, STEP, PRINTED, STATUS, , WIDE, NARROW] = [0, 1, 2, 3, 4, 5, 6];

function pointed(picture, data, at) {
  const svg = picture.querySelector("svg");
  const marks = data.marks.filter((mark) => mark[at].length);
  if (!marks.length) return;
  const ring = make("span", { className: "ring", hidden: true });
  const tip = make("p", { className: "tip", hidden: true });
  for (const element of [ring, tip]) element.setAttribute("aria-hidden", "true");
  picture.append(ring, tip);
  let current = null;

  const scale = () => svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
  const hide = () => {
    ring.hidden = tip.hidden = true;
    said.textContent = "";
  };
  const show = (mark, aloud) => {
    current = mark;
    const value = mark[PRINTED] + (mark[STATUS] && (words.status ?? " {status}").replace("{status}", mark[STATUS]));
    tip.replaceChildren(`${data.names[mark[SERIES]]} · ${data.times[mark[STEP]]}`, make("strong", {}, value));
    ring.hidden = tip.hidden = false;
    place(ring, tip, mark[at].map((number) => number * scale()), picture.clientWidth);
    if (aloud) said.textContent = `${data.names[mark[SERIES]]}, ${data.times[mark[STEP]]}: ${value}`;
  };
  const nearest = (event) => {
    const frame = svg.getBoundingClientRect();
    const [x, y] = [(event.clientX - frame.left) / scale(), (event.clientY - frame.top) / scale()];
    return marks.reduce((best, mark) => (away(mark[at], x, y) < away(best[at], x, y) ? mark : best));
  };
  svg.addEventListener("pointermove", (event) => show(nearest(event)));
  svg.addEventListener("pointerdown", (event) => show(nearest(event)));
  picture.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && hide());
  document.addEventListener("pointerdown", (event) => picture.contains(event.target) || hide());
  addEventListener("resize", hide);

  picture.tabIndex = 0;
  picture.setAttribute("role", "group");
  const figure = picture.closest("figure").id;
  picture.setAttribute("aria-labelledby", `${figure}-label ${figure}-title`);
  picture.setAttribute("aria-description", words.keys ?? "");
  picture.addEventListener("focus", () => picture.matches(":focus-visible") && show(current ?? marks[0], true));
  picture.addEventListener("blur", hide);
  picture.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") return hide();
    const next = beside(marks, current ?? marks[0], event.key);
    if (!next) return;
    event.preventDefault();
    show(next, true);
  });
}

// How far a place is from a box.
function away([left, top, width = 0, height = 0], x, y) {
  return Math.hypot(Math.max(left - x, 0, x - left - width), Math.max(top - y, 0, y - top - height));
}

// The mark that a key leads to: left and right within a series, up and down to the next series at the same time.
function beside(marks, mark, key) {
  const own = marks.filter((other) => other[SERIES] === mark[SERIES]);
  const row = own.length > 1 ? own : marks;
  const along = { ArrowLeft: -1, ArrowRight: 1 }[key];
  if (along) return row[row.indexOf(mark) + along] ?? mark;
  if (key === "Home") return row[0];
  if (key === "End") return row[row.length - 1];
  const across = { ArrowUp: -1, ArrowDown: 1 }[key];
  if (!across) return null;
  const series = [...new Set(marks.map((other) => other[SERIES]))];
  const next = series[series.indexOf(mark[SERIES]) + across] ?? mark[SERIES];
  const apart = (other) => Math.abs(other[STEP] - mark[STEP]);
  return marks.filter((other) => other[SERIES] === next).reduce((a, b) => (apart(b) < apart(a) ? b : a));
}

function place(ring, tip, [x, y, width = 0, height = 0], room) {
  Object.assign(ring.style, { left: `${x}px`, top: `${y}px`, width: `${width}px`, height: `${height}px` });
  ring.classList.toggle("dot", !width && !height);
  const left = Math.min(Math.max(x + width / 2 - tip.offsetWidth / 2, 0), room - tip.offsetWidth);
  const above = y - tip.offsetHeight - 10;
  tip.style.left = `${Math.max(left, 0)}px`;
  tip.style.top = `${above < -40 ? y + height + 10 : above}px`;
}

// Each chart as a file of its own: drawn (SVG, PNG), with title, subtitle and source; and its data (CSV).

function lifted(figure, data) {
  const menu = tools.querySelector(".tools").cloneNode(true);
  const label = make("span", { className: "aloud" }, ` ${saidIn(figure, ".label")}`);
  menu.querySelector("summary").append(label);
  const files = {
    svg: () => new Blob([drawn(figure)], { type: "image/svg+xml" }),
    png: () => pixels(drawn(figure)),
    csv: () => new Blob(["\ufeff", table(figure, data)], { type: "text/csv" }),
  };
  const copies = {
    svg: () => navigator.clipboard.writeText(drawn(figure)),
    png: () => navigator.clipboard.write([new ClipboardItem({ "image/png": pixels(drawn(figure)) })]),
    csv: () => navigator.clipboard.writeText(table(figure, data)),
  };
  menu.addEventListener("click", async (event) => {
    const { act, as } = event.target.closest("button")?.dataset ?? {};
    if (act === "save") save(await files[as](), `${figure.id}.${as}`);
    if (act !== "copy") return;
    const done = await Promise.resolve().then(copies[as]).then(() => true, () => false);
    menu.querySelector(".done").textContent = done ? words.copied : words.refused;
  });
  figure.append(menu);
}

function save(file, name) {
  const link = make("a", { href: URL.createObjectURL(file), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

const saidIn = (figure, part) => figure.querySelector(part)?.textContent.replace(/\s+/g, " ").trim() ?? "";

const INK = "#222222", QUIET = "#555F66", MARGIN = 12;
const HEAD = [[".title", 16, "bold", INK], [".subtitle", 12.7, "normal", QUIET]];
const FOOT = [[".under", 10.7, "normal", QUIET]];

function drawn(figure) {
  const svg = figure.querySelector(".wide svg").cloneNode(true);
  const { width, height } = svg.viewBox.baseVal;
  const font = svg.querySelector("[font-family]")?.getAttribute("font-family") ?? "sans-serif";
  svg.querySelector(":scope > rect")?.remove(); // the ground
  const picture = svgElement("g", {});
  picture.append(...[...svg.children].filter((child) => !["title", "desc"].includes(child.localName)));
  const above = lines(figure, HEAD, width, font);
  const below = lines(figure, FOOT, width, font);
  picture.setAttribute("transform", `translate(0,${above.height + 10})`);
  below.group.setAttribute("transform", `translate(0,${above.height + height + 16})`);
  const size = { width: width + 2 * MARGIN, height: above.height + height + below.height + 16 + 2 * MARGIN };
  set(svg, { ...size, viewBox: `${-MARGIN} ${-MARGIN} ${size.width} ${size.height}` });
  const ground = svgElement("rect", { x: -MARGIN, y: -MARGIN, ...size, fill: "#FFFFFF" });
  svg.append(ground, above.group, picture, below.group);
  return new XMLSerializer().serializeToString(svg);
}

function svgElement(name, attributes) {
  return set(document.createElementNS("http://www.w3.org/2000/svg", name), attributes);
}

function set(element, attributes) {
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

// Parts of a caption as lines of text, one below the other.
function lines(figure, parts, width, font) {
  const pen = document.createElement("canvas").getContext("2d");
  const group = svgElement("g", {});
  let height = 0;
  for (const [part, size, weight, fill] of parts) {
    pen.font = `${weight} ${size}px ${font}`;
    for (const line of wrapped(saidIn(figure, part), (line) => pen.measureText(line).width <= width - 4)) {
      height += size * 1.25;
      const type = { "font-family": font, "font-size": `${size}px`, "font-weight": weight };
      const element = svgElement("text", { x: 0, y: height - size * 0.25, fill, ...type });
      element.textContent = line;
      group.append(element);
    }
  }
  return { group, height };
}

// Latin text parts at spaces, Han anywhere but behind an opening and before a closing mark.
const PIECES = /[（《“]*(?:[\u2e80-\uffef]|[^\s\u2e80-\uffef]+)[，。；：、！？）》”％]*\s*|\s+/g;

function wrapped(text, fits) {
  const found = [];
  for (const piece of text.match(PIECES) ?? []) {
    const last = found.length - 1;
    if (last >= 0 && fits((found[last] + piece).trimEnd())) found[last] += piece;
    else found.push(piece);
  }
  return found.map((line) => line.trimEnd());
}

async function pixels(svg) {
  const image = new Image();
  image.src = `data:image/svg+xml,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = make("canvas", { width: image.naturalWidth * 2, height: image.naturalHeight * 2 });
  const pen = canvas.getContext("2d");
  pen.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((give) => canvas.toBlob(give, "image/png"));
}

// As in data.csv: values unrounded, in their own unit; what a spreadsheet would take for a formula is guarded.
function table(figure, { names, units, periods, marks }) {
  const source = saidIn(figure, ".under");
  const rows = marks.map(([series, step, printed, status, value]) =>
    [names[series], periods[step], value, units[series], printed, status, source]);
  const cell = (value) => {
    const guarded = typeof value === "string" && /^[=+\-@\t\r\n]/.test(value) ? `'${value}` : `${value}`;
    return /[",\n]/.test(guarded) ? `"${guarded.replace(/"/g, '""')}"` : guarded;
  };
  const heads = ["series", "period", "value", "unit", "printed", "status", "source"];
  return [heads, ...rows].map((row) => row.map(cell).join(",") + "\n").join("");
}

// The list of contents: beside the text it marks the section that is read; above the text it is folded.

function contents(nav) {
  const section = (link) => document.getElementById(decodeURIComponent(link.hash.slice(1)));
  const links = [...nav.querySelectorAll("a")].filter(section);
  const sections = links.map(section);
  const mark = () => {
    const passed = sections.filter((section) => section.getBoundingClientRect().top < innerHeight * 0.3);
    links.forEach((link, n) => {
      if (passed.length && sections[n] === passed.at(-1)) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    });
  };
  const observer = new IntersectionObserver(mark, { rootMargin: "0px 0px -70% 0px" });
  sections.forEach((section) => observer.observe(section));
  const beside = matchMedia("(min-width: 72rem)");
  const fold = () => (nav.querySelector("details").open = beside.matches);
  beside.addEventListener("change", fold);
  fold();
}

// Notes of numbers: Escape closes one, and leads back to its number.

let number = null;
document.addEventListener("click", (event) => (number = event.target.closest?.("a.n") ?? number));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !location.hash.startsWith("#n-")) return;
  document.querySelector(".close").click();
  number?.focus({ preventScroll: true });
});

document.querySelectorAll(".table:not([data-mixed]) table").forEach(sortable);
document.querySelectorAll("figure.chart").forEach((figure) => {
  const data = figure.querySelector("script[type='application/json']");
  if (!data) return;
  const marks = JSON.parse(data.textContent);
  pointed(figure.querySelector(".wide"), marks, WIDE);
  pointed(figure.querySelector(".narrow"), marks, NARROW);
  if (tools) lifted(figure, marks);
});
document.querySelectorAll("nav.contents").forEach(contents);
