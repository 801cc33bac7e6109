// Where the visitor stands, when he or she presses the button: some 100 m, never more exactly, and never a track.
window.Place = (() => {
  const form = () => document.getElementById("filing");
  const part = (name) => form().querySelector(`[data-place="${name}"]`);
  const inputs = () => [form().elements.latitude, form().elements.longitude];
  // What is more exact never reaches the form, so neither the draft nor the line.
  const rounded = (degrees) => degrees.toFixed(3);

  function tell(text) {
    const [latitude, longitude] = inputs(), isKept = Boolean(latitude.value && longitude.value);
    part("take").hidden = isKept;
    part("drop").hidden = !isKept;
    part("told").textContent = text || (isKept ? say("place_kept", `${latitude.value}，${longitude.value}`) : "");
  }

  function set(values, text) {
    inputs().forEach((input, n) => { input.value = values[n]; });
    tell(text);
    inputs()[0].dispatchEvent(new Event("change", { bubbles: true }));
  }

  function take() {
    const button = part("take");
    button.disabled = true;
    tell(say("place_asking"));
    const done = (work) => (answer) => { button.disabled = false; work(answer); };
    navigator.geolocation.getCurrentPosition(
      done(({ coords }) => set([rounded(coords.latitude), rounded(coords.longitude)])),
      done((error) => tell(say(error.code === error.PERMISSION_DENIED ? "place_denied" : "place_failed"))),
      { enableHighAccuracy: false, timeout: 20000, maximumAge: 60000 },
    );
  }

  // After the draft was filled in.
  function start() {
    const place = form().querySelector('[data-field="place"]');
    if (!place || !navigator.geolocation || !window.isSecureContext) return;
    place.hidden = false;
    part("take").addEventListener("click", take);
    part("drop").addEventListener("click", () => set(["", ""]));
    tell();
  }

  return { start };
})();
