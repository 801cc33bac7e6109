// Starts everything on a page of somebody who visits.
(() => {
  const SEEN = "canvass:seen", HALF_A_DAY = 12 * 3600 * 1000;
  const html = document.documentElement.outerHTML;
  const page = document.getElementById("phone");

  // Half a day without anybody: pages are wiped as at sign-out. Drafts and the queue stay, sealed.
  async function wipeWhenIdle() {
    let seen = Date.now();
    try {
      seen = Number(localStorage.getItem(SEEN)) || seen;
      localStorage.setItem(SEEN, Date.now());
    } catch { /* then nothing was kept either */ }
    if (Math.abs(Date.now() - seen) > HALF_A_DAY) await Store.pages.clear();
  }

  function notices() {
    const main = document.getElementById("main");
    const note = (text, kind) => {
      const made = el("p", `notice ${kind}`, text);
      made.setAttribute("role", "status");
      main.prepend(made);
      return made;
    };
    const next = () => Object.assign(el("a", "row-link", say("next_one")), { href: page.dataset.list });
    if (window.openedOffline) note(say("kept_page", new Date(window.openedOffline).toLocaleString()), "notice-warning");
    try {
      const filed = sessionStorage.getItem("canvass:filed");
      if (filed) note(say("filed"), "notice-success").append(...(filed === "visit" ? [" ", next()] : []));
      sessionStorage.removeItem("canvass:filed");
    } catch { /* the page itself shows what was filed */ }
  }

  document.querySelectorAll("form[action$='/logout/']").forEach((form) => form.addEventListener("submit", () => Vault.forget()));
  notices();
  Queue.start();
  wipeWhenIdle().catch(() => {})
    .then(() => window.Filing && Filing.start()).catch(() => {})
    .then(() => Outbox.start())
    .then(() => (window.openedOffline ? undefined : Pages.start(html))).catch(() => {});
  if (Vault.isPossible && navigator.serviceWorker) navigator.serviceWorker.register(page.dataset.worker).catch(() => {});
})();
