// Before signing out: says what this device has not sent yet, and takes the reading trail along.
const form = document.querySelector("form[data-signing-out]");
const notice = form.querySelector("[data-waiting]");

function kept(prefix) {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(prefix));
  } catch {
    return [];
  }
}

function look() {
  const waiting = kept("antre:").length;
  notice.hidden = waiting === 0;
  notice.lastElementChild.textContent =
    waiting === 1 ? notice.dataset.one : notice.dataset.many.replace("{n}", waiting);
  // Only then may the answer empty all of the device's store.
  form.elements.bersih.value = waiting === 0 ? "1" : "";
}

look();
addEventListener("storage", look);
addEventListener("pageshow", look);
form.addEventListener("submit", () => {
  look();
  for (const key of kept("jejak:")) localStorage.removeItem(key);
});
