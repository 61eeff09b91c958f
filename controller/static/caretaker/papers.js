// A comfort only: a file that is too large is said so before it is sent, not after.
"use strict";

for (const input of document.querySelectorAll("input[type=file][data-most-bytes]")) {
  const most = Number(input.dataset.mostBytes);
  input.addEventListener("change", () => {
    const large = [...input.files].some((file) => file.size > most);
    input.setCustomValidity(large ? `This file is larger than ${Math.floor(most / 1048576)} MB.` : "");
    input.reportValidity();
  });
}
