// Looks every second and a half how far the work is. Without it the page reloads itself.
const region = document.getElementById("progress");

async function look() {
  const answer = await fetch(location.href, { credentials: "same-origin" }).catch(() => null);
  if (answer === null) return setTimeout(look, 5000);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById("progress");
  if (fresh === null || !("running" in fresh.dataset)) return location.reload();
  region.replaceChildren(...fresh.childNodes);
  setTimeout(look, 1500);
}

setTimeout(look, 1000);
