// Counts of raised hands, kept on this device until somebody takes them into an account.
// "antre:modul:<slug>" is the class being counted, "antre:modul:<slug>:<key>" one that is finished.
// Both are unsent work: the quick exit leaves them alone.
const room = document.getElementById("hitungan");
const label = document.getElementById("kelas");
const people = document.getElementById("orang");
const store = `antre:modul:${room.dataset.module}`;
const find = (name) => room.querySelector(`[data-${name}]`);
const called = (told) => told.label || room.dataset.nameless;
const words = (name, told) => room.dataset[name].replace("{name}", () => called(told));
let kept = fresh();
let isKept = true;

function fresh() {
  const { module, title } = room.dataset;
  return { key: uuid(), module, title, label: "", began: "", people: 0, tallies: [] };
}

function uuid() {
  // randomUUID is missing where a page came without encryption, as in a school's own network.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

function read(name) {
  try {
    const told = JSON.parse(localStorage.getItem(name));
    return { ...fresh(), ...told, tallies: told.tallies.filter((row) => row?.counts) };
  } catch {
    return null;
  }
}

function write(name) {
  try {
    localStorage.setItem(name, JSON.stringify(kept));
    isKept = true;
  } catch {
    isKept = false;
  }
  find("full").hidden = isKept;
  return isKept;
}

function finished() {
  try {
    const names = Object.keys(localStorage).filter((name) => name.startsWith(`${store}:`));
    const all = names.map((name) => ({ name, told: read(name) })).filter(({ told }) => told);
    return all.sort((one, other) => String(one.told.began).localeCompare(other.told.began));
  } catch {
    return [];
  }
}

function save() {
  kept.began ||= new Date().toISOString();
  write(store);
  offer();
}

const counted = (box) => [...box.querySelectorAll("input")].map((input) => [input.dataset.option, Number(input.value) || 0]);

function known(box) {
  const { phase } = box.closest("[data-phase]").dataset;
  return kept.tallies.find((row) => row.phase === phase && row.item === box.dataset.item);
}

function total(box) {
  const numbers = counted(box).map(([, number]) => number);
  return box.dataset.many ? Math.max(...numbers) : numbers.reduce((sum, number) => sum + number, 0);
}

function say(box) {
  const line = box.querySelector("[aria-live]");
  const sum = total(box);
  const over = kept.people && sum > kept.people;
  const stays = isKept ? `${room.dataset.kept}.` : find("full").textContent;
  line.textContent = over ? room.dataset.wrong : `${sum}${kept.people ? ` / ${kept.people}` : ""} ${room.dataset.total}. ${stays}`;
  line.classList.toggle("l-error", Boolean(over) || !isKept);
}

function tell(box) {
  const { phase } = box.closest("[data-phase]").dataset;
  const before = known(box);
  const row = before ?? { key: "", phase, item: box.dataset.item, sequence: 0 };
  if (!before) kept.tallies.push(row);
  // A changed count is a new fact, so it gets a new key.
  Object.assign(row, { key: uuid(), counts: Object.fromEntries(counted(box)), sequence: row.sequence + 1, at: new Date().toISOString() });
  save();
  say(box);
}

function entry({ name, told }) {
  const row = find("finished").querySelector("template").content.cloneNode(true).querySelector("li");
  const button = row.querySelector("button");
  const began = new Date(told.began);
  const day = began.toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
  row.querySelector("b").textContent = called(told);
  row.querySelector("[data-day]").textContent = isNaN(began) ? "" : day;
  row.querySelector("[data-sum]").textContent = `${room.dataset.counts} ${told.tallies.length}`;
  button.setAttribute("aria-label", `${button.textContent}: ${called(told)}`);
  button.addEventListener("click", () => {
    if (!confirm(words("ask", told))) return;
    localStorage.removeItem(name);
    offer();
    (find("finished").querySelector("li button") ?? document.getElementById("hitung")).focus();
  });
  return row;
}

function offer() {
  const rows = finished();
  find("finished").hidden = !rows.length;
  find("finished").querySelector("ul").replaceChildren(...rows.map(entry));
  find("another").hidden = !kept.tallies.length;
  find("actions").hidden = !kept.began && !kept.tallies.length;
  find("claim").hidden = !kept.tallies.length && !rows.length;
}

function draw() {
  kept = read(store) ?? fresh();
  label.value = kept.label;
  people.value = kept.people || "";
  for (const box of room.querySelectorAll("[data-item]")) {
    const row = known(box);
    for (const input of box.querySelectorAll("input")) input.value = row?.counts[input.dataset.option] || "";
    box.querySelector("[aria-live]").textContent = "";
    if (row) say(box);
  }
  offer();
}

label.addEventListener("input", () => {
  // The account refuses identity numbers; here they are not kept to begin with.
  const isLong = label.value.replace(/\D/g, "").length > 9;
  kept.label = isLong ? "" : label.value.trim().slice(0, label.maxLength);
  find("said").textContent = isLong ? room.dataset.long : "";
  save();
});
people.addEventListener("input", () => {
  kept.people = Number(people.value) || 0;
  save();
});
room.addEventListener("input", (event) => {
  const box = event.target.closest("[data-item]");
  if (box) tell(box);
});
find("another").addEventListener("click", () => {
  const told = kept;
  // Copied before anything is removed: on a full device all stays as it is.
  if (!write(`${store}:${told.key}`)) return;
  localStorage.removeItem(store);
  draw();
  find("said").textContent = words("aside", told);
  label.focus();
});
find("forget").addEventListener("click", () => {
  if (!confirm(words("ask", kept))) return;
  localStorage.removeItem(store);
  draw();
  find("said").textContent = "";
  document.getElementById("hitung").focus();
});
// Another tab, or this page as it was before counts were taken over, must not bring back an older class.
addEventListener("storage", (event) => {
  if (event.key?.startsWith(store) ?? true) draw();
});
addEventListener("pageshow", (event) => {
  if (event.persisted) draw();
});

draw();
