// Small comforts on top of pages that work without any script. Everything is listened for on the document, because
// htmx may put a new form in the place of an old one.

document.documentElement.classList.add("scripted"); // filters act by themselves: the "Apply" button may go

// A file dropped on the box is the chosen file.
for (const type of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(type, (event) => {
    const box = event.target.closest?.("[data-drop]");
    if (!box) return;
    event.preventDefault();
    box.classList.toggle("over", type === "dragover");
    if (type === "drop" && event.dataTransfer.files.length) {
      box.querySelector("input[type=file]").files = event.dataTransfer.files;
    }
  });
}

// While a file travels the page says how far it has come, and a second click does nothing.
document.addEventListener("htmx:beforeRequest", ({ target }) => {
  if (!target.matches("form[data-upload]")) return;
  target.querySelector("[data-progress]").textContent = target.dataset.sending;
  target.querySelector("progress").hidden = false;
});
document.addEventListener("htmx:xhr:progress", ({ target, detail }) => {
  const bar = target.querySelector?.("progress");
  if (!bar || !detail.lengthComputable) return;
  if (detail.loaded < detail.total) bar.value = detail.loaded / detail.total;
  else bar.removeAttribute("value"); // all there; now it is being read
});
document.addEventListener("htmx:sendError", ({ target }) => {
  if (!target.matches("form[data-upload]")) return;
  target.querySelector("[data-progress]").textContent = target.dataset.lost;
  target.querySelector("progress").hidden = true;
});
