// Photos on the phone. They follow their words: each is a row of its own, bound to the identity of a form,
//   {id, of, person, state, at, tries, next, reason, why}: waiting -> sent, or refused with a sentence;
// and its sealed picture is another row under the same id, so that counting opens none. A row that stays without its
// picture was never kept. A picture leaves the phone when the server has confirmed this very photo, or its owner throws
// it away.
window.Photos = (() => {
  const MOST = 6, FORGOTTEN = 600000;
  const page = document.getElementById("phone");

  async function mine() {
    const rows = await Store.photos.all().catch(() => []);
    return rows.filter((row) => row.person === Vault.person()).sort((a, b) => a.at - b.at);
  }

  const of = async (identity) => (await mine()).filter((row) => row.of === identity);
  const waits = async (identity) => (await of(identity)).some((row) => row.state !== "sent");

  // --- Keeping -----------------------------------------------------------------------------------------------

  async function keepPicture(id, bytes) {
    const sealed = await Vault.sealBytes(bytes);
    await Store.pictures.change(id, () => ({ id, sealed }));
    await Store.photos.change(id, (row) => row && { ...row, isPlain: Boolean(sealed.plain) });
  }

  // Fails when there is no room or no database: whoever asked says so.
  async function keep(identity, bytes) {
    const id = Outbox.newId();
    const row = { id, of: identity, person: Vault.person(), state: "waiting", at: Date.now(), tries: 0, next: 0, reason: "", why: "" };
    await Store.photos.change(id, () => row);
    try {
      await keepPicture(id, bytes);
    } catch (error) {
      await drop(id);
      throw error;
    }
    Outbox.tell();
  }

  // Its bytes; null when it is locked, undefined when there is none.
  async function picture(id) {
    const kept = await Store.pictures.get(id);
    return kept && Vault.openBytes(kept.sealed);
  }

  async function drop(id) {
    await Store.pictures.change(id, () => null);
    await Store.photos.change(id, () => null);
  }

  async function dropAll(identity) {
    for (const row of await of(identity)) await drop(row.id);
  }

  // The same words under a new identity take their photos along.
  async function move(from, to) {
    for (const row of await of(from)) {
      await Store.photos.change(row.id, (old) => old && { ...old, of: to });
    }
  }

  // --- Sending -----------------------------------------------------------------------------------------------

  const postpone = (row, reason) => Store.photos.change(row.id, (old) => Outbox.later(old, reason));

  async function sendDue(force) {
    const forms = new Map((await Outbox.mine()).map((record) => [record.id, record.state]));
    // A form that is not on the phone any more may have been filed in another way.
    const mayGo = (row) => (forms.has(row.of) ? forms.get(row.of) === "sent" : isForgotten(row));
    const due = (await mine()).filter((row) => row.state === "waiting" && mayGo(row) && (force || Outbox.isDue(row)));
    await Outbox.inTurn(due, send, postpone);
  }

  const flush = Outbox.rounds("canvass-photos", sendDue, Outbox.tell);

  async function send(row, csrf) {
    const bytes = await picture(row.id);
    // It may still be on its way to the disk.
    if (bytes === undefined) return isForgotten(row) ? drop(row.id).then(() => true) : true;
    if (!bytes) return postpone(row, "locked").then(() => true);
    const headers = { Accept: "application/json", "Content-Type": "image/jpeg", "X-CSRFToken": csrf, "X-Person": row.person, "X-Photo": row.id };
    const address = page.dataset.photos.replace("00000000-0000-0000-0000-000000000000", row.of);
    let answer;
    try {
      // A picture takes its time on a weak line.
      answer = await Vault.fetchWithin(address, { method: "POST", headers, body: bytes }, 120000);
    } catch {
      await postpone(row, "no_signal");
      return false;
    }
    await learn(row, answer);
    return true;
  }

  const settle = (row, state, why = "") => Store.photos.change(row.id, (old) => old && { ...old, state, why, reason: "" });

  async function learn(row, { status, told }) {
    if ((status === 201 || status === 200) && told && told.photo && told.photo.id === row.id) {
      await settle(row, "sent");
      await Store.pictures.change(row.id, () => null);
    } else if (status === 422 && told && told.refused) {
      await settle(row, "refused", told.refused);
    } else if (status === 404 && !(await Store.records.get(row.of))) {
      // Neither the server nor the phone knows its form: that was thrown away.
      await drop(row.id);
    } else {
      await postpone(row, { 401: "signed_out", 403: "refused", 404: "gone" }[status] || "busy");
    }
  }

  // --- Order -------------------------------------------------------------------------------------------------

  const isForgotten = (row) => Math.abs(Date.now() - row.at) > FORGOTTEN;

  // What was kept without a key is sealed now that there is one; what arrived goes with its form.
  async function tidy() {
    for (const row of await mine()) {
      if (row.state === "sent" && isForgotten(row) && !(await Store.records.get(row.of))) await drop(row.id);
      else if (row.isPlain && row.state !== "sent" && (await Vault.ready())) {
        const bytes = await picture(row.id);
        if (bytes) await keepPicture(row.id, bytes);
      }
    }
  }

  return { MOST, mine, of, waits, keep, picture, drop, dropAll, move, flush, tidy };
})();
