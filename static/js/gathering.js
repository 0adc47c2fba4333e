// Many files: each is sent by itself and its row put into the table, so that a bad one costs its own row only.

const AT_ONCE = 2;
let queue = [];
let done = 0;
let total = 0;
let running = 0;
let lost = false;

for (const input of document.querySelectorAll("[data-many]")) input.multiple = true;

const section = () => document.querySelector("[data-gathering]");

function tell() {
  const line = section().querySelector("[data-progress]");
  const bar = section().querySelector("progress");
  line.textContent = line.dataset.words.replace("%(done)s", done).replace("%(total)s", total);
  bar.hidden = done >= total;
  bar.max = total;
  bar.value = done;
}

async function begin(form) {
  const answer = await fetch(form.action || location.href, { method: "POST", body: new FormData(form) });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  section().replaceWith(document.adoptNode(page.querySelector("[data-gathering]")));
  history.replaceState(null, "", answer.url);
  for (const input of document.querySelectorAll("[data-many]")) input.multiple = true;
  window.htmx?.process(section());
  return section().querySelector("form[data-take]");
}

async function send(form, file) {
  const body = new FormData();
  body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  body.set("place", file.webkitRelativePath || file.name);
  body.set("file", file);
  const answer = await fetch(form.action, { method: "POST", body, headers: { "HX-Request": "true" } });
  if (!answer.ok) throw new Error(answer.status);
  const rows = document.getElementById("gathered-rows");
  const box = document.createElement("template");
  box.innerHTML = await answer.text();
  const row = box.content.querySelector("tr");
  const old = document.getElementById(row.id);
  if (old) old.replaceWith(row);
  else rows.append(row);
  window.htmx?.process(row);
}

async function work(form) {
  running += 1;
  while (queue.length && !lost) {
    const file = queue.shift();
    try {
      await send(form, file);
      done += 1;
      tell();
    } catch {
      queue.unshift(file);
      lost = true;
      section().querySelector("[data-progress]").textContent = form.dataset.lost;
    }
  }
  running -= 1;
  if (!running && !lost) await refreshCount();
}

async function refreshCount() {
  const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
  const count = document.getElementById("gathered-count");
  const now = page.getElementById("gathered-count");
  if (count && now) count.textContent = now.textContent;
}

async function take(files) {
  if (!files.length) return;
  if (lost) queue = [];
  lost = false;
  if (!queue.length && !running) done = total = 0;
  let form = section().querySelector("form[data-take]");
  form ??= await begin(section().querySelector("form[data-begin]"));
  if (!form) return; // the page says what is missing
  queue.push(...files);
  total += files.length;
  tell();
  while (running < AT_ONCE && running < total) work(form);
}

document.addEventListener("change", ({ target }) => {
  if (!target.matches("[data-many]")) return;
  const files = [...target.files].filter((file) => !file.name.startsWith("."));
  target.value = "";
  take(files);
});

const entriesOf = (reader) => new Promise((resolve) => reader.readEntries(resolve, () => resolve([])));
const fileOf = (entry) => new Promise((resolve) => entry.file(resolve, () => resolve(null)));

async function filesIn(entry) {
  if (entry.isFile) return [await fileOf(entry)].filter(Boolean);
  const reader = entry.createReader();
  const files = [];
  for (let some = await entriesOf(reader); some.length; some = await entriesOf(reader)) {
    for (const one of some) files.push(...(await filesIn(one)));
  }
  return files;
}

for (const type of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(type, async (event) => {
    const box = event.target.closest?.("[data-drop-many]");
    if (!box) return;
    event.preventDefault();
    box.classList.toggle("over", type === "dragover");
    if (type !== "drop") return;
    const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
    const files = [];
    for (const entry of entries) files.push(...(await filesIn(entry)));
    take(files);
  });
}

// On a row: Enter opens the document, A sends it to review.
document.addEventListener("keydown", (event) => {
  const row = event.target;
  if (!row.matches?.("tr[data-line]") || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Enter" && row.dataset.edit) location.assign(row.dataset.edit);
  if (event.key.toLowerCase() === "a") row.querySelector("[data-send]")?.click();
});

// After a step the keyboard goes on where the work goes on: a line that was sent leads to the next one that has a
// document, one that was saved or came back with a problem stays in hand.
document.addEventListener("htmx:afterSettle", ({ detail }) => {
  const row = detail.elt?.closest?.("tr[data-line]");
  const held = document.activeElement;
  if (!row || (held !== document.body && !row.contains(held))) return; // or somebody has gone on meanwhile
  const wasSent = detail.requestConfig?.elt?.querySelector?.("[data-send]");
  let next = row;
  if (wasSent && !row.querySelector("[data-send]")) {
    do next = next.nextElementSibling; while (next && !next.matches("tr[tabindex]"));
  }
  (next ?? row).focus();
});
