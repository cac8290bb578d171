// Lists what this device counted without an account, and fills the form that takes it over.
const PREFIX = "antre:modul:";
const room = document.getElementById("klaim");
const list = room.querySelector("[data-list]");

function read(store) {
  try {
    return JSON.parse(localStorage.getItem(store));
  } catch {
    return null;
  }
}

function entry(kept) {
  const form = room.querySelector("template").content.cloneNode(true).querySelector("form");
  const title = kept.title || String(kept.module).replaceAll("-", " ");
  const began = new Date(kept.began).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
  form.querySelector("h2").textContent = [title, kept.label].filter(Boolean).join(", ");
  form.setAttribute("aria-label", form.querySelector("h2").textContent);
  form.querySelector(".l-meta").textContent = `${began} · ${room.dataset.counts} ${kept.tallies.length}${kept.people ? ` · ${kept.people} ${room.dataset.people}` : ""}`;
  form.addEventListener("submit", () => {
    const cells = [...form.querySelectorAll("[data-sex]")].map((input) => [input.dataset.sex, "", false, Number(input.value) || 0]);
    form.elements.kept.value = JSON.stringify({ ...kept, cells });
  });
  return form;
}

const { taken } = room.dataset;
const found = [];
for (const store of Object.keys(localStorage).filter((name) => name.startsWith(PREFIX))) {
  const kept = read(store);
  // Only what the server said it has may go.
  if (kept && taken && kept.key === taken) localStorage.removeItem(store);
  else if (Array.isArray(kept?.tallies) && kept.tallies.length) found.push(kept);
}
found.sort((one, other) => String(one.began).localeCompare(other.began));
list.append(...found.map(entry));
room.querySelector("[data-none]").hidden = list.children.length > 0;
