// Shows the way to what this device counted without an account, where there is any.
const counted = (name) => {
  try {
    return name.startsWith("antre:modul:") && JSON.parse(localStorage.getItem(name)).tallies.length > 0;
  } catch {
    return false;
  }
};

document.querySelector("[data-counted]").hidden = !Object.keys(localStorage).some(counted);
