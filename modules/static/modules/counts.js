/* Steps of a number and the sum of a table, at once; without this file the buttons send the form. */
const MOST = 2000;
const number = (input) => Math.max(0, Number.parseInt(input.value, 10) || 0);

for (const table of document.querySelectorAll("[data-counts]")) {
  const total = table.querySelector("[data-total]");
  const sum = () => {
    total.textContent = [...table.querySelectorAll("input")].reduce((all, input) => all + number(input), 0);
  };
  table.addEventListener("input", sum);
  table.addEventListener("click", (event) => {
    const button = event.target.closest("button.room-step");
    if (!button) return;
    event.preventDefault();
    const [, name, by] = button.value.match(/^(.*):(-?1)$/);
    const input = document.getElementById(name);
    const next = Math.min(MOST, Math.max(0, number(input) + Number(by)));
    input.value = next || "";
    sum();
    // Whoever said how many there are means those.
    const without = button.closest("form").querySelector("input[name=group][value='']");
    if (without) without.checked = true;
  });
}
