"use strict";

// A filter's drop-down opens the list it names.
for (const select of document.querySelectorAll("select[data-addresses]")) {
  select.addEventListener("change", () => { window.location.search = select.value; });
}

// On narrow screens each row is a card, and each value needs its column's name beside it.
const table = document.getElementById("result_list");
if (table) {
  const names = Array.from(table.querySelectorAll("thead th"), (th) => th.querySelector(".text")?.textContent.trim() ?? "");
  for (const row of table.querySelectorAll("tbody tr")) {
    Array.from(row.cells).forEach((cell, index) => { cell.dataset.name = names[index] ?? ""; });
  }
}

// A phone shows the rows first; the filters open at a touch.
const filters = document.querySelector("details.filters");
if (filters && !filters.classList.contains("active") && window.matchMedia("(max-width: 767px)").matches) {
  filters.open = false;
}

// Django's rows under a row, and the search boxes of select2, have no names for a screen reader: lend them.
function lendNames(root) {
  for (const cell of root.querySelectorAll(".tabular tr.form-row td")) {
    const head = cell.closest("table").tHead?.rows[0].cells;
    const name = head && Array.from(head).find((th) => th.className.split(" ").some(
      (part) => part.startsWith("column-") && cell.classList.contains(part.replace("column-", "field-"))))?.textContent.trim();
    for (const input of name ? cell.querySelectorAll("input, select, textarea") : []) {
      input.setAttribute("aria-label", name);
    }
  }
  for (const select of root.querySelectorAll("select.admin-autocomplete")) {
    const name = select.getAttribute("aria-label") ?? select.labels?.[0]?.textContent.trim().replace(/[:：]$/, "") ?? "";
    for (const part of select.parentElement.querySelectorAll(".select2-selection, .select2-selection__rendered, .select2-search__field")) {
      part.setAttribute("aria-label", name);
    }
  }
  for (const group of root.querySelectorAll(".inline-group")) {
    group.tabIndex = group.scrollWidth > group.clientWidth ? 0 : -1;
  }
}
// jQuery calls its ready functions in turn: ours comes after the one that builds the boxes.
if (window.django?.jQuery) {
  window.django.jQuery(() => lendNames(document));
}
document.addEventListener("formset:added", () => setTimeout(() => lendNames(document)));
