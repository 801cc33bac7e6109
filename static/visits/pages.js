// Pages taken along: my list, households and forms that were opened, or pinned. Sealed, and only with a safe line.
window.Pages = (() => {
  const KEPT = /^\/(notices\/|visits\/($|((|gatherings\/|handouts\/|deeds\/|stays\/)new|records)\/$|entries\/))/;
  const MOST = 300;

  // The same page whatever identity or campaign its address brought along.
  function key(text) {
    const address = new URL(text, location.href), query = new URLSearchParams();
    for (const name of ["entry", "q", "show", "after"]) if (address.searchParams.get(name)) query.set(name, address.searchParams.get(name));
    return `${address.pathname === "/" ? "/visits/" : address.pathname}?${query}`;
  }

  async function keep(address, html, title) {
    const sealed = await Vault.seal({ html, title, address });
    if (sealed.plain) return false;
    await Store.pages.change(key(address), () => ({ id: key(address), person: Vault.person(), at: Date.now(), sealed }));
    return true;
  }

  async function tidy() {
    const rows = (await Store.pages.all()).sort((a, b) => b.at - a.at);
    const gone = rows.filter((row, n) => n >= MOST || row.person !== Vault.person());
    for (const row of gone) await Store.pages.change(row.id, () => null);
  }

  async function find(address) {
    const row = await Store.pages.get(key(address));
    return row && row.person === Vault.person() ? { at: row.at, ...(await Vault.open(row.sealed)) } : null;
  }

  async function titles() {
    const rows = (await Store.pages.all()).filter((row) => row.person === Vault.person());
    const opened = await Promise.all(rows.map((row) => Vault.open(row.sealed)));
    return opened.filter(Boolean).map(({ address, title }) => ({ address, title }));
  }

  async function take(address, title) {
    const answer = await fetch(address, { credentials: "same-origin" }).catch(() => null);
    return Boolean(answer && answer.ok) && keep(address, await answer.text(), title);
  }

  // The page and the form of every household on this page of my list.
  async function pin(button) {
    const doors = [...document.querySelectorAll("li.entry")].filter((item) => item.querySelector("a.entry-file"));
    let done = 0;
    button.disabled = true;
    for (const door of doors) {
      const form = door.querySelector("a.entry-file"), page = door.querySelector("a.entry-words");
      const taken = [take(form.href, form.textContent)];
      if (page) taken.push(take(page.href, page.querySelector(".entry-address").textContent));
      if ((await Promise.all(taken)).includes(false)) break;
      done += 1;
      button.textContent = say("pinning", `${done} / ${doors.length}`);
    }
    button.textContent = say(done === doors.length ? "pinned" : "pin_again");
    button.disabled = done === doors.length;
  }

  function offer() {
    const list = document.querySelector("ul.entries");
    if (!list || !list.querySelector("a.entry-file")) return;
    const button = el("button", "button pin", say("pin"));
    button.type = "button";
    button.addEventListener("click", () => pin(button).catch(() => { button.disabled = false; }));
    list.before(button);
  }

  // `html`: the page as it came, before any script touched it.
  async function start(html) {
    if (!Vault.isPossible || !navigator.serviceWorker) return;
    offer();
    if (!KEPT.test(location.pathname)) return;
    await keep(location.href, html, document.title);
    // Whoever is asked without a signal may read it too.
    const notice = document.querySelector(".notice-line a");
    if (notice && !(await find(notice.href))) await take(notice.href, notice.textContent);
    await tidy();
  }

  return { start, find, titles };
})();
