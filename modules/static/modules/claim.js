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
  form.querySelector("h2").textContent = kept.module.replaceAll("-", " ");
  form.querySelector(".l-meta").textContent = `${new Date(kept.began).toLocaleDateString()} · ${kept.tallies.length} ${room.dataset.counts}${kept.people ? ` · ${kept.people} ${room.dataset.people}` : ""}`;
  form.addEventListener("submit", () => {
    const cells = [...form.querySelectorAll("[data-sex]")].map((input) => [input.dataset.sex, "", false, Number(input.value) || 0]);
    form.elements.kept.value = JSON.stringify({ ...kept, cells });
  });
  return form;
}

const { taken } = room.dataset;
for (const store of Object.keys(localStorage).filter((name) => name.startsWith(PREFIX))) {
  const kept = read(store);
  // Only what the server said it has may go.
  if (kept && taken && kept.key === taken) localStorage.removeItem(store);
  else if (kept?.tallies?.length) list.append(entry(kept));
}
room.querySelector("[data-none]").hidden = list.children.length > 0;
