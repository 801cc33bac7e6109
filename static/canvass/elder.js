// Elder mode. The server writes the class into every page it sends; a page that was kept on the phone, or that the
// browser's own "back" brings, follows the cookie. The switch works in place, so that nothing typed is lost.
(() => {
  const root = document.documentElement;
  const follow = () => {
    const chosen = /(?:^|; )elder=([01])/.exec(document.cookie);
    if (chosen) root.classList.toggle("elder", chosen[1] === "1");
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest(".elder-switch button");
    if (!button) return;
    event.preventDefault();
    const value = button.value, secure = location.protocol === "https:" ? "; secure" : "";
    root.classList.toggle("elder", value === "1");
    // Works without a signal; the server's own cookie lasts longer, because some browsers forget a script's in a week.
    document.cookie = `elder=${value}; path=/; max-age=31536000; samesite=lax${secure}`;
    fetch(button.form.action, { method: "POST", body: new URLSearchParams({ elder: value }), redirect: "manual" }).catch(() => {});
    [...button.form.querySelectorAll("button")].find((other) => other !== button).focus();
  });
  window.addEventListener("pageshow", follow);
  follow();
})();
