"""A person who has a keyboard and no pointer: where they are, and that they see it."""

# The focused element, or the label that shows its focus, has an outline and is on the screen, and
# nothing covers all of it. Returns what is wrong, "" for nothing.
SEEN = """() => {
  const one = document.activeElement;
  if (one === document.body) return "";
  const marked = [one, one.parentElement, one.closest("label")].find((each) => {
    const style = each && getComputedStyle(each);
    return style && style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  });
  const told = one.outerHTML.slice(0, 120);
  if (!marked) return `no outline: ${told}`;
  const box = marked.getBoundingClientRect();
  const spots = [];
  for (const x of [0.1, 0.5, 0.9]) for (const y of [0.1, 0.5, 0.9])
    spots.push([box.left + box.width * x, box.top + box.height * y]);
  const shown = spots.some(([x, y]) => {
    const there = document.elementFromPoint(x, y);
    return there && (marked.contains(there) || there.contains(marked));
  });
  return shown ? "" : `hidden: ${told}`;
}"""
# Whether the focus is there, or on another radio button of the same question.
THERE = """one => {
  const now = document.activeElement;
  const among = (each) => each.type === "radio" && each.name === now.name && each.form === now.form;
  return one === now || (now.type === "radio" && among(one));
}"""
ALONE = "one => one === document.activeElement"
NOWHERE = "() => document.activeElement === document.body"
MOST = 150


class Keyboard:
    """Tab, Space, Enter and arrows on one page."""

    def __init__(self, page):
        self.page = page

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)

    def tab(self, key: str = "Tab") -> None:
        self.press(key)
        wrong = self.page.evaluate(SEEN)
        assert wrong == "", wrong

    def to(self, locator) -> "Keyboard":
        """Tab on until it has the focus; of a question, until one of its answers has."""
        for _n in range(MOST):
            if locator.evaluate(THERE):
                return self
            self.tab()
        raise AssertionError(f"out of reach: {locator}")

    def push(self, locator, key: str = "Enter") -> None:
        self.to(locator).press(key)

    def pick(self, radio) -> None:
        """Choose one answer of several with Space and arrows."""
        self.to(radio).press("Space")
        for _n in range(MOST):
            if radio.evaluate(ALONE):
                break
            self.tab("ArrowDown")
        assert radio.is_checked()

    def write(self, field, words: str) -> None:
        self.to(field).press("Control+a")
        self.page.keyboard.type(words)

    def go_round(self) -> None:
        """Tab off the page, once through the whole of it, and back in: no trap holds the focus."""
        self._leave()
        assert self._leave() > 0, "nothing takes the focus"
        for _n in range(3):
            self.tab("Shift+Tab")

    def _leave(self) -> int:
        """Tab until the focus is off the page; return how many stops lay on the way."""
        for stops in range(MOST):
            self.tab()
            if self.page.evaluate(NOWHERE):
                return stops
        raise AssertionError("the focus never leaves the page")
