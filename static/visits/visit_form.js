// What only the form of a visit has: few taps, opinions one after the other, who went last time.
window.FormParts = (() => {
  const MET = ["met", "remote"];
  const form = () => document.getElementById("filing");
  const field = (name) => form().querySelector(`[data-field="${name}"]`);
  const outcome = () => (form().querySelector("[name=outcome]:checked") || {}).value;

  // --- What matters for this outcome -------------------------------------------------------------------------

  const isFilled = (part) => [...part.querySelectorAll("textarea")].some((area) => area.value.trim()) || Boolean(part.querySelector(":checked, .field-error"));

  // First the outcome alone. Nobody was met: nobody is counted and nobody said anything. What was filled in already
  // stays in sight whatever is chosen.
  function fit() {
    const chosen = outcome(), met = MET.includes(chosen), people = form().elements.people_met;
    if (!met) people.value = "";
    else if (!people.value && !people.dataset.emptied) people.value = "1";
    field("people_met").hidden = !met;
    field("opinions").hidden = !met && !isFilled(field("opinions"));
    for (const name of ["materials", "note", "photos"]) field(name).hidden = !chosen && !isFilled(field(name));
    const mates = [...form().querySelectorAll("[name=cadres]:checked")].map((box) => box.parentNode.textContent.trim().split(" ")[0]);
    const start = form().elements.started_at.value.replace("T", " ").replace(`${Filing.shanghai(Vault.now()).slice(0, 10)} `, "");
    form().querySelector("[data-summary]").textContent = [start, mates.join("、")].join(" · ");
  }

  function addSteppers() {
    const input = form().elements.people_met, row = el("div", "stepper");
    const step = (sign, by, label) => {
      const made = el("button", "button", sign);
      Object.assign(made, { type: "button" }).setAttribute("aria-label", say(label));
      made.addEventListener("click", () => {
        input.value = Math.max(1, (Number(input.value) || 0) + by);
        input.dispatchEvent(new Event("input", { bubbles: true }));
      });
      return made;
    };
    input.before(row);
    row.append(step("－", -1, "fewer"), input, step("＋", 1, "more_people"));
  }

  // --- Opinions ------------------------------------------------------------------------------------------------

  const rows = () => form().elements["opinions-TOTAL_FORMS"];

  function addOpinion() {
    const n = Number(rows().value);
    const row = document.getElementById("empty-opinion").content.cloneNode(true);
    for (const element of row.querySelectorAll("*")) {
      for (const { name, value } of [...element.attributes]) {
        if (value.includes("__prefix__")) element.setAttribute(name, value.replace(/__prefix__/g, n));
      }
    }
    row.querySelector("legend").textContent = say("nth", n + 1);
    form().querySelector(".typed-opinions > button").before(row);
    rows().value = n + 1;
    return form().querySelector(`[name="opinions-${n}-words"]`);
  }

  // As many rows of opinions as a draft has.
  function makeRoom(fields) {
    const wanted = Number((fields.find(([name]) => name === "opinions-TOTAL_FORMS") || [0, 0])[1]);
    while (Number(rows().value) < wanted) addOpinion();
  }

  // "Done on the spot" is a tick; only then is there a field for what was done.
  function addTicks(root) {
    for (const area of root.querySelectorAll("textarea[name$=-done]")) {
      const part = area.closest(".field");
      if (part.previousElementSibling.classList.contains("spot")) continue;
      const box = Object.assign(el("input"), { type: "checkbox" });
      const tick = el("div", "spot chips", el("div", "chip", el("label", "", box, say("on_spot"))));
      part.before(tick);
      part.hidden = !area.value;
      box.checked = Boolean(area.value);
      box.addEventListener("change", () => {
        part.hidden = !box.checked && !area.value;
        if (box.checked) area.focus();
      });
    }
  }

  // "Wants an answer" is a tick; only then how, only then the number where one is needed. What is hidden says nothing.
  function addWishes(root) {
    for (const wish of root.querySelectorAll(".wish")) {
      if (wish.dataset.ready) continue;
      wish.dataset.ready = "yes";
      const box = wish.previousElementSibling.querySelector("input");
      const ways = [...wish.querySelectorAll("[type=radio]")], phone = wish.querySelector("[name$=-answer_phone]");
      const fitWish = () => {
        const way = (ways.find((one) => one.checked) || {}).value;
        const needsNumber = ["phone", "text"].includes(way) || Boolean(phone.closest(".field").querySelector(".field-error"));
        if (!box.checked) wish.querySelectorAll("[type=radio], [type=checkbox]").forEach((one) => { one.checked = false; });
        if (!box.checked || !needsNumber) phone.value = "";
        wish.hidden = !box.checked;
        phone.closest(".field").hidden = !needsNumber;
      };
      // Not ticking is the same as the choice "no answer", which is there for pages without scripts.
      ways.filter((one) => !one.value).forEach((one) => one.closest(".chip").remove());
      box.addEventListener("change", fitWish);
      wish.addEventListener("change", fitWish);
      fitWish();
    }
  }

  function addMore() {
    const more = form().querySelector("[name=more]");
    more.type = "button";
    more.addEventListener("click", () => {
      const words = addOpinion();
      addTicks(form());
      addWishes(form());
      words.focus();
    });
  }

  // --- Who went last time ------------------------------------------------------------------------------------

  const matesSlot = () => `canvass:mates:${Vault.person()}`;

  function remember() {
    const boxes = [...form().querySelectorAll("[name=cadres]:checked")].map((box) => box.value);
    try { localStorage.setItem(matesSlot(), JSON.stringify(boxes)); } catch { /* ticked by hand next time */ }
  }

  function recall() {
    let mates = [];
    try { mates = JSON.parse(localStorage.getItem(matesSlot())) || []; } catch { /* nobody */ }
    for (const box of form().querySelectorAll("[name=cadres]")) if (mates.includes(box.value)) box.checked = true;
  }

  function begin() {
    addSteppers();
    addMore();
    // Emptied by hand it stays empty.
    form().addEventListener("input", ({ target }) => {
      if (target.name === "people_met") target.dataset.emptied = target.value ? "" : "by hand";
    });
  }

  function renew() {
    form().elements.started_at.value = Filing.shanghai(Vault.now());
  }

  function filled() {
    addTicks(form());
    addWishes(form());
    // A page that was taken along before there was a place knows none.
    if (window.Place) Place.start();
    PhotoField.start(form());
  }

  return { renew, begin, makeRoom, recall, filled, fit, handedIn: remember, following: PhotoField.kept };
})();
