// Accepting a suggestion puts it into the form that is being filled; saving the form keeps it. Where the form has no
// such input the button does what it does without scripts: it saves the form and the suggestion with it.

const inputs = (form, name, value) => [...form.querySelectorAll(`[name="${name}"]`)].filter((input) => input.type !== "checkbox" || input.value === value);

function put(input, value) {
  if (input.type === "checkbox") input.checked = true;
  else if (input.matches("select")) {
    const option = [...input.options].find((one) => one.value === value);
    if (!option) return false;
    option.selected = true;
  } else input.value = input.value.trim() ? `${input.value}, ${value}` : value;
  for (let part = input.closest("details"); part; part = part.parentElement.closest("details")) part.open = true;
  return true;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-accept]");
  const { form, value: token } = button ?? {};
  if (!form) return;
  const { field, formValue, taken } = button.dataset;
  const [input] = inputs(form, field, formValue);
  if (!input || !put(input, formValue)) return;
  event.preventDefault();
  const note = Object.assign(document.createElement("input"), { type: "hidden", name: "accepted", value: token });
  form.append(note);
  button.closest("li").classList.add("taken");
  button.setAttribute("aria-disabled", "true");
  button.firstChild.textContent = taken;
  button.removeAttribute("data-accept");
  button.type = "button";
});
