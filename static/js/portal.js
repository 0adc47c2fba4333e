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
const uploading = (target) => target.closest?.("[data-upload]");
document.addEventListener("htmx:beforeRequest", ({ target }) => {
  const box = uploading(target);
  if (!box) return;
  box.querySelector("[data-progress]").textContent = box.dataset.sending;
  box.querySelector("progress").hidden = false;
});
document.addEventListener("htmx:xhr:progress", ({ target, detail }) => {
  const bar = uploading(target)?.querySelector("progress");
  if (!bar || !detail.lengthComputable) return;
  if (detail.loaded < detail.total) bar.value = detail.loaded / detail.total;
  else bar.removeAttribute("value"); // all there; now it is being read
});
document.addEventListener("htmx:sendError", ({ target }) => {
  const box = uploading(target);
  if (!box) return;
  box.querySelector("[data-progress]").textContent = box.dataset.lost;
  box.querySelector("progress").hidden = true;
});

// A form that is saved while somebody types says so when the connection is lost; the next change tries again.
document.addEventListener("htmx:sendError", ({ target }) => {
  if (target.matches("form[data-autosave]")) document.getElementById("saved").textContent = target.dataset.lost;
});

// Suggestions under the search line: arrow keys choose, Enter follows, Escape closes (the ARIA combobox pattern).
const parts = (input) => {
  const list = document.getElementById(input.getAttribute("aria-controls"));
  return { list, options: [...list.children] };
};
const choose = (input, options, chosen) => {
  for (const option of options) option.setAttribute("aria-selected", option === chosen);
  chosen?.scrollIntoView({ block: "nearest" });
  if (chosen) input.setAttribute("aria-activedescendant", chosen.id);
  else input.removeAttribute("aria-activedescendant");
};
const show = (input, open) => {
  const { list, options } = parts(input);
  list.hidden = !open || options.length === 0;
  input.setAttribute("aria-expanded", !list.hidden);
  choose(input, options, null);
};
document.addEventListener("htmx:afterSwap", ({ detail }) => {
  const input = detail.requestConfig.elt;
  if (input.role === "combobox") show(input, document.activeElement === input && input.value.trim() !== "");
});
document.addEventListener("keydown", (event) => {
  const input = event.target;
  if (input.role !== "combobox" || input.getAttribute("aria-expanded") !== "true") return;
  const { options } = parts(input);
  const at = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown") choose(input, options, options[at + 1] ?? options[0]);
  else if (event.key === "ArrowUp") choose(input, options, options[at - 1] ?? options.at(-1));
  else if (event.key === "Escape") show(input, false);
  else if (event.key === "Enter" && at >= 0) options[at].click();
  else return;
  event.preventDefault();
});
document.addEventListener("submit", ({ target }) => {
  const input = target.querySelector("[role=combobox]");
  if (input) show(input, false);
});
document.addEventListener("focusout", ({ target, relatedTarget }) => {
  if (target.role === "combobox" && !relatedTarget?.closest("[role=listbox]")) setTimeout(() => show(target, false), 150);
});
