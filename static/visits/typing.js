// Typing paper in by keyboard alone: Enter goes on, the last Enter files, and the cursor is back in the first field.
window.Typing = (() => {
  const STICKY = ["day", "people"];
  const form = () => document.getElementById("typing");
  const list = () => document.getElementById("door-options");
  const status = () => document.getElementById("typing-status");
  const door = () => form().elements.door;
  const lines = () => [...form().querySelectorAll("input[type=text]")];
  const slot = () => `canvass:typing:${form().dataset.person}:${location.search}`;
  let busy = false, asked = 0, waiting = 0;

  // --- Nothing typed is lost ---------------------------------------------------------------------------------

  function keep() {
    const fields = ["client_id", "entry", ...lines().map((line) => line.name)];
    const values = Object.fromEntries(fields.map((name) => [name, form().elements[name].value]));
    try { sessionStorage.setItem(slot(), JSON.stringify(values)); } catch { /* the form itself still holds it */ }
  }

  function recall() {
    let values = null;
    try { values = JSON.parse(sessionStorage.getItem(slot())); } catch { /* nothing was kept */ }
    for (const [name, value] of Object.entries(values || {})) if (form().elements[name]) form().elements[name].value = value;
  }

  function forget() {
    try { sessionStorage.removeItem(slot()); } catch { /* nothing was kept */ }
  }

  // --- Doors to choose from ----------------------------------------------------------------------------------

  function close() {
    list().hidden = true;
    list().replaceChildren();
    door().setAttribute("aria-expanded", "false");
    door().removeAttribute("aria-activedescendant");
  }

  function choose(option) {
    form().elements.entry.value = option.dataset.number;
    door().value = option.dataset.address;
    close();
    keep();
  }

  function mark(option) {
    for (const one of list().children) one.setAttribute("aria-selected", String(one === option));
    door().setAttribute("aria-activedescendant", option.id);
  }

  function offer(doors, more) {
    close();
    doors.forEach(({ number, address, holder }, n) => {
      const option = el("li", "", el("b", "", address), el("span", "small soft", `${holder} ${number}`));
      Object.assign(option.dataset, { number, address });
      option.id = `door-option-${n}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.addEventListener("mousedown", (event) => { event.preventDefault(); choose(option); });
      list().append(option);
    });
    list().hidden = !doors.length;
    door().setAttribute("aria-expanded", String(Boolean(doors.length)));
    if (more) status().textContent = form().dataset.many;
  }

  async function find() {
    const mine = (asked += 1), text = door().value.trim();
    if (text.length < 2) return close();
    const answer = await fetch(`${form().dataset.doors}&q=${encodeURIComponent(text)}`, { credentials: "same-origin" }).catch(() => null);
    if (!answer || !answer.ok || mine !== asked || form().elements.entry.value) return undefined;
    const { doors, more } = await answer.json().catch(() => ({ doors: [] }));
    if (mine !== asked) return undefined;
    // A scanned code is read and left behind before the answer comes: it shows the door that it means.
    if (document.activeElement === door()) return offer(doors, more);
    if (doors.length === 1) { offer(doors); choose(list().firstChild); }
    return undefined;
  }

  function move(step) {
    const options = [...list().children], now = options.findIndex((one) => one.getAttribute("aria-selected") === "true");
    if (options.length) mark(options[(now + step + options.length) % options.length]);
  }

  // --- Filing ------------------------------------------------------------------------------------------------

  function clean() {
    form().querySelectorAll(".field-error").forEach((old) => old.remove());
    for (const line of form().querySelectorAll("[aria-invalid]")) {
      line.removeAttribute("aria-invalid");
      line.setAttribute("aria-describedby", line.dataset.described || "");
    }
    document.querySelectorAll("main > .notice").forEach((old) => old.remove());
    document.getElementById("typing-conflict").hidden = true;
    status().textContent = "";
  }

  function complain({ errors, doors }) {
    const wrong = lines().filter((line) => errors[line.name]);
    for (const line of wrong) {
      const parts = errors[line.name].map((text) => el("p", "field-error", text));
      const box = el("div", "", ...parts);
      box.id = `${line.id}_error`;
      if (line.dataset.described === undefined) line.dataset.described = line.getAttribute("aria-describedby") || "";
      line.setAttribute("aria-invalid", "true");
      line.setAttribute("aria-describedby", box.id);
      line.before(box);
    }
    const whole = errors[""] || errors.__all__ || [form().dataset.wrong];
    status().textContent = whole.join(" ");
    const first = wrong[0] || door();
    first.focus();
    first.select();
    if (doors && doors.length) offer(doors);
  }

  function add({ address, facts, url, void: voiding }) {
    const link = (text, target) => Object.assign(el("a", "row-link", text, el("span", "visually-hidden", ` ${address}`)), { href: target });
    const buttons = el("p", "buttons", el("span", "mark", form().dataset.filed), link(form().dataset.open, url), link(form().dataset.void, voiding));
    document.getElementById("typed").prepend(el("li", "", el("b", "", address), el("span", "row-people small soft", facts), buttons));
    const nothing = document.getElementById("nothing-typed");
    if (nothing) nothing.remove();
  }

  function next(id) {
    form().elements.client_id.value = id;
    form().elements.entry.value = "";
    for (const line of lines()) if (!STICKY.includes(line.name)) line.value = "";
    forget();
    door().focus();
  }

  function conflict(answer) {
    const offered = document.getElementById("typing-conflict"), link = offered.querySelector("a");
    complain(answer);
    offered.hidden = false;
    link.hidden = !answer.stored;
    if (answer.stored) link.href = answer.stored;
    const anew = offered.querySelector("button");
    anew.onclick = () => { form().elements.client_id.value = answer.next; file(); };
    anew.focus();
  }

  async function send() {
    const answer = await fetch(form().action, {
      method: "POST", body: new FormData(form()), headers: { Accept: "application/json" }, credentials: "same-origin",
    });
    return { code: answer.status, said: await answer.json() };
  }

  async function file() {
    if (busy) return;
    busy = true;
    asked += 1;
    clearTimeout(waiting);
    close();
    clean();
    status().textContent = form().dataset.busy;
    // Until the answer is there nothing can be typed into a row that may just have been filed.
    lines().forEach((line) => { line.readOnly = true; });
    const answer = await send().catch(() => null);
    lines().forEach((line) => { line.readOnly = false; });
    busy = false;
    if (!answer) status().textContent = form().dataset.failed;
    else if (answer.code === 422) { form().elements.client_id.value = answer.said.client_id; complain(answer.said); keep(); }
    else if (answer.code === 409) conflict(answer.said);
    else {
      if (answer.said.is_new) add(answer.said.row);
      next(answer.said.next);
      status().textContent = answer.said.told;
    }
  }

  // --- Keys --------------------------------------------------------------------------------------------------

  function onEnter(event) {
    event.preventDefault();
    const all = lines(), line = event.target, at = all.indexOf(line);
    if (event.ctrlKey || event.metaKey || at === all.length - 1) return file();
    if (line === door()) {
      const marked = list().querySelector("[aria-selected=true]") || (list().children.length === 1 && list().firstChild);
      if (marked) choose(marked);
      close();
      if (line.value && !form().elements.entry.value) find();
    }
    // A line without a nature is empty, and so are those below it.
    const to = line.name.startsWith("nature_") && !line.value ? all[all.length - 1] : all[at + 1];
    to.focus();
    to.select();
    return undefined;
  }

  function onKey(event) {
    // Enter and arrows belong to the input method while it composes.
    if (event.isComposing || event.keyCode === 229 || !lines().includes(event.target)) return;
    if (event.key === "Enter") { if (!event.repeat) onEnter(event); else event.preventDefault(); return; }
    if (event.target !== door() || list().hidden) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") { event.preventDefault(); move(event.key === "ArrowDown" ? 1 : -1); }
    if (event.key === "Escape") close();
  }

  function onInput(event) {
    if (event.target === door()) {
      form().elements.entry.value = "";
      clearTimeout(waiting);
      if (!door().value.includes("entry=")) waiting = setTimeout(find, 200);
    }
    keep();
  }

  function start() {
    if (!form()) return;
    const radios = document.getElementById("door-radios");
    if (radios) radios.replaceWith(Object.assign(el("input"), { type: "hidden", name: "entry" }));
    for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-controls", "door-options"], ["aria-expanded", "false"]]) door().setAttribute(name, value);
    document.getElementById("typing-keys").hidden = false;
    if (!form().querySelector(".field-error")) recall();
    form().addEventListener("keydown", onKey);
    form().addEventListener("input", onInput);
    form().addEventListener("submit", (event) => { event.preventDefault(); file(); });
    door().addEventListener("blur", () => setTimeout(close, 100));
    document.querySelectorAll("form[action$='/logout/']").forEach((out) => out.addEventListener("submit", forget));
    form().dataset.ready = "yes";
  }

  return { start };
})();
document.addEventListener("DOMContentLoaded", () => window.Typing.start());
