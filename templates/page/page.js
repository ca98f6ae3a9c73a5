"use strict";
// Tables are whole without this script; it sorts and searches them, and opens what a link points to.
for (const box of document.querySelectorAll(".table")) {
  const body = box.querySelector("tbody"), rows = Array.from(body.rows);
  const input = box.querySelector("input"), shown = box.querySelector("output");
  const whole = shown.textContent;
  const texts = rows.map((row) => row.textContent.toLowerCase());
  const heads = Array.from(box.querySelectorAll("th"));
  const collator = new Intl.Collator("en", { numeric: true });
  const compare = (a, b) => {
    const x = Number(a), y = Number(b);
    return a !== "" && b !== "" && !Number.isNaN(x) && !Number.isNaN(y) ? x - y : collator.compare(a, b);
  };
  heads.forEach((head, column) => {
    const button = head.querySelector("button");
    if (!button) return;
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const key = (row) => row.cells[column].dataset.sort ?? null;
      const order = rows.map((row, index) => [key(row), index, row]);
      order.sort(([a, i], [b, j]) => {
        if (a === null || b === null) return a === b ? i - j : a === null ? 1 : -1; // what is not known comes last
        return (down ? -compare(a, b) : compare(a, b)) || i - j;
      });
      body.append(...order.map((entry) => entry[2]));
    });
  });
  input.addEventListener("input", () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    rows.forEach((row, index) => {
      row.hidden = !words.every((word) => texts[index].includes(word));
      count += row.hidden ? 0 : 1;
    });
    shown.textContent = count === rows.length ? whole : `${count} of ${rows.length} rows`;
  });
}
function open_target() {
  const found = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  for (let part = found; part; part = part.parentElement) if (part.tagName === "DETAILS") part.open = true;
  if (found) found.scrollIntoView();
}
addEventListener("hashchange", open_target);
if (location.hash) open_target();
addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((part) => { part.open = true; }));
