// The queue to look at: a card for each form on this phone, and the line on every page that counts them.
window.Queue = (() => {
  const MARKS = { waiting: "mark-warn", invalid: "mark-bad", conflict: "mark-bad", sent: "mark-good", draft: "" };
  const page = document.getElementById("phone");

  function button(text, className, act) {
    const made = el("button", className, text);
    made.type = "button";
    made.addEventListener("click", () => act(made));
    return made;
  }

  function link(text, address, className = "button") {
    const made = el("a", className, text);
    made.href = address;
    return made;
  }

  // Throwing something away takes two presses; nothing else ever does it.
  const sure = (text, className, act) => button(text, className, (made) => {
    if (made.dataset.sure) {
      made.disabled = true;
      act();
    }
    made.dataset.sure = "yes";
    made.textContent = say("discard_sure");
  });

  const discarding = (record, text = say("discard"), after = () => {}) => sure(text, "button button-danger", () => Outbox.discard(record.id).then(after));

  const signIn = () => `${page.dataset.login}?next=${encodeURIComponent(page.dataset.outbox)}`;

  const sendNow = () => button(say("send_now"), "button", (made) => { made.disabled = true; Outbox.flush(true).then(() => { made.disabled = false; }); });

  function buttons(record, payload, photos) {
    const row = el("p", "buttons card-foot");
    if (record.state === "waiting") {
      if (record.reason === "signed_out" || record.reason === "other_person") row.append(link(say("sign_in"), signIn(), "button button-primary"));
      row.append(sendNow());
      if (Outbox.isHopeless(record)) row.append(discarding(record));
    } else if (record.state === "draft" || record.state === "invalid") {
      row.append(link(say(record.state === "draft" ? "go_on" : "mend"), payload.address, "button button-primary"), discarding(record));
    } else if (record.state === "conflict") {
      if (payload.answer.stored) row.append(link(say("open_stored"), payload.answer.stored));
      row.append(button(say("file_anew"), "button button-primary", (made) => { made.disabled = true; Outbox.fileAnew(record, payload); }), discarding(record));
    } else if (record.state === "sent") {
      if (photos.some((photo) => photo.reason === "signed_out" || photo.reason === "other_person")) row.append(link(say("sign_in"), signIn(), "button button-primary"));
      if (photos.some((photo) => photo.state === "waiting")) row.append(sendNow());
      row.append(link(say("open_visit"), payload.url));
    }
    return row.childNodes.length ? row : null;
  }

  // Both versions side by side, as the server tells them.
  function comparison(answer) {
    const head = el("tr", "", el("th", "", say("item")), answer.stored ? el("th", "", say("stored")) : null, el("th", "", say("this_one")));
    const rows = answer.rows.map(([label, stored, sent, differs]) => el("tr", "",
      el("th", "", label, answer.stored && differs ? el("span", "mark mark-warn", say("differs")) : null),
      answer.stored ? el("td", "kept-words", stored || "—") : null,
      el("td", "kept-words", sent || "—")));
    head.querySelectorAll("th").forEach((cell) => { cell.scope = "col"; });
    rows.forEach((row) => { row.firstChild.scope = "row"; });
    const frame = el("div", "table-frame", el("table", "table comparison", el("thead", "", head), el("tbody", "", ...rows)));
    Object.assign(frame, { tabIndex: 0 }).setAttribute("role", "region");
    frame.setAttribute("aria-label", say("compare"));
    return frame;
  }

  // What was typed, to be read, or copied out if everything else fails.
  function typed(payload) {
    const texts = payload.fields.filter(([name, value]) => value.trim() && /^(note|topic|content|text|opinions-\d+-(words|done))$/.test(name));
    if (!texts.length) return null;
    return el("details", "", el("summary", "", say("typed")), ...texts.map(([, value]) => el("blockquote", "words kept-words", value)));
  }

  const sentences = (answer) => Object.values((answer && answer.errors) || {}).flat();

  async function card(record, photos) {
    const payload = await Vault.open(record.sealed);
    const item = el("li", "card kept");
    item.dataset.state = record.state;
    if (!payload) {
      item.append(el("p", "", say("locked")), el("p", "buttons card-foot", link(say("sign_in"), signIn())));
      return item;
    }
    const time = new Date(record.at);
    const clock = `${time.getMonth() + 1}-${time.getDate()} ${String(time.getHours()).padStart(2, "0")}:${String(time.getMinutes()).padStart(2, "0")}`;
    item.append(el("h2", "", payload.title), el("p", "opinion-head", el("span", `mark ${MARKS[record.state]}`, say(record.state)), el("span", "small soft nowrap", clock)));
    if (record.state === "waiting" && record.reason) item.append(el("p", "kept-reason", say(`why_${record.reason}`)));
    if (record.state === "invalid") item.append(...sentences(payload.answer).map((text) => el("p", "field-error", text)));
    if (record.state === "conflict") item.append(el("p", "", say(payload.answer.stored ? "why_conflict" : "why_taken")), comparison(payload.answer));
    item.append(...await PhotoCards.part(record, photos));
    item.append(...[payload.fields ? typed(payload) : null, buttons(record, payload, photos)].filter(Boolean));
    return item;
  }

  // Draws again only when something is different: a press in between must not lose its button.
  async function draw(place, wanted) {
    const records = (await Outbox.mine()).filter(wanted);
    const photos = await Photos.mine(), ofRecord = (record) => photos.filter((photo) => photo.of === record.id);
    const shown = ({ id, state, reason, at }) => [id, state, reason, at];
    const state = JSON.stringify([await Vault.ready(), ...records.map((record) => [shown(record), ofRecord(record).map(shown)])]);
    if (place.dataset.drawn === state) return;
    place.dataset.drawn = state;
    const cards = await Promise.all(records.map((record) => card(record, ofRecord(record))));
    if (place.dataset.drawn !== state) return;
    place.replaceChildren(...cards);
  }

  function show(place, wanted) {
    const again = () => draw(place, wanted).catch(() => {});
    document.addEventListener("outbox", again);
    return again();
  }

  async function count() {
    const badge = document.getElementById("outbox-badge");
    if (!badge) return;
    const records = await Outbox.mine();
    const waiting = records.filter((record) => record.state === "waiting");
    const handedIn = new Set(records.filter((record) => record.state === "waiting" || record.state === "sent").map((record) => record.id));
    const photos = (await Photos.mine()).filter((photo) => photo.state !== "sent" && handedIn.has(photo.of));
    const hopeless = new Set(photos.filter(PhotoCards.isHopeless).map((photo) => photo.of));
    const stuck = records.filter((record) => record.state === "invalid" || record.state === "conflict" || hopeless.has(record.id));
    const following = photos.filter((photo) => !PhotoCards.isHopeless(photo));
    const text = [];
    if (waiting.length) text.push(say("n_waiting", waiting.length));
    if (following.length) text.push(say("n_photos", following.length));
    if (stuck.length) text.push(say("n_stuck", stuck.length));
    if ([...waiting, ...following].some((row) => row.reason === "signed_out")) text.push(say("n_signed_out"));
    if (text.length && (await Store.records.kind()) === "memory") text.push(say("n_memory"));
    const words = text.join(" ");
    if (badge.textContent !== words) badge.textContent = words;
    badge.hidden = !words;
  }

  // On my list, what lies on the phone for a household: a list that was taken along does not know of it, and nobody
  // should file the same visit twice.
  async function mark() {
    const links = [...document.querySelectorAll("a.entry-file")];
    if (!links.length) return;
    const states = new Map();
    for (const record of await Outbox.mine()) {
      const payload = (record.state !== "sent" || window.openedOffline) && (await Vault.open(record.sealed));
      if (payload) states.set(Outbox.subject(payload.address || payload.of), record.state);
    }
    document.querySelectorAll(".on-phone").forEach((old) => old.remove());
    for (const link of links) {
      const state = states.get(Outbox.subject(link.href)), item = link.closest("li");
      if (state) (item.querySelector(".entry-last") || item).append(el("span", `mark on-phone ${MARKS[state]}`, say(`on_phone_${state}`)));
    }
  }

  function start() {
    const again = () => { count().catch(() => {}); mark().catch(() => {}); };
    document.addEventListener("outbox", again);
    const place = document.getElementById("outbox");
    if (!place) return again();
    const nothing = document.getElementById("outbox-empty");
    const empty = async () => { nothing.hidden = (await Outbox.mine()).length > 0; };
    document.addEventListener("outbox", () => empty().catch(() => {}));
    empty().catch(() => {});
    show(place, () => true);
    return again();
  }

  return { start, show, sure, discarding };
})();
