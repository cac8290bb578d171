// A pupil's phone follows the class, and loses no answer when the connection goes.
const room = document.getElementById("ruang");
// From here on the page goes on by itself.
room.dataset.live = "";
const news = document.getElementById("kabar");
const waiting = document.getElementById("antre");
const onward = document.getElementById("lanjut");
const { page, asks, queue: name, one, many, offline, moved, lost } = room.dataset;
const BEAT = 4000;
const SLOWEST = 60_000;
const PATIENCE = 20_000;
// Answers of ours that are no page: the session was deleted, or the form is none.
const GONE = [400, 404, 413];

// What is unsent, oldest first: {url, body, key}. It stays until the server has answered.
let kept = [];
try {
  kept = JSON.parse(sessionStorage.getItem(name)) ?? [];
} catch {
  // Without storage the queue lives as long as the page.
}

function keep(entries) {
  kept = entries;
  try {
    if (kept.length) sessionStorage.setItem(name, JSON.stringify(kept));
    else sessionStorage.removeItem(name);
  } catch {
    // As above.
  }
}

const place = () => document.getElementById("kelas");
const begun = (root) => [...root.querySelectorAll("[data-keep][data-begun]")];

function say(words) {
  news.textContent = "";
  // A screen reader notices a change, not the same words again.
  setTimeout(() => (news.textContent = words), 50);
}

let cut = false;

function tell() {
  const count = kept.length;
  const words = count === 1 ? one : many.replace("{n}", count);
  waiting.hidden = !count && !cut;
  waiting.textContent = [cut && offline, count && words].filter(Boolean).join(" ");
}

function connected(yes) {
  cut = !yes;
  tell();
}

async function ask(url, options = {}) {
  const answer = await fetch(url, {
    ...options,
    cache: "no-store",
    signal: AbortSignal.timeout?.(PATIENCE),
  });
  // A portal of the network, or a server that is down: ask again later.
  if (answer.status >= 500 || answer.status === 408) throw new Error(answer.status);
  connected(true);
  return answer;
}

// Following the class

let next = null;

// What was chosen in one form, in another of the same fields.
function refill(form, from) {
  const chosen = new FormData(from);
  for (const field of form.querySelectorAll("input:not([type=hidden]), select, textarea")) {
    if (["radio", "checkbox"].includes(field.type)) field.checked = chosen.getAll(field.name).includes(field.value);
    else if (chosen.has(field.name)) field.value = chosen.get(field.name);
  }
  form.dataset.begun = "";
}

// Put a new page in, with every form that somebody has begun to fill in. Says whether it could.
function swap(fresh, { always = false, focus = "" } = {}) {
  const old = place();
  const open = begun(old);
  const homeless = open.filter((part) => !fresh.querySelector(`#${CSS.escape(part.id)}`));
  if (homeless.length && !always) return false;
  const left = old.dataset.step !== fresh.dataset.step || old.dataset.state !== fresh.dataset.state;
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  for (const part of open) {
    const there = fresh.querySelector(`#${CSS.escape(part.id)}`);
    // What came back without its buttons, because the session had ended, takes those of now.
    if (there?.querySelector("button") && !part.querySelector("button") && part.matches("form")) refill(there, part);
    else there?.replaceWith(part);
  }
  old.replaceWith(fresh);
  onward.parentElement.hidden = true;
  next = null;
  if (left) {
    scrollTo(0, 0);
    const title = fresh.querySelector("[data-title], h1")?.textContent ?? "";
    say(`${moved} ${title}`);
    if (focused) fresh.focus({ preventScroll: true });
  } else if (focus && document.getElementById(focus)) {
    document.getElementById(focus).focus();
  } else if (focused && fresh.contains(focused)) {
    focused.focus({ preventScroll: true });
  } else if (focused?.id) {
    document.getElementById(focused.id)?.focus({ preventScroll: true });
  }
  return true;
}

async function read(answer) {
  const text = await answer.text();
  return new DOMParser().parseFromString(text, "text/html").getElementById("kelas");
}

function offer(fresh) {
  next = fresh;
  if (onward.parentElement.hidden) {
    onward.parentElement.hidden = false;
    say(`${moved} ${onward.textContent}`);
  }
}

async function follow() {
  const fresh = await read(await ask(page));
  if (!fresh) {
    // This phone has left, in another tab perhaps. What is unsent waits for who joins again.
    if (!begun(place()).length) location.reload();
    return;
  }
  if (!swap(fresh)) offer(fresh);
}

onward.addEventListener("click", async () => {
  const fresh = next;
  onward.parentElement.hidden = true;
  if (fresh) swap(fresh, { always: true });
  place().focus({ preventScroll: true });
});

let timer;
let pause = BEAT;

function later() {
  clearTimeout(timer);
  // Five hundred phones that woke up together drift apart.
  timer = setTimeout(look, pause * (0.75 + Math.random() / 2));
}

async function look() {
  clearTimeout(timer);
  if (document.hidden) return;
  try {
    const answer = await ask(asks);
    if (answer.ok) {
      const { step, state } = await answer.json();
      const shown = (next ?? place()).dataset;
      // An ended session may be opened again, but not every four seconds.
      pause = state === "tutup" ? SLOWEST : BEAT;
      if (String(step) !== shown.step || state !== shown.state) await follow();
    } else if (answer.status !== 429) {
      await follow();
      pause = SLOWEST;
    }
    if (kept.length) await flush();
  } catch {
    pause = Math.min(pause * 2, SLOWEST);
    connected(false);
  }
  later();
}

// Sending answers

let sending = null;

function flush() {
  sending ??= send().finally(() => (sending = null));
  return sending;
}

async function send() {
  while (kept.length) {
    const entry = kept[0];
    const body = new URLSearchParams(entry.body);
    // The page may have been loaded anew since, with another token.
    const token = place().querySelector("[name=csrfmiddlewaretoken]")?.value;
    if (token) body.set("csrfmiddlewaretoken", token);
    const [url, focus] = entry.url.split("#");
    let answer, fresh;
    try {
      answer = await ask(url, { method: "POST", body });
      if (answer.headers.has("Retry-After")) return;
      fresh = await read(answer);
      // A token that is too old, or a phone that has left.
      if (!fresh && answer.status === 403) return await follow();
      // A portal of the network answers for us.
      if (!fresh && !GONE.includes(answer.status)) throw new Error("no page of ours");
    } catch {
      connected(false);
      return;
    }
    // It was answered, whatever the answer: sending it once more would change nothing.
    keep(kept.filter((other) => other !== entry));
    tell();
    if (fresh && !swap(fresh, { focus })) offer(fresh);
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.matches("[data-leave]")) {
    if (kept.length && !confirm(lost)) event.preventDefault();
    else keep([]);
    return;
  }
  if (!form.matches("[data-send]")) return;
  event.preventDefault();
  const data = new FormData(form);
  const { name: pressed, value } = event.submitter ?? {};
  if (pressed) data.append(pressed, value);
  // The survey holds no time of day.
  if (!data.has("fase")) data.set("waktu", new Date().toISOString());
  const body = new URLSearchParams(data).toString();
  const key = data.get("key");
  delete form.dataset.begun;
  // A second tap tells the same answer; a new choice before it was sent takes its place.
  const others = kept.filter((entry) => entry.key !== key);
  keep([...others, { url: form.getAttribute("action"), body, key }]);
  flush().then(() => tell());
});

document.addEventListener("input", ({ target }) => {
  const part = target.closest("[data-keep]");
  if (part) part.dataset.begun = "";
});

// What somebody chose or wrote before this script was there.
for (const field of place().querySelectorAll("[data-keep] :is(input, textarea)")) {
  const as = ["radio", "checkbox"].includes(field.type);
  if (as ? field.checked !== field.defaultChecked : field.value !== field.defaultValue) {
    field.closest("[data-keep]").dataset.begun = "";
  }
}

addEventListener("online", () => {
  pause = BEAT;
  look();
});
addEventListener("offline", () => connected(false));
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) look();
});

tell();
if (kept.length) flush();
later();
