// Quick exit: blanks the page at once and keeps it out of this tab's history.
const root = document.documentElement;
let left = false;
let presses = [];

function clearTraces() {
  try {
    // "antre:" is unsent.
    for (const box of [sessionStorage, localStorage]) {
      const gone = box === localStorage ? /^jejak:/ : /^(?!antre:)/;
      for (const key of Object.keys(box)) if (gone.test(key)) box.removeItem(key);
    }
  } catch {
    // Leaving matters more.
  }
}

function leave() {
  left = root.hidden = true;
  document.title = location.hostname;
  clearTraces();
  location.replace(document.querySelector("a[data-quick-exit]")?.href ?? "/keluar/");
}

const inHelp = () => document.querySelector("[data-help-section]");

addEventListener("click", (event) => {
  if (event.target.closest("[data-quick-exit]")) {
    event.preventDefault();
    leave();
    return;
  }
  const link = event.target.closest("a[href^='/'], a[href^='http'], a[href^='?'], a[href^='#']");
  const keys = event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
  if (!link || keys || link.target || link.download || event.defaultPrevented || !inHelp()) return;
  event.preventDefault();
  location.replace(link.href);
});

// A GET form of help is a link with choices.
addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "get" || !inHelp()) return;
  event.preventDefault();
  const url = new URL(form.action);
  url.search = new URLSearchParams(new FormData(form));
  location.replace(url);
});

addEventListener("keydown", ({ key }) => {
  if (key !== "Shift") presses = [];
});

addEventListener("keyup", ({ key, timeStamp }) => {
  if (key !== "Shift") return;
  presses = [...presses.filter((at) => timeStamp - at < 5000), timeStamp];
  if (presses.length > 2) leave();
});

addEventListener("pageshow", ({ persisted }) => {
  if (!persisted || !(left || document.querySelector("[data-help-section]"))) return;
  root.hidden = true;
  location.reload();
});
