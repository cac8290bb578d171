// How far somebody has read: kept on this device only, erased in one tap, sent nowhere.
const place = document.querySelector("[data-module]");
const key = `jejak:modul:${place?.dataset.module}`;

function read() {
  try {
    return new Set(JSON.parse(localStorage.getItem(key)) ?? []);
  } catch {
    return new Set();
  }
}

function keep(step) {
  try {
    localStorage.setItem(key, JSON.stringify([...read().add(step)]));
  } catch {
    // A browser that keeps nothing reads just as well.
  }
}

if (place?.dataset.steps) {
  const steps = place.dataset.steps.trim().split(" ");
  const show = () => {
    const known = read();
    const number = steps.filter((step) => known.has(step)).length;
    place.hidden = number === 0;
    place.firstElementChild.textContent = place.dataset.words
      .replace("NUMBER", number)
      .replace("TOTAL", steps.length);
  };
  place.querySelector("button").addEventListener("click", () => {
    localStorage.removeItem(key);
    show();
  });
  addEventListener("pageshow", show);
  show();
} else if (place) {
  // A step counts as read when its end comes into the window.
  const watcher = new IntersectionObserver((seen) => {
    for (const { isIntersecting, target } of seen) {
      if (isIntersecting) keep(target.parentElement.dataset.step);
    }
  });
  for (const guide of document.querySelectorAll("[data-step] > :last-child")) watcher.observe(guide);
}
