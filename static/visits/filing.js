// A form in the hand: kept at each change, handed in with or without a signal, refused with a reason.
// What only one kind of form has hangs on window.FormParts (see visit_form.js).
window.Filing = (() => {
  const DAY = 24 * 3600 * 1000;
  const nothing = () => {};
  const NOTHING_MORE = { renew: nothing, begin: nothing, makeRoom: nothing, recall: nothing, filled: nothing, fit: nothing, handedIn: nothing, following: nothing };
  const form = () => document.getElementById("filing");
  let own = NOTHING_MORE;

  function shanghai(moment) {
    return new Date(moment.getTime() + 8 * 3600 * 1000).toISOString().slice(0, 16);
  }

  // --- Complaints ----------------------------------------------------------------------------------------------

  function complain(errors) {
    form().querySelectorAll(".from-phone").forEach((old) => old.remove());
    const top = el("div", "notice notice-error from-phone", el("p", "", el("b", "", say("invalid_form"))));
    top.setAttribute("role", "alert");
    for (const [name, sentences] of Object.entries(errors)) {
      const control = name && form().querySelector(`[name="${name}"]`);
      const place = control && control.closest(".field");
      for (const text of sentences) {
        if (!place) top.append(el("p", "", text));
        else (place.querySelector(".label") || place.firstElementChild).after(el("p", "field-error from-phone", text));
      }
      if (place) {
        place.hidden = false;
        for (let up = place.closest("details, [hidden]"); up; up = up.parentElement.closest("details, [hidden]")) {
          up.hidden = false;
          up.open = true;
        }
      }
    }
    form().prepend(top);
    top.scrollIntoView();
  }

  // --- The seconds it took ---------------------------------------------------------------------------------

  // While the page is in front, and what an earlier sitting took; nobody is ever shown it beside a visit.
  let noteSeconds = nothing;

  function measure() {
    const input = form().elements.seconds;
    if (!input) return;
    let taken = Number(input.value) || 0, since = document.hidden ? null : performance.now();
    noteSeconds = () => {
      if (since !== null) taken += (performance.now() - since) / 1000;
      since = document.hidden ? null : performance.now();
      input.value = Math.min(3600, Math.ceil(taken));
    };
    document.addEventListener("visibilitychange", noteSeconds);
  }

  // --- Handing in --------------------------------------------------------------------------------------------

  async function handIn() {
    const id = Draft.identity(form());
    form().dataset.handedIn = "yes";
    form().querySelector("[type=submit]").disabled = true;
    await Outbox.keep(id, "waiting", Draft.payload(form()));
    own.handedIn();
    // From here on it lies in the queue, whatever happens to this page.
    const panel = document.getElementById("handed-in");
    panel.hidden = false;
    form().hidden = true;
    panel.querySelector("h2").focus();
    await Queue.show(panel.querySelector("ul"), (record) => record.id === id);
    await Outbox.flush(true);
    const record = (await Outbox.mine()).find((one) => one.id === id);
    const kept = record && (await Vault.open(record.sealed));
    if (kept && record.state === "sent") {
      await own.following();
      try { sessionStorage.setItem("canvass:filed", form().dataset.kind); } catch { /* the page itself shows it */ }
      location.replace(kept.url);
    } else if (kept && record.state === "invalid") {
      panel.hidden = true;
      form().hidden = false;
      delete form().dataset.handedIn;
      form().querySelector("[type=submit]").disabled = false;
      complain(kept.answer.errors);
    }
  }

  function listen() {
    const changed = () => { noteSeconds(); own.fit(); Draft.keep(form()).catch(() => {}); };
    form().addEventListener("input", changed);
    form().addEventListener("change", changed);
    form().addEventListener("submit", (event) => {
      event.preventDefault();
      if (form().dataset.handedIn) return;
      noteSeconds();
      // If this phone can keep nothing at all, the browser sends the form itself.
      handIn().catch(() => form().submit());
    });
  }

  const startAnew = (record) => el("p", "", Queue.discarding(record, say("start_anew"), () => location.reload()));

  // A kept page brings the identity and the days of the time when it was kept.
  function renew() {
    form().elements.client_id.value = Outbox.newId();
    for (const input of form().querySelectorAll("[data-today]")) {
      input.value = shanghai(new Date(Vault.now().getTime() + Number(input.dataset.today) * DAY)).slice(0, 10);
    }
    own.renew();
  }

  async function start() {
    if (!form()) return;
    own = { ...NOTHING_MORE, ...window.FormParts };
    if (window.openedOffline) renew();
    own.begin();
    const hasComplaints = form().querySelector(".field-error");
    const found = hasComplaints ? null : await Draft.find().catch(() => null);
    // An address from the history may bring the identity of a form that lies in the queue, even somebody else's.
    if (!found && await Store.records.get(Draft.identity(form())).catch(() => null)) form().elements.client_id.value = Outbox.newId();
    if (found) {
      own.makeRoom(found.payload.fields);
      Draft.fill(form(), found.payload.fields);
    } else if (!hasComplaints) own.recall();
    own.filled();
    own.fit();
    measure();
    listen();
    if (found && found.payload.answer) complain(found.payload.answer.errors || {});
    else if (found) form().prepend(el("div", "notice from-phone", el("p", "", say("restored")), startAnew(found.record)));
    if (!found && (await Draft.waiting().catch(() => false))) form().prepend(el("p", "notice notice-warning", form().dataset.waiting || say("already_waiting")));
    form().dataset.ready = "yes";
  }

  return { start, shanghai };
})();
