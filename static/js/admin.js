// Boxes of the admin that search among many rows have no name for screen readers while empty: they get their label's.

const name = (box) => {
  const select = box.previousElementSibling;
  const parts = box.querySelectorAll("[role=combobox], [role=textbox]");
  const label = select?.id && document.querySelector(`label[for="${CSS.escape(select.id)}"]`);
  if (!label) return;
  label.id ||= `${select.id}_label`;
  for (const part of parts) part.setAttribute("aria-labelledby", `${label.id} ${part.getAttribute("aria-labelledby") ?? part.id}`);
};

const boxes = (node) => (node.matches?.(".select2-container") ? [node] : [...(node.querySelectorAll?.(".select2-container") ?? [])]);

boxes(document).forEach(name);
new MutationObserver((changes) => changes.flatMap((change) => [...change.addedNodes]).flatMap(boxes).forEach(name))
  .observe(document.documentElement, { childList: true, subtree: true });
