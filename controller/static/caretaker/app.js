// Comforts only: every page works without this file.
"use strict";

// A filter that was changed shows its result at once, and its button is not needed.
for (const form of document.querySelectorAll("form[data-auto]")) {
  for (const select of form.querySelectorAll("select")) {
    select.addEventListener("change", () => form.requestSubmit());
  }
  if (form.classList.contains("purpose")) {
    form.querySelector("button").hidden = true;
  }
}

// One tick for all.
for (const all of document.querySelectorAll("input[data-tick-all]")) {
  all.closest("label").hidden = false;
  all.addEventListener("change", () => {
    for (const box of document.querySelectorAll(`input[name="${all.dataset.tickAll}"]`)) {
      box.checked = all.checked;
    }
  });
}

// The account panel closes when one clicks elsewhere or presses Escape.
const panel = document.querySelector("details.me");
if (panel) {
  document.addEventListener("click", (event) => {
    if (!panel.contains(event.target)) panel.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") panel.open = false;
  });
}
