// What is wrong with a page in the hand, in sentences: read by test_phone_pages.py.
() => {
  const wrong = [], width = document.documentElement.clientWidth;
  const name = (element) => `<${element.tagName.toLowerCase()} ${element.id || element.className || element.name || ""}> ${(element.innerText || "").trim().slice(0, 20)}`;
  const isShown = (element) => element.checkVisibility({ checkVisibilityCSS: true, contentVisibilityAuto: true });
  const isForReadersOnly = (element) => element.closest(".visually-hidden, [aria-hidden=true]");
  const shown = [...document.body.querySelectorAll("*")].filter(isShown);

  // Nothing sticks out sideways or is cut off, but for a table in its own scrolling frame.
  const wide = document.documentElement.scrollWidth;
  if (wide > width) wrong.push(`${wide} px wide`);
  for (const element of shown) {
    if (isForReadersOnly(element) || element.closest("svg, .table-frame")) continue;
    const box = element.getBoundingClientRect();
    if (box.right > width + 1 || box.left < -1) wrong.push(`sticks out: ${name(element)}`);
    const style = getComputedStyle(element);
    const isCut = style.overflowX !== "visible" && element.scrollWidth > element.clientWidth + 1;
    if (isCut && !["TEXTAREA", "INPUT", "SELECT", "PROGRESS"].includes(element.tagName)) wrong.push(`is cut: ${name(element)}`);
  }

  // Everything to tap is 44 px high and wide, but for a link among the words of a sentence.
  const isInSentence = (link) => {
    if (link.tagName !== "A" || getComputedStyle(link).display !== "inline") return false;
    return [...link.parentElement.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim().length > 1);
  };
  const targets = new Map();
  for (const element of shown.filter((one) => one.matches("a[href], button, input, select, textarea, summary"))) {
    if (isForReadersOnly(element) || isInSentence(element)) continue;
    const label = element.matches("[type=radio], [type=checkbox]") && element.labels[0];
    targets.set(element, (label || element).getBoundingClientRect());
  }
  for (const [element, box] of targets) {
    if (box.height < 43.9 || box.width < 43.9) wrong.push(`${Math.round(box.width)} × ${Math.round(box.height)} px: ${name(element)}`);
  }

  // No two of them lie on one another; what sticks to the foot of the window does, while one scrolls.
  const isSticky = (element) => element.closest(".tick-bar, .form-foot, .skip-link");
  const boxes = [...targets].filter(([element]) => !isSticky(element));
  boxes.forEach(([one, a], n) => {
    for (const [other, b] of boxes.slice(n + 1)) {
      const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (across > 1 && down > 1 && !one.contains(other)) wrong.push(`overlap: ${name(one)} and ${name(other)}`);
    }
  });

  // Every control has a label; a mark says in words what its colour says.
  for (const control of shown.filter((one) => one.matches("input:not([type=hidden]), select, textarea"))) {
    if (!isForReadersOnly(control) && !control.labels.length && !control.matches("[aria-label], [aria-labelledby]")) wrong.push(`no label: ${name(control)}`);
  }
  for (const mark of shown.filter((one) => one.matches(".mark, .notice, .kept, .outbox-badge, .due-now, .late, .field-error"))) {
    if (!mark.innerText.trim()) wrong.push(`a colour without a word: ${name(mark)}`);
  }
  return wrong;
}
