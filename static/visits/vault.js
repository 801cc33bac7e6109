// What lies on the phone is sealed with a key that the server tells a live sign-in alone. The key is kept for as long
// as the tab is open, never on the disk: a phone found in the street, or lent to a colleague, tells nothing.
window.Vault = (() => {
  const SLOT = "canvass:key", OFFSET = "canvass:clock";
  const page = document.getElementById("phone");
  const isPossible = Boolean(window.isSecureContext && window.crypto && crypto.subtle);
  let keys = null, holder = "", asking = null, triedAt = 0;

  const slot = () => { try { return JSON.parse(sessionStorage.getItem(SLOT)); } catch { return null; } };
  // The frame without a signal knows nobody: there it is whoever the tab's key belongs to.
  const person = () => page.dataset.person || (slot() || {}).person || "";

  const to64 = (bytes) => {
    let text = "";
    for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
    return btoa(text);
  };
  const from64 = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

  // The next page will have no key. This one keeps it in memory: what is being typed here is still sealed.
  function forget() {
    try { sessionStorage.removeItem(SLOT); } catch { /* nothing was kept */ }
  }

  async function take(told) {
    if (!isPossible) return;
    const fresh = told.keys.map((key) => crypto.subtle.importKey("raw", from64(key), "AES-GCM", false, ["encrypt", "decrypt"]));
    keys = await Promise.all(fresh);
    holder = told.person;
    try { sessionStorage.setItem(SLOT, JSON.stringify({ person: told.person, keys: told.keys })); } catch { /* memory has them */ }
  }

  async function fetchWithin(address, options, milliseconds) {
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), milliseconds);
    try {
      const answer = await fetch(address, { ...options, credentials: "same-origin", cache: "no-store", signal: limit.signal });
      // The body too: an answer that was cut in the middle is no answer.
      const text = await answer.text();
      let told = null;
      try { told = JSON.parse(text); } catch { /* somebody's page, not our answer */ }
      return { status: answer.status, told };
    } finally {
      clearTimeout(timer);
    }
  }

  // Is the sign-in alive, and whose is it? {state: "ok", csrf} or {state: "no_signal" | "signed_out" | "other_person"}.
  async function ask() {
    const before = Date.now();
    let answer;
    try {
      answer = await fetchWithin(page.dataset.key, { headers: { Accept: "application/json" } }, 15000);
    } catch {
      return { state: "no_signal" };
    }
    const { status, told } = answer;
    if (status === 401) {
      forget();
      return { state: "signed_out" };
    }
    if (status !== 200 || !told || !told.keys) return { state: "no_signal" };
    if (person() && told.person !== person()) {
      if ((slot() || {}).person === person()) forget();
      return { state: "other_person" };
    }
    await take(told);
    try { localStorage.setItem(OFFSET, Date.parse(told.now) - (before + Date.now()) / 2); } catch { /* the phone's own time */ }
    return { state: "ok", csrf: told.csrf };
  }

  async function ready() {
    if (!isPossible) return false;
    if (keys && holder === person()) return true;
    const kept = slot();
    if (kept && kept.person === person()) {
      await take(kept);
      return true;
    }
    // Asked once for all who wait, and after a failure only every ten seconds: each letter typed would ask.
    if (!asking && Math.abs(Date.now() - triedAt) < 10000) return false;
    triedAt = Date.now();
    asking = asking || ask().then((told) => { asking = null; return told.state === "ok"; });
    return asking;
  }

  // Without a key (plain http, or the signal went between the page and its key) words are kept as they are:
  // losing them would be worse. They are sealed as soon as there is a key.
  async function sealBytes(bytes) {
    if (!(await ready())) return { plain: bytes };
    const iv = crypto.getRandomValues(new Uint8Array(12));
    return { iv, data: new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv }, keys[0], bytes)) };
  }

  async function seal(thing) {
    const text = JSON.stringify(thing), sealed = await sealBytes(new TextEncoder().encode(text));
    return sealed.plain ? { plain: text } : { iv: to64(sealed.iv), data: to64(sealed.data) };
  }

  // null when there is no key for it (yet).
  async function openBytes(sealed) {
    if (sealed.plain) return sealed.plain;
    if (!(await ready())) return null;
    for (const key of keys) {
      try {
        return new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv: sealed.iv }, key, sealed.data));
      } catch { /* an older key, perhaps */ }
    }
    return null;
  }

  async function open(sealed) {
    if (sealed.plain) return JSON.parse(sealed.plain);
    const bytes = await openBytes({ iv: from64(sealed.iv), data: from64(sealed.data) });
    return bytes && JSON.parse(new TextDecoder().decode(bytes));
  }

  // The server's time as well as this phone can tell it, however wrong its own clock is.
  function now() {
    let offset = 0;
    try { offset = Number(localStorage.getItem(OFFSET)) || 0; } catch { /* the phone's own time */ }
    return new Date(Date.now() + offset);
  }

  return { isPossible, person, ask, ready, seal, open, sealBytes, openBytes, to64, forget, fetchWithin, now };
})();
