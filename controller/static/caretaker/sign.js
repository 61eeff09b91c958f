// A pad to sign on: finger, pen or mouse; what is drawn goes into a hidden field when the form is sent.
// Without this file, or without a hand that can draw, a typed name and a tick do the same.
"use strict";

for (const pad of document.querySelectorAll("[data-sign]")) {
  const canvas = pad.querySelector("canvas");
  const field = pad.querySelector("[data-sign-field]");
  const drawn = pad.querySelector("[data-sign-drawn]");
  const typed = pad.querySelector("[data-sign-typed]");
  const said = pad.querySelector("[data-sign-said]");
  const ink = canvas.getContext("2d");
  let last = null;

  const asDrawn = () => {
    drawn.hidden = false;
    typed.open = false;
  };

  const paper = () => {
    ink.clearRect(0, 0, canvas.width, canvas.height);
    ink.lineWidth = 4;
    ink.lineCap = "round";
    ink.lineJoin = "round";
    ink.strokeStyle = "#111827";
    field.value = "";
    said.textContent = "";
  };

  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    return [
      ((event.clientX - box.left) * canvas.width) / box.width,
      ((event.clientY - box.top) * canvas.height) / box.height,
    ];
  };

  const to = (event) => {
    const here = at(event);
    ink.beginPath();
    ink.moveTo(...last);
    ink.lineTo(...here);
    ink.stroke();
    last = here;
  };

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    last = at(event);
    to(event);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (last === null) return;
    for (const one of event.getCoalescedEvents?.() ?? []) to(one);
    to(event);
  });
  for (const end of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(end, () => {
      if (last === null) return;
      last = null;
      field.value = canvas.toDataURL("image/png");
      said.textContent = "Signed.";
    });
  }
  pad.querySelector("[data-sign-clear]").addEventListener("click", paper);
  // Whoever opens the other way means to type: what was scribbled before does not count.
  typed.addEventListener("toggle", () => {
    if (typed.open) paper();
  });

  paper();
  asDrawn();
}
