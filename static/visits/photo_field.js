// Choosing photos for a form: each is shrunk at once on the phone, which also leaves behind where and when it was taken,
// and kept beside the form's words. Whatever goes wrong with a photo, the words go their own way.
window.PhotoField = (() => {
  const LARGEST = 1000000;
  // The first that fits is taken.
  const TRIES = [[1600, 0.85], [1600, 0.75], [1600, 0.6], [1600, 0.45], [1200, 0.6], [1000, 0.5], [800, 0.4]];
  let form = null, list = null, line = null, making = Promise.resolve();

  const read = (blob, how) => new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.onerror = () => reject(reader.error);
    reader[how](blob);
  });

  // Both turn the picture as the camera meant it; a browser that cannot promise so takes the second way.
  async function decode(file) {
    if (window.createImageBitmap) {
      try { return await createImageBitmap(file, { imageOrientation: "from-image" }); } catch { /* the other way */ }
    }
    const image = new Image();
    const loaded = new Promise((resolve, reject) => { image.onload = resolve; image.onerror = reject; });
    image.src = await read(file, "readAsDataURL");
    await loaded;
    return image;
  }

  function drawn(source, side) {
    const width = source.naturalWidth || source.width, height = source.naturalHeight || source.height;
    const scale = Math.min(1, side / Math.max(width, height));
    const canvas = el("canvas");
    canvas.width = Math.max(1, Math.round(width * scale));
    canvas.height = Math.max(1, Math.round(height * scale));
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(source, 0, 0, canvas.width, canvas.height);
    return canvas;
  }

  async function shrink(file) {
    const source = await decode(file);
    try {
      for (const [side, quality] of TRIES) {
        const canvas = drawn(source, side);
        const blob = await new Promise((resolve) => { canvas.toBlob(resolve, "image/jpeg", quality); });
        if (blob && blob.size <= LARGEST) return new Uint8Array(await read(blob, "readAsArrayBuffer"));
      }
      throw new Error("no picture");
    } finally {
      if (source.close) source.close();
    }
  }

  const complain = (key, file) => line.before(el("p", "field-error photo-error", say(key, file.name)));

  async function take(file, identity) {
    if ((await Photos.of(identity)).length >= Photos.MOST) return complain("photo_many", file);
    let bytes;
    try { bytes = await shrink(file); } catch { return complain("photo_unreadable", file); }
    try { await Photos.keep(identity, bytes); } catch { return complain("photo_no_room", file); }
    return draw();
  }

  async function draw() {
    const rows = await Photos.of(Draft.identity(form));
    const again = () => draw().then(() => { form.querySelector("#id_photos").focus(); });
    list.replaceChildren(...await Promise.all(rows.map((row, n) => PhotoCards.item(row, n + 1, again))));
  }

  function choose(input) {
    const files = [...input.files], identity = Draft.identity(form);
    input.value = "";
    form.querySelectorAll(".photo-error").forEach((old) => old.remove());
    line.textContent = say("photo_making");
    making = making.then(async () => {
      for (const file of files) await take(file, identity);
      line.textContent = "";
    }).catch(() => { line.textContent = ""; });
  }

  // When everything that was chosen is kept; a picture that never comes is not waited for.
  const kept = () => Promise.race([making, new Promise((resolve) => { setTimeout(resolve, 15000); })]);

  function start(ofForm) {
    form = ofForm;
    const input = form.querySelector("#id_photos");
    if (!input) return;
    // The photos go their own way, not with the form; what the browser itself says about a choice is out of date at once.
    input.removeAttribute("name");
    const frame = el("span", "visually-hidden"), button = el("label", "button", say("photo_choose"));
    button.htmlFor = input.id;
    list = el("ul", "photos");
    line = el("p", "hint");
    line.setAttribute("role", "status");
    input.before(frame);
    frame.append(input);
    frame.after(button, line, list);
    input.addEventListener("change", () => choose(input));
    draw().catch(() => {});
  }

  return { start, kept };
})();
