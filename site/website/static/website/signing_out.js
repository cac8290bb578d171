// Before signing out: says what this device has not sent yet, and takes along what else this site kept.
const form = document.querySelector("form[data-signing-out]");
const notice = form.querySelector("[data-waiting]");
const waits = (key) => key.startsWith("antre:");

function keys(store) {
  try {
    return Object.keys(window[store]);
  } catch {
    return [];
  }
}

function look() {
  const waiting = keys("localStorage").filter(waits).length;
  notice.hidden = waiting === 0;
  notice.lastElementChild.textContent =
    waiting === 1 ? notice.dataset.one : notice.dataset.many.replace("{n}", waiting);
}

look();
addEventListener("storage", look);
addEventListener("pageshow", look);
form.addEventListener("submit", () => {
  for (const store of ["localStorage", "sessionStorage"]) {
    for (const key of keys(store)) if (!waits(key)) window[store].removeItem(key);
  }
});
