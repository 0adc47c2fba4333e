// The meeting room. Forms work without this; with it they save by themselves, and what is typed stays in this browser
// until the portal has it: through a lost connection, a reload, a session that ended. One entry per form.

document.documentElement.classList.add("scripted");

const room = document.querySelector("[data-room]");
const said = document.getElementById("said");
const signedOut = document.getElementById("signed-out");
const place = (form) => room.dataset.room + form.id;
const NOT_KEPT = new Set(["csrfmiddlewaretoken", "known", "choice", "current"]);
const NOT_WORDS = new Set(["seen", "key"]);

const valuesOf = (form) => [...new FormData(form)].filter(([name]) => !NOT_KEPT.has(name));
const wordsOf = (form) => JSON.stringify(valuesOf(form).filter(([name]) => !NOT_WORDS.has(name)));
const sentWords = new WeakMap(); // of each request on its way
let offline = false;

function keep(form, sent = false) {
  form.dataset.unsaved = "";
  if (sent) form.dataset.sent = "";
  const entry = { values: valuesOf(form), sent: "sent" in form.dataset };
  try {
    localStorage.setItem(place(form), JSON.stringify(entry));
  } catch {
    // no room left, or none allowed: the text stays in the page at least
  }
}

function forget(form) {
  for (const mark of ["unsaved", "sent", "refused"]) delete form.dataset[mark];
  localStorage.removeItem(place(form));
}

const goesByItself = (form) => "auto" in form.dataset || "sent" in form.dataset;

function sendAgain() {
  for (const form of room.querySelectorAll("form[data-unsaved]")) {
    if (goesByItself(form) && !("refused" in form.dataset)) window.htmx.trigger(form, "resend");
  }
}

function connected(isThere) {
  if (offline === !isThere) return;
  offline = !isThere;
  document.documentElement.classList.toggle("offline", offline);
  said.textContent = offline ? said.dataset.lost : said.dataset.back;
  if (!offline) sendAgain();
}

// --- Typing ---------------------------------------------------------------------------------------------------------

document.addEventListener("input", ({ target }) => {
  const form = target.closest("form[data-keep]");
  if (!form) return;
  delete form.dataset.refused;
  delete form.dataset.sent;
  keep(form);
});

// "Now" is the moment of the click by the clocks of the meeting, also while there is no connection.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-now]");
  if (!button) return;
  event.preventDefault();
  const { form } = button;
  const clock = new Intl.DateTimeFormat("en-GB", { timeZone: room.dataset.zone, hour: "2-digit", minute: "2-digit" });
  form.elements[button.dataset.now].value = clock.format(new Date());
  if (!["in_person", "remote"].includes(form.elements.status.value)) form.elements.status.value = "in_person";
  button.dispatchEvent(new Event("input", { bubbles: true }));
});

// --- Sending --------------------------------------------------------------------------------------------------------

const formOf = ({ detail }) => detail.requestConfig?.elt ?? detail.elt;

document.addEventListener("htmx:beforeRequest", (event) => {
  const form = event.detail.elt;
  if (form.id === "pulse" && (document.hidden || !signedOut.hidden)) event.preventDefault();
  else if (form.matches("[data-keep]")) sentWords.set(event.detail.xhr, wordsOf(form));
});

document.addEventListener("htmx:beforeOnLoad", (event) => {
  const { xhr } = event.detail;
  const form = formOf(event);
  if (xhr.status === 401 || xhr.status === 403) return;
  connected(true);
  if (!form.matches("[data-keep]")) return;
  if (xhr.status >= 400) {
    form.dataset.refused = "";
    delete form.dataset.sent;
  } else if (wordsOf(form) === sentWords.get(xhr)) forget(form);
});

// Whoever typed on while it travelled goes on from what stands now.
document.addEventListener("htmx:afterRequest", (event) => {
  const form = document.getElementById(formOf(event).id);
  if (form && "unsaved" in form.dataset) keep(form);
});

document.addEventListener("htmx:sendError", (event) => lost(formOf(event)));
document.addEventListener("htmx:timeout", (event) => lost(formOf(event)));
document.addEventListener("htmx:responseError", (event) => {
  const { status } = event.detail.xhr;
  if (status === 401 || status === 403) {
    signedOut.querySelector("span").textContent = signedOut.dataset.words;
    signedOut.hidden = false;
  } else lost(formOf(event));
});

function lost(form) {
  if (form.matches("[data-keep]")) keep(form, !("auto" in form.dataset));
  connected(false);
}

addEventListener("online", () => {
  const pulse = document.getElementById("pulse");
  if (pulse) window.htmx.trigger(pulse, "pulse");
});
addEventListener("offline", () => connected(false));

// --- What others have changed ---------------------------------------------------------------------------------------

const BEING_WRITTEN = "textarea, select, input:not([type=radio])";

// Never over a field that has the focus or holds what is not saved: such a part comes again with the next pulse.
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const { target, fragment } = event.detail;
  if (target.id === "said" || target.matches(".state")) return;
  const held = document.activeElement;
  const isTyped = held.matches(BEING_WRITTEN) && target.contains(held);
  const parts = [...fragment.children];
  if (!parts.some(({ id }) => id === target.id)) { // they join a list: unless an answer that overtook this one brought them
    if (parts.some(({ id }) => id && document.getElementById(id))) event.preventDefault();
    return;
  }
  const unsaved = target.matches("[data-unsaved]") || target.querySelector("[data-unsaved]");
  if (isTyped || unsaved) event.preventDefault();
});

// --- What was left here ---------------------------------------------------------------------------------------------

function restore(form, { values, sent }) {
  const before = wordsOf(form);
  const stood = valuesOf(form);
  for (const [name, value] of values) {
    const field = form.elements[name];
    if (field) field.value = value;
  }
  if (wordsOf(form) === before) {
    for (const [name, value] of stood) form.elements[name].value = value;
    forget(form);
    return false;
  }
  for (let part = form.closest("details"); part; part = part.parentElement.closest("details")) part.open = true;
  keep(form, sent);
  return true;
}

// A text whose form is gone (the meeting has been held, the item deferred) is shown, to be copied.
const WORDS = new Set(["text", "text_es", "text_en", "reason"]);

function showLeftover() {
  const box = document.getElementById("leftover");
  const gone = Object.keys(localStorage).filter(
    (key) => key.startsWith(room.dataset.room) && !document.getElementById(key.slice(room.dataset.room.length))?.matches("form"),
  );
  for (const key of gone) {
    const { values } = JSON.parse(localStorage.getItem(key));
    const text = values.filter(([name, value]) => WORDS.has(name) && value).map(([, value]) => value).join("\n");
    if (text) box.querySelector("ul").append(Object.assign(document.createElement("li"), { textContent: text }));
    else localStorage.removeItem(key);
  }
  box.hidden = !box.querySelector("li");
  box.querySelector("button").addEventListener("click", () => {
    for (const key of gone) localStorage.removeItem(key);
    box.hidden = true;
  });
}

document.addEventListener("DOMContentLoaded", () => {
  let any = false;
  for (const form of room.querySelectorAll("form[data-keep]")) {
    const entry = localStorage.getItem(place(form));
    if (entry) any = restore(form, JSON.parse(entry)) || any;
  }
  showLeftover();
  if (any) said.textContent = said.dataset.kept;
  sendAgain();
});
