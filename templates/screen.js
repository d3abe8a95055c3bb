// What runs in the page. It adds to a page that is whole without it, fetches nothing and keeps nothing.
"use strict";

// Tables: the heads of columns become buttons that sort by them; the third time the rows stand as they were given.

const NUMBER = /[−-]?\d[\d,]*(\.\d+)?/;

function sortable(table) {
  const heads = [...table.tHead.rows[0].cells];
  const body = table.tBodies[0];
  const given = [...body.rows];
  if (given.length < 3 || given.some((row) => row.cells.length !== heads.length)) return;
  const periods = given.every((row) => row.cells[0].querySelector(".k"));
  heads.forEach((head, column) => {
    if (given.every((row) => row.cells[column].className === "when") || (column === 0 && periods)) return;
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
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

document.querySelectorAll(".table:not(.accounts) table").forEach(sortable);
