// Brings what lives on a page to life: explorers and predictions, as in a notebook but with no kernel behind them.

/** A widget's state as Python packed it: deflated JSON, then the bytes that its arrays are cut from. */
async function unpacked(text) {
  const stream = new Blob([Uint8Array.from(atob(text), (c) => c.charCodeAt(0))]).stream().pipeThrough(new DecompressionStream("deflate"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  const size = new DataView(bytes.buffer).getUint32(0, true), { kind, state, lengths } = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + size)));
  let at = 4 + size;
  for (const [name, length] of lengths) { state[name] = new DataView(bytes.buffer, at, length); at += length; }
  return { kind, state };
}

/** A model without a kernel: whoever changes a value tells all views of it. */
function modelOf(state) {
  const events = new EventTarget();
  return {
    get: (name) => state[name],
    set: (name, value) => { state[name] = value; events.dispatchEvent(new Event(`change:${name}`)); },
    on: (event, act) => events.addEventListener(event, act),
    off: (event, act) => events.removeEventListener(event, act),
    save_changes: () => {},
  };
}

const views = []; // each {draw, gone}
const models = new Map();

/** The model of a place's data. They stand in a script, which nobody but the page's maker can put there: an id alone is anybody's. */
function known(id) {
  if (!models.has(id)) {
    const { textContent } = document.querySelector(`script[id="${id}"]`);
    models.set(id, unpacked(textContent).then(({ kind, state }) => ({ kind, model: modelOf(state) })));
  }
  return models.get(id);
}

async function enliven(place) {
  const { kind, model } = await known(place.dataset.alive), el = document.createElement("div");
  place.append(el);
  const draw = () => WIDGETS[kind].render({ model, el });
  views.push({ draw, gone: draw() });
}

for (const whole of document.querySelectorAll(".alive")) {
  try {
    for (const place of whole.querySelectorAll("[data-alive]")) await enliven(place);
    whole.querySelector(":scope > .still")?.remove(); // only now: where a widget cannot live, its picture stays
  } catch (problem) {
    for (const place of whole.querySelectorAll("[data-alive]")) place.replaceChildren();
    console.warn(`A picture stays as it is: ${problem}`);
  }
}

/** Paper is white whatever the screen is, so everything is drawn once more in the colours of a light page. */
function onPaper(is) {
  document.documentElement.classList.toggle("paper", is);
  for (const view of views) { view.gone?.(); view.gone = view.draw(); }
}
addEventListener("beforeprint", () => onPaper(true));
addEventListener("afterprint", () => onPaper(false));
