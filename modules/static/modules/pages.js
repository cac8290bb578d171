// Arrow keys and a presenter's remote turn the steps of a screen.
const turn = { ArrowRight: "next", PageDown: "next", ArrowLeft: "prev", PageUp: "prev" };

addEventListener("keydown", (event) => {
  if (event.target.closest("input, select, textarea")) return;
  const link = document.querySelector(`a[rel="${turn[event.key]}"]`);
  if (turn[event.key] && link) {
    event.preventDefault();
    link.click();
  }
});
