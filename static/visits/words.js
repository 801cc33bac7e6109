// What the scripts say, in the language of the page, and how they build a piece of it.
// Every module here may be run twice in one window (a kept page is written over the offline frame), so each hangs
// itself on the window and does nothing until it is started.
window.say = (key, n) => {
  const words = JSON.parse(document.getElementById("phone-words").textContent);
  return (words[key] || key).replace("%(n)s", n);
};

// el("p", "notice", "text", child …): nothing is ever parsed as HTML.
window.el = (tag, className, ...children) => {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
};
