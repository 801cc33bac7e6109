// Where a phone keeps things: a database of the browser; where that is missing, localStorage; where that is missing
// too, the memory of the open page. Rows are plain objects with an `id`.
window.Store = (() => {
  function openDatabase(name, onGone) {
    return new Promise((resolve, reject) => {
      if (!window.indexedDB) throw new Error("no database");
      const request = indexedDB.open(name, 1);
      // Some built-in browsers neither open nor refuse.
      setTimeout(() => reject(new Error("database is silent")), 4000);
      request.onupgradeneeded = () => request.result.createObjectStore("rows", { keyPath: "id" });
      request.onerror = () => reject(request.error);
      request.onsuccess = () => {
        // Signing out deletes the pages, in whatever window they are open.
        request.result.onversionchange = () => { request.result.close(); onGone(); };
        request.result.onclose = onGone;
        resolve(request.result);
      };
    });
  }

  function database(name) {
    let opening = null;
    const open = () => opening || (opening = openDatabase(name, () => { opening = null; }));

    // Answers when the transaction is on the disk, not when the request was heard.
    async function run(mode, work) {
      const transaction = (await open()).transaction("rows", mode, { durability: "strict" });
      return new Promise((resolve, reject) => {
        let result;
        transaction.oncomplete = () => resolve(result);
        transaction.onerror = transaction.onabort = () => reject(transaction.error);
        work(transaction.objectStore("rows"), (value) => { result = value; });
      });
    }

    return {
      kind: "database",
      open,
      all: () => run("readonly", (rows, answer) => {
        rows.getAll().onsuccess = (event) => answer(event.target.result);
      }),
      get: (id) => run("readonly", (rows, answer) => {
        rows.get(id).onsuccess = (event) => answer(event.target.result);
      }),
      // Reads and writes in one transaction, so that two open windows cannot undo each other's work.
      change: (id, decide) => run("readwrite", (rows) => {
        rows.get(id).onsuccess = (event) => {
          const next = decide(event.target.result); // throwing aborts the transaction
          if (next === null) rows.delete(id);
          else if (next) rows.put(next);
        };
      }),
      clear: () => run("readwrite", (rows) => { rows.clear(); }),
    };
  }

  // Over localStorage, or a Map with the same four verbs.
  function texts(name, storage, kind) {
    const own = () => storage.names().filter((key) => key.startsWith(`${name}:`));
    const read = (key) => { const text = storage.get(key); return text ? JSON.parse(text) : undefined; };
    return {
      kind,
      open: async () => { storage.set(`${name}-try`, "1"); storage.remove(`${name}-try`); },
      all: async () => own().map(read),
      get: async (id) => read(`${name}:${id}`),
      change: async (id, decide) => {
        const next = decide(read(`${name}:${id}`));
        if (next === null) storage.remove(`${name}:${id}`);
        else if (next) storage.set(`${name}:${id}`, JSON.stringify(next));
      },
      clear: async () => own().forEach((key) => storage.remove(key)),
    };
  }

  const local = {
    names: () => Object.keys(localStorage),
    get: (key) => localStorage.getItem(key),
    set: (key, text) => localStorage.setItem(key, text),
    remove: (key) => localStorage.removeItem(key),
  };
  const map = new Map();
  const memory = {
    names: () => [...map.keys()],
    get: (key) => map.get(key),
    set: (key, text) => map.set(key, text),
    remove: (key) => map.delete(key),
  };

  // New rows go to the first place that works. Rows are looked for in all of them: a database that was asleep when one
  // page asked for it, or that was full for a moment, must not hide what was put elsewhere meanwhile.
  function table(places) {
    const trials = new Map();
    const works = (place) => {
      if (!trials.has(place)) trials.set(place, place.open().then(() => true, () => false));
      return trials.get(place);
    };
    const usable = async () => {
      const answers = await Promise.all(places.map(works));
      return places.filter((place, n) => answers[n]);
    };
    const home = async (id) => {
      const found = await usable();
      for (const place of found.slice(1)) if (await place.get(id)) return place;
      return found[0];
    };
    let last = null;

    return {
      // Where the newest row went.
      kind: async () => (last || (await usable())[0]).kind,
      all: async () => {
        const rows = new Map();
        for (const place of await usable()) for (const row of await place.all()) rows.set(row.id, row);
        return [...rows.values()];
      },
      get: async (id) => (await home(id)).get(id),
      change: async (id, decide) => {
        const place = await home(id);
        try {
          await place.change(id, decide);
          last = place;
        } catch (error) {
          const next = decide(await place.get(id).catch(() => undefined));
          if (!next) throw error;
          last = places[places.length - 1];
          await last.change(id, () => next);
        }
      },
      clear: async () => { for (const place of await usable()) await place.clear(); },
    };
  }

  const records = [database("canvass-records"), texts("canvass-records", local, "local"), texts("canvass-records", memory, "memory")];
  // Pages are only a help: where there is no database they are not kept.
  const pages = [database("canvass-pages"), texts("canvass-pages", memory, "memory")];
  // Photos need a database: they never take the room of words. Their pictures lie apart, so that counting opens none.
  const photos = [database("canvass-photos")], pictures = [database("canvass-pictures")];
  return { records: table(records), pages: table(pages), photos: table(photos), pictures: table(pictures) };
})();
