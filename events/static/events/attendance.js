/* Attendance. A tap of the roll call is sent by itself; what could not be sent is kept on this phone, shown, and
   sent again; what others tap meanwhile appears. The headcount adds up, the wall changes its code. Without this file all are forms. */
const CAME = ["hadir", "terlambat"];
const AT_MOST = 30000;
const LOOK_EVERY = 8000;

function newKey() {
  if (crypto.randomUUID) return crypto.randomUUID();
  // Not in a secure context: the same sixteen random bytes by hand.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = [...bytes].map((one) => one.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

function rollCall(form) {
  const store = `antre:hadir-${form.dataset.roll}`;
  // No name is kept: keys of people, a status each.
  const read = () => {
    try {
      return JSON.parse(localStorage.getItem(store)) ?? [];
    } catch {
      return [];
    }
  };
  let queue = read();
  let sending = false;
  let failed = 0;
  let timer = 0;
  // Counts what was tapped and what was answered: an answer that is older than that is of no use.
  let moves = 0;
  const skew = Date.parse(form.dataset.now) - Date.now();
  const line = (person) => document.getElementById(`orang-${person}`);
  const unsent = document.querySelector("[data-unsent]");

  const keep = () => {
    try {
      if (queue.length) localStorage.setItem(store, JSON.stringify(queue));
      else localStorage.removeItem(store);
    } catch {
      // A full or forbidden store: the taps live as long as the page.
    }
    unsent.hidden = !failed || !queue.length;
    unsent.textContent = unsent.dataset.words.replace("%n", queue.length);
  };

  const paint = (person, status) => {
    const row = line(person);
    if (!row) return;
    row.dataset.status = status === "batal" ? "" : status;
    row.toggleAttribute("data-waits", queue.some((tap) => tap.person === person));
    const said = row.querySelector("[data-said]");
    said.hidden = true;
    for (const button of row.querySelectorAll("[data-way]")) {
      const is = button.dataset.way === status;
      button.setAttribute("aria-pressed", String(is));
      button.value = `${person}:${is ? "batal" : button.dataset.way}`;
      if (button.matches(".att-tap")) button.classList.toggle("l-quiet", !is);
      if (!is) continue;
      said.textContent = button.textContent.trim();
      said.hidden = false;
    }
    tally();
  };

  const tally = () => {
    const here = [...form.querySelectorAll("[data-status]:not([data-twice])")].filter((one) => CAME.includes(one.dataset.status));
    document.querySelector("[data-came]").textContent = here.length;
  };

  const fault = (person, words) => {
    const place = line(person)?.querySelector("[data-fault]");
    if (!place) return;
    place.hidden = !words;
    place.textContent = words;
  };

  const later = (seconds) => {
    failed += 1;
    keep();
    clearTimeout(timer);
    timer = setTimeout(drain, Math.min(seconds * 1000 || 1000 * 2 ** Math.min(failed, 5), AT_MOST));
  };

  async function drain() {
    if (sending || !queue.length) return;
    sending = true;
    const tap = queue[0];
    try {
      const body = new FormData();
      body.set("csrfmiddlewaretoken", form.querySelector("[name=csrfmiddlewaretoken]").value);
      body.set("key", tap.key);
      body.set("tandai", `${tap.person}:${tap.status}`);
      body.set("waktu", tap.at);
      const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" }, signal: AbortSignal.timeout(15000) });
      const wait = Number(answer.headers.get("Retry-After"));
      const told = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : null;
      if (answer.redirected || (!told && answer.status < 500)) {
        fault(tap.person, form.dataset.signin);
        throw new Error("signed out");
      }
      if (!told || wait) {
        sending = false;
        return later(wait);
      }
      queue.shift();
      moves += 1;
      failed = 0;
      fault(tap.person, told.reason ?? "");
      const row = line(tap.person);
      if (!told.reason && row) row.dataset.kept = told.status;
      if (!queue.some((other) => other.person === tap.person)) paint(tap.person, told.reason ? row?.dataset.kept ?? "" : told.status);
      keep();
    } catch {
      sending = false;
      return later(0);
    }
    sending = false;
    drain();
  }

  for (const row of form.querySelectorAll("[data-person]")) row.dataset.kept = row.dataset.status;
  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (button?.name !== "tandai") return;
    event.preventDefault();
    const [person, status] = button.value.split(":");
    moves += 1;
    queue.push({ person, status, key: newKey(), at: new Date(Date.now() + skew).toISOString() });
    fault(person, "");
    paint(person, status);
    const others = button.closest("details");
    if (others) {
      others.open = false;
      others.querySelector("summary").focus();
    }
    keep();
    drain();
  });
  addEventListener("online", drain);
  for (const tap of queue) paint(tap.person, tap.status);
  failed = queue.length ? 1 : 0;
  keep();
  drain();

  const overtake = ({ people, merged }) => {
    const lines = [...form.querySelectorAll("[data-person]")];
    const who = (row) => merged[row.dataset.person] ?? row.dataset.person;
    const listed = new Set(lines.map(who));
    const more = Object.entries(people).filter(([person, status]) => status && !listed.has(person)).length;
    const place = document.querySelector("[data-more]");
    place.hidden = !more;
    place.querySelector("span").textContent = place.dataset.words.replace("%n", more);
    for (const row of lines) {
      const person = row.dataset.person;
      const status = people[who(row)] ?? "";
      // Two lines of somebody who was merged since are one person; a set forgets whom it was told of.
      row.toggleAttribute("data-twice", !listed.delete(who(row)));
      row.dataset.kept = status;
      // What waits here to be sent is not overwritten; what has no buttons is corrected elsewhere.
      if (queue.some((tap) => tap.person === person) || row.dataset.status === status) continue;
      if (!row.querySelector("[data-way]")) continue;
      fault(person, "");
      paint(person, status || "batal");
    }
    tally();
  };
  if (form.dataset.state) watch(form.dataset.state, () => (sending ? -1 : moves), overtake);
}

/* What stands on the server, while somebody looks. `moves` says whether something happened here meanwhile. */
function watch(address, moves, show) {
  let known = "";
  let failed = 0;
  let looking = false;
  let timer = 0;
  const soon = () => {
    clearTimeout(timer);
    if (!document.hidden) timer = setTimeout(look, Math.min(LOOK_EVERY * 2 ** failed, 4 * AT_MOST));
  };
  async function look() {
    if (looking || document.hidden) return;
    looking = true;
    const before = moves();
    try {
      const headers = known ? { "If-None-Match": known } : {};
      const answer = await fetch(address, { headers, cache: "no-store", signal: AbortSignal.timeout(15000) });
      // Signed out, or no longer theirs: the next tap says so.
      if (answer.redirected || [403, 404].includes(answer.status)) return;
      if (answer.status !== 304) {
        if (!answer.ok) throw new Error(String(answer.status));
        const told = await answer.json();
        if (before >= 0 && before === moves()) {
          known = answer.headers.get("ETag") ?? "";
          show(told);
        }
      }
      failed = 0;
    } catch {
      failed = Math.min(failed + 1, 4);
    } finally {
      looking = false;
    }
    soon();
  }
  document.addEventListener("visibilitychange", () => (document.hidden ? clearTimeout(timer) : look()));
  soon();
}

function headcount(form) {
  const number = (input) => (/^\d{1,4}$/.test(input.value.trim()) ? Number(input.value) : 0);
  const sum = (what) => [...form.querySelectorAll(`${what} input`)].reduce((all, input) => all + number(input), 0);
  const draw = () => {
    form.querySelector("[data-total]").textContent = sum("[data-box=all]");
    for (const place of form.querySelectorAll("[data-sum]")) {
      const which = place.dataset.sum;
      place.textContent = sum(which === "disabled" ? "[data-box=disabled]" : `[data-box=all][data-sex=${which}]`);
    }
  };
  form.addEventListener("input", draw);
  form.addEventListener("focusin", (event) => event.target.matches(".att-box input") && event.target.select());
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[name=ubah]");
    if (!button) return;
    event.preventDefault();
    const input = button.closest("[data-box]").querySelector("input");
    input.value = Math.min(9999, Math.max(0, number(input) + Number(button.value.split(":")[1])));
    draw();
  });
  draw();
}

function wall() {
  const part = () => document.querySelector("[data-wall]");
  let failed = 0;
  const again = async () => {
    try {
      const answer = await fetch(location.href, { signal: AbortSignal.timeout(15000) });
      if (answer.redirected) return location.reload();
      if (!answer.ok) throw new Error(String(answer.status));
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-wall]");
      if (!fresh) return location.reload();
      const next = document.importNode(fresh, true);
      // The picture is there before it is shown, so that the wall never stands empty.
      await next.querySelector(".att-qr")?.decode().catch(() => {});
      part().replaceWith(next);
      failed = 0;
      wait(Number(next.dataset.seconds));
    } catch {
      failed += 1;
      part().querySelector("[data-lost]").hidden = false;
      wait(Math.min(2 ** failed, 30));
    }
  };
  const wait = (seconds) => setTimeout(again, Math.min(seconds, 20) * 1000 + 200);
  wait(Number(part().dataset.seconds));
}

for (const form of document.querySelectorAll("[data-roll]")) rollCall(form);
for (const form of document.querySelectorAll("[data-count]")) headcount(form);
if (document.querySelector("[data-wall]")) wall();
document.querySelector("#periksa, #kenal")?.focus();
