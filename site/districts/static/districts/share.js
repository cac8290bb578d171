// Copy, and the device's own way to share: buttons that only exist where they work.
const row = document.querySelector("[data-share]");
const field = document.getElementById("teks-bagikan");

function add(words, act) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "l-button l-quiet";
  button.textContent = words;
  button.addEventListener("click", () => act(button));
  row.append(button);
}

async function copy(button) {
  const { copy: words, copied } = row.dataset;
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    field.select();
    // Where the clipboard is closed to scripts, the reader's own keys still copy what is marked.
    if (!document.execCommand("copy")) return;
  }
  button.setAttribute("aria-live", "polite");
  button.textContent = copied;
  setTimeout(() => (button.textContent = words), 4000);
}

if (row && field) {
  add(row.dataset.copy, copy);
  const [title, url] = field.value.split("\n");
  if (navigator.share) {
    add(row.dataset.more, () => navigator.share({ title, text: title, url }).catch(() => {}));
  }
}
