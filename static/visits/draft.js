// A form on the phone's own paper: kept at each change, filled in again when it is opened.
window.Draft = (() => {
  const LEFT_OUT = ["csrfmiddlewaretoken", "filed_on_phone_at", "more"];
  let busy = false, dirty = false;

  // The address without the identity: the same form finds its draft again, whatever identity a new page brings.
  function address() {
    const here = new URL(location.href), query = new URLSearchParams();
    for (const name of ["entry", "campaign"]) if (here.searchParams.get(name)) query.set(name, here.searchParams.get(name));
    return `${here.pathname}?${query}`;
  }

  const collect = (form) => [...new FormData(form)].filter(([name, value]) => !LEFT_OUT.includes(name) && typeof value === "string");

  // What the card in the queue is called: the form, and the first words that tell it from its like.
  function title(form) {
    const told = form.elements[form.dataset.titleFrom];
    return [form.dataset.title, told && told.value.trim().slice(0, 20)].filter(Boolean).join(" · ");
  }

  const payload = (form) => ({
    address: address(),
    title: title(form),
    fields: collect(form),
    handed_in: new Date().toISOString(),
  });

  const identity = (form) => form.elements.client_id.value;

  // Typing goes on while a change is being written; the last one always is written.
  async function keep(form) {
    dirty = true;
    if (busy) return;
    busy = true;
    try {
      while (dirty) {
        dirty = false;
        if (!form.dataset.handedIn) await Outbox.keep(identity(form), "draft", payload(form));
      }
    } finally {
      busy = false;
    }
  }

  function fill(form, fields) {
    for (const control of form.elements) {
      if (!control.name || LEFT_OUT.includes(control.name) || control.tagName === "BUTTON") continue;
      const values = fields.filter(([name]) => name === control.name).map(([, value]) => value);
      if (control.type === "radio" || control.type === "checkbox") control.checked = values.includes(control.value);
      else if (values.length && !control.name.endsWith("-INITIAL_FORMS")) control.value = values[0];
    }
  }

  // {record, payload} of the newest unfinished form about the same thing, or null.
  async function find() {
    const here = Outbox.subject(location.href);
    for (const record of (await Outbox.mine()).reverse()) {
      if (record.state !== "draft" && record.state !== "invalid") continue;
      const kept = await Vault.open(record.sealed);
      if (kept && Outbox.subject(kept.address) === here) return { record, payload: kept };
    }
    return null;
  }

  // A form about the same thing that was handed in and waits.
  async function waiting() {
    const here = Outbox.subject(location.href);
    for (const record of await Outbox.mine()) {
      const kept = record.state === "waiting" && (await Vault.open(record.sealed));
      if (kept && Outbox.subject(kept.address) === here) return true;
    }
    return false;
  }

  return { keep, find, waiting, fill, payload, identity };
})();
