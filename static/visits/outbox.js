// The queue. A record is one form under its identity:
//   {id, person, state, at, tries, next, reason, sealed}; sealed holds {address, title, fields, handed_in, answer}.
// draft -> waiting (handed in) -> sent; or invalid (to be put right) or conflict (to be decided by the person).
// Only the server's own answer about this very identity takes a record out of "waiting".
window.Outbox = (() => {
  const STEP = 20000, LONGEST = 600000, HALF_A_DAY = 12 * 3600 * 1000;
  const OPEN_FOR_TYPING = ["draft", "invalid"];

  // localStorage, where it is allowed.
  const recall = (key) => { try { return localStorage.getItem(key); } catch { return null; } };
  const remember = (key, text) => { try { localStorage.setItem(key, text); } catch { /* then nobody else looks either */ } };

  const tell = () => document.dispatchEvent(new CustomEvent("outbox"));

  async function mine() {
    const rows = await Store.records.all();
    return rows.filter((row) => row.person === Vault.person()).sort((a, b) => a.at - b.at);
  }

  // Seal first, then write in one step. A form that was handed in is never turned back into a draft by an old window.
  async function keep(id, state, payload) {
    const person = Vault.person(), sealed = await Vault.seal(payload);
    await Store.records.change(id, (old) => {
      if (old && old.person !== person) throw new Error("somebody else's form");
      if (state === "draft" && old && !OPEN_FOR_TYPING.includes(old.state)) return undefined;
      return { id, person, state, at: old ? old.at : Date.now(), tries: 0, next: 0, reason: "", sealed };
    });
    if (state === "draft") return;
    if (navigator.storage && navigator.storage.persist) navigator.storage.persist().catch(() => {});
    tell();
  }

  // What the server said holds for the words that were sent. Other words that were handed in meanwhile still wait.
  async function settle(record, state, payload) {
    const sealed = await Vault.seal(payload), sent = JSON.stringify(record.sealed);
    await Store.records.change(record.id, (old) => {
      if (!old || old.state !== "waiting" || JSON.stringify(old.sealed) !== sent) return undefined;
      return { ...old, state, sealed, reason: "", at: Date.now() };
    });
  }

  // The row of something that waits, a form or a photo, after a try that came to nothing.
  function later(old, reason) {
    if (!old || old.state !== "waiting") return undefined;
    const wait = Math.min(STEP * 2 ** old.tries, LONGEST);
    return { ...old, reason, tries: Math.min(old.tries + 1, 10), next: Date.now() + wait };
  }

  const postpone = (record, reason) => Store.records.change(record.id, (old) => later(old, reason));

  // What was handed in is never thrown away, whatever button an old window still shows, unless the server will not
  // have it and its owner gives it up.
  const isHopeless = (record) => record.reason === "gone" || record.reason === "refused";
  const discard = async (id) => {
    await Store.records.change(id, (old) => (old && old.state === "waiting" && !isHopeless(old) ? undefined : null));
    if (!(await Store.records.get(id))) await Photos.dropAll(id).catch(() => {});
    tell();
  };

  // A clock that was set back must not make a record wait for a year.
  const isDue = (record) => record.next <= Date.now() || record.next > Date.now() + LONGEST;

  // Rounds of work, one after the other: rounds("name", work, after)(force).
  function rounds(name, work, after) {
    let running = null;
    return async (force) => {
      if (running) {
        await running;
        if (!force) return;
      }
      running = alone(name, force, () => work(force)).catch(() => {}).then(() => { running = null; after(force); });
      await running;
    };
  }

  // The words first; nobody waits for the photos that follow.
  const flush = rounds("canvass-outbox", sendDue, (force) => { tell(); Photos.flush(force); });

  // One window at a time. It spares the line; that one form is one visit is held by the server.
  async function alone(name, force, work) {
    if (navigator.locks && !force) return navigator.locks.request(name, { ifAvailable: true }, (lock) => lock && work());
    if (navigator.locks) return patiently(name, work);
    const slot = `${name}:sending`, held = Number(recall(slot));
    if (!force && held > Date.now() && held < Date.now() + 60000) return undefined;
    remember(slot, Date.now() + 45000);
    try { return await work(); } finally { remember(slot, 0); }
  }

  // A phone may freeze the window that holds the lock: nobody waits for it for ever.
  async function patiently(name, work) {
    const limit = new AbortController(), timer = setTimeout(() => limit.abort(), 45000);
    try {
      return await navigator.locks.request(name, { signal: limit.signal }, () => { clearTimeout(timer); return work(); });
    } catch (error) {
      if (error.name !== "AbortError") throw error;
      return work();
    }
  }

  async function sendDue(force) {
    const due = (await mine()).filter((record) => record.state === "waiting" && (force || isDue(record)));
    await inTurn(due, send, postpone);
  }

  // What is wrong with the line or the sign-in holds for all that follow.
  async function inTurn(due, send, postpone) {
    if (!due.length) return;
    const asked = await Vault.ask();
    let standing = asked.state === "ok" ? "" : asked.state;
    for (const row of due) {
      if (standing) await postpone(row, standing);
      else if (!(await send(row, asked.csrf))) standing = "no_signal";
      tell();
    }
  }

  // False when there is no use in trying the next one now.
  async function send(record, csrf) {
    const payload = await Vault.open(record.sealed);
    if (!payload) return postpone(record, "locked").then(() => true);
    const body = new URLSearchParams(payload.fields);
    body.set("filed_on_phone_at", payload.handed_in);
    const headers = { Accept: "application/json", "X-CSRFToken": csrf, "X-Person": record.person };
    let answer;
    try {
      answer = await Vault.fetchWithin(payload.address, { method: "POST", headers, body }, 30000);
    } catch {
      await postpone(record, "no_signal");
      return false;
    }
    await learn(record, payload, answer);
    return true;
  }

  async function learn(record, payload, { status, told }) {
    const isOurs = told && typeof told === "object";
    if (isOurs && told.filed && told.filed.id === record.id) {
      // The words have arrived: the phone keeps the address of the record and nothing of what was said.
      await settle(record, "sent", { title: payload.title, of: payload.address, url: told.filed.url });
    } else if (status === 409 && isOurs && told.rows) {
      await settle(record, "conflict", { ...payload, answer: told });
    } else if (status === 422 && isOurs && told.errors) {
      await settle(record, "invalid", { ...payload, answer: told });
    } else {
      await postpone(record, { 401: "signed_out", 403: "refused", 404: "gone" }[status] || "busy");
    }
  }

  // What a form is about: two forms at the same address about the same household are the same form begun twice.
  function subject(text) {
    const address = new URL(text, location.href);
    return `${address.pathname}?${address.searchParams.get("entry") || ""}`;
  }

  // The same words as a record of their own.
  async function fileAnew(record, payload) {
    const id = newId();
    const fields = payload.fields.map(([name, value]) => [name, name === "client_id" ? id : value]);
    await keep(id, "waiting", { ...payload, fields, answer: null });
    await Photos.move(record.id, id).catch(() => {});
    await discard(record.id);
    return flush(true);
  }

  // crypto.randomUUID is missing on plain http and before Chromium 92.
  function newId() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  }

  // What arrived half a day ago is no news; what was kept without a key is sealed now that there is one.
  async function tidy() {
    for (const record of await mine()) {
      if (record.state === "sent" && Math.abs(Date.now() - record.at) > HALF_A_DAY) {
        if (!(await Photos.waits(record.id))) await discard(record.id);
      } else if (record.sealed.plain && (await Vault.ready())) {
        const sealed = await Vault.seal(JSON.parse(record.sealed.plain));
        await Store.records.change(record.id, (old) => old && old.sealed.plain === record.sealed.plain && { ...old, sealed });
      }
    }
  }

  function start() {
    clearInterval(window.outboxTimer);
    window.outboxTimer = setInterval(() => flush(false), STEP);
    window.addEventListener("online", () => flush(true));
    document.addEventListener("visibilitychange", () => { if (!document.hidden) flush(true); });
    return tidy().then(() => Photos.tidy()).catch(() => {}).then(() => flush(true)).catch(() => {});
  }

  return { mine, keep, isHopeless, isDue, later, discard, rounds, inTurn, tell, flush, fileAnew, newId, subject, start };
})();
