// One more speaker in place. Without this the button sends the form and gets it back with a row more.

const row = "[data-speaker]";

function next(last, number) {
    const made = last.cloneNode(true);
    made.removeAttribute("id");
    made.setAttribute("aria-label", made.getAttribute("aria-label").replace(/\d+/, number + 1));
    for (const node of made.querySelectorAll("[id], [name], [for], [aria-describedby]")) {
        for (const name of ["id", "name", "for", "aria-describedby"]) {
            const value = node.getAttribute(name);
            if (value !== null) node.setAttribute(name, value.replace(/\bs\d+-/g, `s${number}-`).replace(/_s\d+-/g, `_s${number}-`));
        }
        node.removeAttribute("aria-invalid");
    }
    for (const fault of made.querySelectorAll(".l-error")) fault.remove();
    for (const input of made.querySelectorAll("input, textarea")) input.value = "";
    return made;
}

for (const button of document.querySelectorAll("button[data-more]")) {
    button.addEventListener("click", (event) => {
        event.preventDefault();
        const rows = button.closest("fieldset").querySelectorAll(row);
        const made = next(rows[rows.length - 1], rows.length);
        rows[rows.length - 1].after(made);
        if (rows.length + 1 >= Number(button.dataset.more)) button.hidden = true;
        made.querySelector("input").focus();
    });
}
