/* The facilitator's console: a tap sends its form and shows the answer in place. Where the connection is
   lost, the tap is told not to have arrived, and the page stays. */
import { lost, start, swap } from "./live.js";

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.closest("[data-room]") || form.matches("[data-plain]") || !form.closest(".room")) return;
  event.preventDefault();
  if (form.dataset.sending) return;
  form.dataset.sending = "1";
  try {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form, event.submitter), signal: AbortSignal.timeout(15000) });
    const there = new URL(answer.url).pathname;
    if (!swap(await answer.text())) return location.assign(there.endsWith("/langkah/") ? location.href : answer.url);
    lost(false);
    document.getElementById("periksa")?.focus();
    if (form.querySelector("[name=seen]")) scrollTo({ top: 0 });
  } catch {
    lost(true);
  } finally {
    delete form.dataset.sending;
  }
});
/* The card is a sheet: a tap beside it, or Escape, closes it. */
document.addEventListener("click", (event) => {
  const card = document.querySelector(".room-told[open]");
  if (card && !card.contains(event.target)) card.open = false;
});
document.addEventListener("keydown", (event) => {
  const card = document.querySelector(".room-told[open]");
  if (event.key !== "Escape" || !card) return;
  card.open = false;
  card.querySelector("summary").focus();
});
start();
