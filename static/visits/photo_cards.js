// Photos to look at: small ones in a row, and what the card of a form in the queue says about its own.
window.PhotoCards = (() => {
  async function image(row, n) {
    const bytes = await Photos.picture(row.id);
    if (!bytes) return null;
    const made = el("img");
    made.alt = say("photo_n", n);
    made.src = `data:image/jpeg;base64,${Vault.to64(bytes)}`;
    return made;
  }

  // A small picture, what is wrong with it, and the way to be rid of it.
  async function item(row, n, after) {
    const away = Queue.sure(say("photo_away"), "button", () => Photos.drop(row.id).then(after));
    away.append(el("span", "visually-hidden", say("photo_n", n)));
    return el("li", "photo", await image(row, n), row.why ? el("p", "field-error", row.why) : null, away);
  }

  const isHopeless = (row) => row.state === "refused" || Outbox.isHopeless(row);

  function told(record, rows) {
    if (record.state !== "sent") return say("photos_n", rows.length);
    return say("photos_sent", `${rows.filter((row) => row.state === "sent").length}/${rows.length}`);
  }

  // What stands on the card of a form; nothing when it has no photos.
  async function part(record, rows) {
    if (!rows.length) return [];
    const made = [el("p", "kept-photos", told(record, rows))];
    if (record.state !== "sent") return made;
    const reason = (rows.find((row) => row.state === "waiting" && row.reason) || {}).reason;
    if (reason) made.push(el("p", "kept-reason", say(`why_${reason}`)));
    const hopeless = rows.filter(isHopeless);
    const items = await Promise.all(hopeless.map((row) => item(row, rows.indexOf(row) + 1, Outbox.tell)));
    if (items.length) made.push(el("ul", "photos", ...items));
    return made;
  }

  return { item, part, isHopeless };
})();
