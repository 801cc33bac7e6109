// Alt and the key on a button presses it, in every browser alike (Firefox wants Shift too for an access key of
// its own). With a modifier, nobody decides about somebody's words by leaning on the keyboard.
document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.repeat || !event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const key = event.code.replace(/^(Key|Digit|Numpad)/, "").toLowerCase();
  const target = [...document.querySelectorAll("[accesskey]")].find((element) => element.accessKey.toLowerCase() === key);
  if (!target) return;
  event.preventDefault();
  target.click();
});
