// In the frame without a signal: writes the kept page over it, or says what there is.
(() => {
  const HALF_A_DAY = 12 * 3600 * 1000;

  async function idle() {
    const seen = Number(localStorage.getItem("canvass:seen")) || Date.now();
    if (Math.abs(Date.now() - seen) <= HALF_A_DAY) return;
    Vault.forget();
    await Store.pages.clear();
  }

  function list(titles) {
    const place = document.getElementById("kept-pages");
    place.append(...titles.map(({ address, title }) => {
      const link = el("a", "row-link", title);
      link.href = address;
      return el("li", "", link);
    }));
    place.closest("section").hidden = !titles.length;
  }

  // "online" says that there is a network, not that the site can be reached: ask, and ask again.
  function waitForSignal() {
    const page = document.getElementById("phone");
    const again = () => fetch(page.dataset.worker, { method: "HEAD", cache: "no-store" }).then(() => location.reload()).catch(() => {});
    window.addEventListener("online", again);
    setInterval(again, 4000);
  }

  async function show() {
    await idle();
    const found = await Pages.find(location.href);
    if (found && found.html) {
      window.openedOffline = found.at;
      document.open();
      document.write(`<!doctype html>${found.html}`);
      document.close();
      return;
    }
    waitForSignal();
    document.getElementById("no-key").hidden = Boolean(Vault.person());
    Queue.start();
    Outbox.start();
    list(await Pages.titles());
  }

  show().catch(() => { document.getElementById("no-key").hidden = false; });
})();
