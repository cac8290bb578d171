/* Counting hands in few taps, and typing totals of sheets. Without this file the buttons send the form and every
   sum is checked when it arrives. */
const PAD_AT_MOST = 60;
const number = (input) => (/^\d{1,4}$/.test(input.value.trim()) ? Number(input.value) : 0);
const say = (words, n, m = "") => words.replace("%n", n).replace("%m", m);

/* What was typed and not yet saved outlives a reload, in this tab alone, as long as the server holds the
   numbers with which the page began. Returns the fields that were filled in again. */
function keep(form) {
  const store = `hitung:${location.pathname}`;
  const inputs = [...form.querySelectorAll("input:not([type=hidden])")];
  const began = inputs.map((input) => input.defaultValue);
  try {
    const kept = JSON.parse(sessionStorage.getItem(store));
    if (String(kept?.began) === String(began)) inputs.forEach((input, n) => (input.value = kept.typed[n]));
  } catch {
    // Without storage it lives as long as the page.
  }
  const save = () => {
    try {
      sessionStorage.setItem(store, JSON.stringify({ began, typed: inputs.map((input) => input.value) }));
    } catch {
      // As above.
    }
  };
  addEventListener("pagehide", save);
  // A phone may throw away a page that is hidden, without another word.
  document.addEventListener("visibilitychange", save);
  return inputs.filter((input) => input.value !== input.defaultValue);
}

function hands(form) {
  keep(form);
  const people = Number(form.dataset.people);
  const several = "several" in form.dataset;
  const rows = [...form.querySelectorAll("[data-row]")].map((row) => ({
    row, input: row.querySelector("input"), pad: row.querySelector("[data-pad]"), rest: row.querySelector("[data-rest]"),
  }));
  const total = form.querySelector("[data-total]");
  const both = form.querySelector("[data-rest-save]");
  const sum = (without) => rows.reduce((all, one) => all + (one === without ? 0 : number(one.input)), 0);
  const room = (one) => Math.max(0, people - (several ? 0 : sum(one)));
  let active = null;

  const draw = () => {
    const counted = sum();
    const left = people - counted;
    if (total) {
      total.textContent = counted;
      total.closest("p").toggleAttribute("data-over", left < 0);
    }
    for (const one of rows) if (one.rest) one.rest.hidden = left <= 0;
    const empty = rows.filter((one) => one.input.value.trim() === "");
    const offers = !several && left > 0 && empty.length === 1 && rows.length > 1;
    both.hidden = !offers;
    if (offers) {
      both.value = empty[0].input.name.replace(/^n-/, "");
      both.textContent = say(both.dataset.words, left, empty[0].row.dataset.mark);
    }
    form.querySelector("[data-save]").classList.toggle("l-quiet", offers);
    both.classList.toggle("l-quiet", !offers);
  };

  const open = (one) => {
    active = one;
    for (const other of rows) {
      other.row.toggleAttribute("data-active", other === one);
      other.pad.hidden = other !== one || people > PAD_AT_MOST;
      other.pad.replaceChildren();
    }
    if (!one || one.pad.hidden) return;
    for (let n = 0; n <= room(one); n += 1) {
      const tile = document.createElement("button");
      tile.type = "button";
      tile.textContent = n;
      tile.setAttribute("aria-pressed", String(one.input.value.trim() !== "" && number(one.input) === n));
      one.pad.append(tile);
    }
  };

  const give = (one, value) => {
    one.input.value = value;
    draw();
  };
  const onward = (one) => {
    const empty = rows.find((other) => other !== one && other.input.value.trim() === "");
    open(empty ?? null);
    (empty?.row ?? form.querySelector(".tally-bar")).scrollIntoView({ block: "nearest" });
  };

  form.addEventListener("input", draw);
  form.addEventListener("focusin", (event) => {
    const one = rows.find(({ input }) => input === event.target);
    if (one && one !== active) open(one);
  });
  form.addEventListener("click", (event) => {
    const one = rows.find(({ row }) => row.contains(event.target));
    const button = event.target.closest("button");
    if (!one) return;
    if (!button) {
      if (one !== active) open(one);
    } else if (one.pad.contains(button)) {
      give(one, button.textContent);
      onward(one);
    } else if (button === one.rest) {
      event.preventDefault();
      give(one, number(one.input) + Math.max(0, people - sum()));
      onward(one);
    } else if (button.name === "ubah") {
      event.preventDefault();
      const by = Number(button.value.split(":")[1]);
      give(one, Math.max(0, Math.min(room(one), number(one.input) + by)));
      open(one);
    }
  });
  for (const one of rows) one.row.querySelector("label").addEventListener("click", (event) => {
    // A tap on an answer opens its numbers; the keyboard of the phone stays away.
    if (people > PAD_AT_MOST) return;
    event.preventDefault();
    open(one);
  });
  form.addEventListener("submit", () => setTimeout(() => {
    for (const button of form.querySelectorAll(".tally-bar button")) button.disabled = true;
  }));
  addEventListener("pageshow", () => {
    for (const button of form.querySelectorAll(".tally-bar button")) button.disabled = false;
    draw();
  });
  draw();
  open(rows.find(({ input }) => input.value.trim() === "") ?? null);
}

function sheet(form) {
  const people = Number(form.dataset.people);
  const inputs = [...form.querySelectorAll(".tally-line input:not([type=hidden])")];
  const check = (line) => {
    const several = "several" in line.dataset;
    const numbers = [...line.querySelectorAll("input:not([type=hidden])")].map(number);
    const counted = several ? Math.max(...numbers) : numbers.reduce((all, one) => all + one, 0);
    const total = line.querySelector("[data-total]");
    if (total) total.textContent = counted;
    const over = counted > people;
    line.toggleAttribute("data-over", over);
    line.toggleAttribute("data-full", counted === people);
    const fault = line.querySelector("[data-fault]");
    fault.hidden = !over;
    fault.querySelector("span").textContent = over ? say(form.dataset.over, people) : "";
  };
  form.addEventListener("input", (event) => check(event.target.closest("[data-line]")));
  form.addEventListener("focusin", (event) => event.target.matches(".tally-line input") && event.target.select());
  form.addEventListener("keydown", (event) => {
    const at = inputs.indexOf(event.target);
    if (event.key !== "Enter" || at < 0) return;
    event.preventDefault();
    (inputs[at + 1] ?? form.querySelector("[data-save]")).focus();
  });
  const again = new Set(keep(form).map((input) => input.closest("[data-line]")));
  for (const line of form.querySelectorAll("[data-line]")) {
    // What the server says of a line stays until somebody changes it.
    if (again.has(line) || line.querySelector("[data-fault]").hidden) check(line);
  }
}

for (const form of document.querySelectorAll("[data-tally]")) hands(form);
for (const form of document.querySelectorAll("[data-sheet]")) sheet(form);
document.querySelector("#fault, #periksa")?.focus();
