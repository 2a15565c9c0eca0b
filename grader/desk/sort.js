"use strict";
(() => {
  const table = document.getElementById("students");
  const body = table.tBodies[0];
  const all = [...body.rows];
  const said = document.getElementById("said");
  const heads = [...table.tHead.rows[0].cells];
  const section = document.getElementById("section");
  const mistake = document.getElementById("mistake");
  const search = document.getElementById("search");
  const sectionColumn = heads.findIndex((head) => head.textContent.trim() === "section");
  const letters = new Intl.Collator("en", { numeric: true });

  // A cell's value: a number or a text; null where there is none, which comes last in both directions.
  function value(row, column) {
    const cell = row.cells[column];
    const text = cell.dataset.v ?? cell.textContent.trim();
    if (text === "" || (cell.dataset.v === undefined && cell.hasAttribute("aria-label"))) return null;
    return Number.isFinite(Number(text)) ? Number(text) : text.toLowerCase();
  }

  function compare(a, b) {
    if (typeof a === "number" && typeof b === "number") return a - b;
    return letters.compare(String(a), String(b));
  }

  function sort(head) {
    const column = heads.indexOf(head);
    const up = head.getAttribute("aria-sort") !== "ascending";
    heads.forEach((other) => other.removeAttribute("aria-sort"));
    head.setAttribute("aria-sort", up ? "ascending" : "descending");
    const keys = new Map([...body.rows].map((row) => [row, value(row, column)]));
    body.append(...[...body.rows].sort((a, b) => {
      const [one, other] = [keys.get(a), keys.get(b)];
      if (one === null || other === null) return (one === null) - (other === null);
      return up ? compare(one, other) : compare(other, one);
    }));
    said.textContent = `Sorted by ${head.textContent.trim()}, ${up ? "lowest" : "highest"} first.`;
  }

  function filter() {
    const word = search.value.trim().toLowerCase();
    let left = 0;
    for (const row of all) {
      const there = !section || !section.value || row.cells[sectionColumn].textContent.trim() === section.value;
      row.hidden = !(there && row.cells[0].textContent.toLowerCase().includes(word));
      left += !row.hidden;
    }
    said.textContent = `${left} of ${all.length} students are shown.`;
  }

  function first(number) {
    const made = (row) => number !== "" && (row.dataset.m ?? "").split(" ").includes(number);
    all.forEach((row) => row.classList.toggle("made", made(row)));
    heads.forEach((other) => other.removeAttribute("aria-sort"));
    body.append(...[...body.rows].sort((a, b) => made(b) - made(a)));
    const count = all.filter(made).length;
    said.textContent = number === "" ? "" : `${count} made it and come first, each with a mark before the name.`;
  }

  heads.forEach((head) => head.querySelector("button").addEventListener("click", () => sort(head)));
  section?.addEventListener("change", filter);
  search.addEventListener("input", filter);
  mistake?.addEventListener("change", () => first(mistake.value));
  for (const button of document.querySelectorAll(".first-who")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      mistake.value = button.dataset.mistake;
      first(mistake.value);
      mistake.focus();
      document.getElementById("class").scrollIntoView();
    });
  }
  document.querySelector(".tools").hidden = false;
  // On paper nothing can be unfolded; what one student alone did stays away from it.
  let unfolded = [];
  addEventListener("beforeprint", () => {
    unfolded = [...document.querySelectorAll("details:not([open], .single)")];
    unfolded.forEach((one) => { one.open = true; });
  });
  addEventListener("afterprint", () => unfolded.forEach((one) => { one.open = false; }));
})();
