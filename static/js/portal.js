// Small comforts on top of pages that work without any script.

// A file dropped on the box is the chosen file; while it travels, the page says so and a second click does nothing.
for (const box of document.querySelectorAll("[data-drop]")) {
  const input = box.querySelector("input[type=file]");
  const mark = (over) => (event) => { event.preventDefault(); box.classList.toggle("over", over); };
  box.addEventListener("dragover", mark(true));
  box.addEventListener("dragleave", mark(false));
  box.addEventListener("drop", (event) => {
    mark(false)(event);
    if (event.dataTransfer.files.length) input.files = event.dataTransfer.files;
  });
}

for (const form of document.querySelectorAll("form[data-upload]")) {
  form.addEventListener("submit", () => {
    form.querySelector("[data-progress]").textContent = form.dataset.sending;
    for (const button of form.querySelectorAll("button")) setTimeout(() => { button.disabled = true; });
  });
}
// Coming back with the "back" button must not leave a dead button behind.
addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll("form[data-upload] button")) button.disabled = false;
});

// Filters swap the list in place; without htmx the "Apply filters" button does the same.
document.documentElement.classList.add("scripted");
