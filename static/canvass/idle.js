// A sign-in at a desk ends after half an hour without use. Typing is use: the page says so to the site now and then.
// Before the end the page warns; after it, what was typed stays here until somebody has signed in again.
(() => {
  const bar = document.getElementById("idle");
  if (!bar) return;
  const idle = Number(bar.dataset.seconds) * 1000, soon = idle - 5 * 60000, often = Math.min(5 * 60000, idle / 6);
  const over = bar.querySelector(".idle-over"), before = bar.querySelector(".idle-soon");
  const SLOT = "canvass:last-use";
  let told = Date.now(), busy = false;

  // Another window of this browser is use too.
  function note() {
    try { localStorage.setItem(SLOT, told); } catch { /* this window speaks for itself */ }
  }
  function silence() {
    let elsewhere = 0;
    try { elsewhere = Number(localStorage.getItem(SLOT)) || 0; } catch { /* this window speaks for itself */ }
    return Date.now() - Math.max(told, Math.min(elsewhere, Date.now()));
  }

  function show() {
    const silent = silence();
    before.hidden = silent >= idle;
    over.hidden = silent < idle;
    bar.hidden = silent < soon;
  }

  // Signed in again in another window: the forms of this page need its token.
  function renew(token) {
    for (const input of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) input.value = token;
  }

  async function stay() {
    if (busy) return;
    busy = true;
    const asked = Date.now();
    try {
      const answer = await fetch(bar.dataset.stay, { headers: { Accept: "application/json" }, credentials: "same-origin", cache: "no-store" });
      if (answer.status === 401) {
        told = asked - idle;
        try { localStorage.removeItem(SLOT); } catch { /* nothing was kept */ }
      }
      if (answer.ok) {
        renew((await answer.json()).csrf);
        told = asked;
        note();
      }
    } catch { /* no signal: asked again at the next letter */ }
    busy = false;
    show();
  }

  function typing() {
    if (Date.now() - told > often) stay();
  }

  document.addEventListener("input", typing);
  document.addEventListener("change", typing);
  bar.querySelector("button").addEventListener("click", stay);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) show(); });
  setInterval(show, 15000);
  note();
})();
