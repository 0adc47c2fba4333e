// Whoever signs out leaves nothing of what they wrote in the meeting room behind in this browser.
document.addEventListener("submit", ({ target }) => {
  if (!target.matches("#logout-form, [data-sign-out]")) return;
  for (const key of Object.keys(localStorage)) if (key.startsWith("meeting-room/")) localStorage.removeItem(key);
});
