/* Keeps a screen of a session true: asks for its state every few seconds, writes the numbers where they
   stand, and fetches the page again when more than numbers changed. Nothing is lost without a connection:
   the page says so and goes on asking. */
const EVERY = 3000;
const AT_MOST = 30000;
const room = () => document.querySelector("[data-room]");
let skew = 0;
let asked = 0;
let timer = 0;

export function start() {
  if (!room()) return;
  setSkew(room().dataset.now);
  tick();
  setInterval(tick, 1000);
  wait(EVERY);
  addEventListener("online", () => wait(0));
  document.addEventListener("visibilitychange", () => document.hidden || wait(0));
}

/* Put in the part of another answer of this address; say whether there was one. */
export function swap(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html").querySelector("[data-room]");
  const old = room();
  if (!fresh || !old) return false;
  const open = [...old.querySelectorAll("details[id][open]")].map((one) => one.id);
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  old.replaceWith(document.importNode(fresh, true));
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  if (focused) focusAgain(focused);
  setSkew(room().dataset.now);
  tick();
  return true;
}

/* The same button or link in the new part; where it is gone, the title of where the class is now. */
function focusAgain(before) {
  const same = (one) => ["id", "href", "value"].every((name) => one.getAttribute(name) === before.getAttribute(name)) && one.textContent === before.textContent;
  const there = before.id ? document.getElementById(before.id) : [...room().querySelectorAll(before.tagName)].find(same);
  const title = room().querySelector("h1");
  if (!there) title?.setAttribute("tabindex", "-1");
  (there ?? title)?.focus({ preventScroll: true });
}

export function lost(is) {
  const notice = room()?.querySelector("[data-lost]");
  if (notice) notice.hidden = !is;
}

function wait(milliseconds) {
  clearTimeout(timer);
  timer = setTimeout(ask, milliseconds);
}

async function ask() {
  if (document.hidden) return wait(EVERY);
  try {
    const answer = await fetch(room().dataset.state, { headers: { Accept: "application/json" }, signal: AbortSignal.timeout(10000) });
    if (answer.redirected || [403, 404].includes(answer.status)) return location.reload();
    if (!answer.ok) throw new Error(String(answer.status));
    const state = await answer.json();
    write(state);
    const here = room().dataset;
    if (Boolean(here.running) !== state.running) return location.reload();
    if (String(state.pulse) !== here.pulse) await fetchAgain();
    lost(false);
    asked = 0;
    wait(EVERY);
  } catch {
    lost(true);
    asked += 1;
    wait(Math.min(EVERY * 2 ** Math.min(asked, 4), AT_MOST));
  }
}

async function fetchAgain() {
  if (room().contains(document.activeElement) && document.activeElement.matches("select")) return;
  const answer = await fetch(location.href, { signal: AbortSignal.timeout(15000) });
  if (!answer.ok) throw new Error(String(answer.status));
  if (!swap(await answer.text())) location.reload();
}

function write(state) {
  setSkew(state.now);
  for (const one of document.querySelectorAll("[data-participants]")) one.textContent = state.participants;
  for (const one of document.querySelectorAll("[data-answered]")) {
    const id = one.dataset.answered;
    const number = id === "sheets" ? state.sheets : state.answered[id];
    if (number === undefined) continue;
    one.querySelector("[data-number]").textContent = number;
    one.querySelector("[data-people]").textContent = state.participants;
    const bar = one.querySelector("progress");
    bar.max = Math.max(state.participants, 1);
    bar.value = number;
  }
}

function setSkew(now) {
  if (now) skew = Date.parse(now) - Date.now();
}

function tick() {
  for (const one of document.querySelectorAll("[data-timer]")) {
    const whole = Number(one.dataset.minutes) * 60;
    const gone = Math.max(0, Math.floor((Date.now() + skew - Date.parse(one.dataset.began)) / 1000));
    const left = whole - gone;
    const seconds = Math.abs(left);
    const text = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    const shown = one.querySelector("[data-left]");
    shown.hidden = false;
    // On the wall nobody is hurried.
    const late = one.closest(".wall") ? "0:00" : `+${text} ${one.dataset.over}`;
    shown.textContent = left < 0 ? late : text;
    one.classList.toggle("is-over", left < 0);
    one.querySelector("[data-plain-time]").hidden = !one.closest(".room");
    const bar = one.querySelector("[data-bar]");
    bar.hidden = false;
    bar.value = Math.min(100, (100 * gone) / whole);
  }
}
