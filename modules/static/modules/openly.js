// Counts of raised hands, kept on this device until somebody takes them into an account.
// The store "antre:modul:<slug>" is unsent work: the quick exit leaves it alone.
const room = document.getElementById("hitungan");
const people = document.getElementById("orang");
const store = `antre:modul:${room.dataset.module}`;

const kept = (() => {
  try {
    return JSON.parse(localStorage.getItem(store)) ?? fresh();
  } catch {
    return fresh();
  }
})();

function fresh() {
  return { key: uuid(), module: room.dataset.module, began: new Date().toISOString(), people: 0, tallies: [] };
}

function uuid() {
  // randomUUID is missing where a page came without encryption, as in a school's own network.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

function save() {
  localStorage.setItem(store, JSON.stringify(kept));
  document.querySelector("[data-actions]").hidden = false;
}

const counted = (box) => [...box.querySelectorAll("input")].map((input) => [input.dataset.option, Number(input.value) || 0]);

function total(box) {
  const numbers = counted(box).map(([, number]) => number);
  return box.dataset.many ? Math.max(...numbers) : numbers.reduce((sum, number) => sum + number, 0);
}

function say(box) {
  const line = box.querySelector("[aria-live]");
  const sum = total(box);
  const over = kept.people && sum > kept.people;
  line.textContent = over ? room.dataset.wrong : `${sum}${kept.people ? ` / ${kept.people}` : ""} ${room.dataset.total}. ${room.dataset.kept}.`;
  line.classList.toggle("l-error", Boolean(over));
}

function tell(box) {
  const phase = box.closest("[data-phase]").dataset.phase;
  const { item } = box.dataset;
  const known = kept.tallies.find((row) => row.phase === phase && row.item === item);
  const row = known ?? { key: "", phase, item, sequence: 0 };
  if (!known) kept.tallies.push(row);
  // A changed count is a new fact, so it gets a new key.
  Object.assign(row, { key: uuid(), counts: Object.fromEntries(counted(box)), sequence: row.sequence + 1, at: new Date().toISOString() });
  save();
  say(box);
}

people.addEventListener("input", () => {
  kept.people = Number(people.value) || 0;
  save();
});
room.addEventListener("input", (event) => {
  const box = event.target.closest("[data-item]");
  if (box) tell(box);
});
document.querySelector("[data-forget]").addEventListener("click", (event) => {
  if (!confirm(event.target.dataset.ask)) return;
  localStorage.removeItem(store);
  location.reload();
});

if (kept.people) people.value = kept.people;
for (const row of kept.tallies) {
  const box = room.querySelector(`[data-phase="${row.phase}"] [data-item="${row.item}"]`);
  if (!box) continue;
  for (const input of box.querySelectorAll("input")) {
    const number = row.counts[input.dataset.option];
    if (number) input.value = number;
  }
  say(box);
}
if (kept.tallies.length) document.querySelector("[data-actions]").hidden = false;
