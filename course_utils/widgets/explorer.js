// Draws explorers. Python sends every array once; a frame is a row of a table that points to arrays and texts.
// From the top: numbers (pure, tested with node), colours, frames, painting, knobs, and render(), which joins them.

// ---- numbers

export const clamp = (value, low, high) => Math.min(high, Math.max(low, value));

/** A mapping from values to pixels and back, linear or logarithmic. */
export function scale(low, high, from, to, log = false) {
  const f = log ? Math.log : (v) => v, g = log ? Math.exp : (v) => v;
  const k = (to - from) / (f(high) - f(low));
  const pixel = (v) => clamp(from + k * (f(log ? Math.max(v, 1e-300) : v) - f(low)), -1e5, 1e5); // a canvas holds no 1e30
  return Object.assign(pixel, { back: (p) => g(f(low) + (p - from) / k) });
}

/** Round values between low and high, about `count` of them; powers of ten on a logarithmic axis. */
export function ticks(low, high, count, log = false) {
  [low, high] = [Math.min(low, high), Math.max(low, high)];
  if (log) {
    const first = Math.ceil(Math.log10(low) - 1e-9), last = Math.floor(Math.log10(high) + 1e-9);
    const every = Math.max(1, Math.ceil((last - first) / count));
    return Array.from({ length: Math.floor((last - first) / every) + 1 }, (_, i) => 10 ** (first + i * every));
  }
  const rough = (high - low) / count, power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].find((m) => m * power >= rough * 0.999) * power;
  const first = Math.ceil(low / step - 1e-9), last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/** A number in few characters: 0.25, −3, 10⁻⁴, 2.5e−7. */
export function show(v) {
  const power = Math.log10(Math.abs(v));
  if (v && Number.isInteger(power) && Math.abs(power) > 2) return `${v < 0 ? "−" : ""}10${[...String(power)].map((c) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(c)]).join("")}`;
  return (v && (Math.abs(v) >= 1e4 || Math.abs(v) < 1e-3) ? v.toExponential(1) : String(Number(v.toPrecision(3)))).replaceAll("-", "−");
}

/** Where a value lies among an axis' values, as a fractional index; whole unless the axis blends. */
export function positionOf(axis, value) {
  const { values, kind } = axis;
  if (kind === "choice") return Math.max(0, values.indexOf(value));
  const last = values.length - 1, v = clamp(value, values[0], values[last]);
  const i = clamp(values.findIndex((upper) => upper >= v), 1, Math.max(1, last)) - 1;
  if (last < 1) return 0;
  const t = scale(values[i], values[i + 1], 0, 1, kind === "log")(v);
  return axis.blend ? i + t : Math.round(i + t);
}

/** The value at a fractional index: the inverse of positionOf. */
export function valueAt(axis, position) {
  const { values, kind } = axis, i = clamp(Math.floor(position), 0, values.length - 1);
  const t = clamp(position - i, 0, 1);
  if (!axis.blend || t === 0 || i + 1 >= values.length) return values[clamp(Math.round(position), 0, values.length - 1)];
  return scale(values[i], values[i + 1], 0, 1, kind === "log").back(t);
}

/** The three neighbours of a fractional index with the weights that make a parabola through them. */
function parabola(position, n) {
  const i = clamp(Math.round(position) - 1, 0, Math.max(0, n - 3)), t = position - i;
  if (n < 3) return n < 2 ? [[0, 1]] : [[0, 1 - t], [1, t]];
  return [[i, (t - 1) * (t - 2) / 2], [i + 1, t * (2 - t)], [i + 2, t * (t - 1) / 2]];
}

/** The grid's rows around a position with their weights, the heaviest first: one row unless an axis blends. */
export function corners(axes, positions) {
  let found = [{ row: 0, weight: 1 }];
  axes.forEach((axis, k) => {
    const n = axis.values.length, near = axis.blend ? parabola(positions[k], n) : [[positions[k], 1]];
    found = found.flatMap(({ row, weight }) => near.map(([i, part]) => ({ row: row * n + i, weight: weight * part })));
  });
  return found.filter(({ weight }) => weight).sort((a, b) => b.weight - a.weight);
}

/** The handle of the panel under the pointer that is nearest to it, or null where nothing can be dragged. */
export function hit(boxes, handles, x, y) {
  const inside = ({ left, top, right, bottom }) => x >= left - 8 && x <= right + 8 && y >= top - 8 && y <= bottom + 8;
  const box = boxes.findIndex(inside);
  const near = handles.filter((handle) => handle.box === box);
  return near.sort((a, b) => Math.hypot(a.x - x, a.y - y) - Math.hypot(b.x - x, b.y - y))[0] ?? null;
}

// ---- colours: four roles, in shades that stand out from a light and from a dark page

const ROLES = {
  light: { forward: [0, 114, 178], gradient: [213, 94, 0], reference: [0, 158, 115], highlight: [190, 90, 150] },
  dark: { forward: [86, 180, 233], gradient: [255, 140, 66], reference: [45, 196, 154], highlight: [238, 150, 205] },
};
const PAGES = { light: { text: [32, 32, 32], page: [255, 255, 255] }, dark: { text: [230, 230, 230], page: [17, 17, 17] } };

export const mix = (a, b, t) => a.map((v, i) => Math.round(v + (b[i] - v) * t));
const css = (c, alpha = 1) => `rgba(${c}, ${alpha})`;

/** Relative luminance of an sRGB colour (WCAG 2). */
export function luminance(colour) {
  const [r, g, b] = colour.map((v) => (v / 255 <= 0.03928 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** All colours for a page whose text has this colour: light text means a dark page, whatever a setting says. */
export function theme(textColour) {
  const name = luminance(textColour) > 0.4 ? "dark" : "light", { text, page } = PAGES[name];
  const roles = { ...ROLES[name], text, muted: mix(page, text, 0.55) };
  const inks = Object.fromEntries(Object.entries(roles).map(([role, c]) => [role, role === "muted" ? mix(page, text, 0.7) : mix(c, text, role === "text" ? 0 : 0.3)]));
  return { name, text, page, roles, inks, grid: mix(page, text, 0.13), axis: mix(page, text, 0.45) };
}

/** The colour of a number between -1 and 1, centred at the page's colour. */
export function shade(t, colours) {
  if (!Number.isFinite(t)) return colours.axis;
  return mix(colours.page, t > 0 ? colours.roles.forward : colours.roles.gradient, clamp(Math.abs(t), 0, 1));
}

// ---- frames

function unpack(model) {
  const copy = (name, Type) => { // a DataView may begin at any byte
    const { buffer, byteOffset, byteLength } = model.get(name);
    return new Type(buffer.slice(byteOffset, byteOffset + byteLength));
  };
  return { floats: copy("_floats", Float32Array), spans: copy("_spans", Uint32Array), table: copy("_table", Uint32Array), ...model.get("_spec") };
}

/** The elements of one frame, their arrays and texts filled in; between grid values numbers are mixed, words are not. */
export function frame(data, scene, positions) {
  const parts = corners(scene.axes, positions);
  const rows = parts.map(({ row }) => data.table.subarray(scene.first + row * scene.width, scene.first + (row + 1) * scene.width));
  const same = parts.filter((_, i) => rows[i][0] === rows[0][0]).length === parts.length;
  const span = (id) => data.floats.subarray(data.spans[2 * id], data.spans[2 * id] + data.spans[2 * id + 1]);
  const array = (slot) => {
    const arrays = rows.map((row) => span(row[slot]));
    if (!same || rows.every((row) => row[slot] === rows[0][slot]) || arrays.some((a) => a.length !== arrays[0].length)) return arrays[0];
    return arrays[0].map((_, i) => arrays.reduce((sum, a, k) => sum + a[i] * parts[k].weight, 0));
  };
  return scene.templates[rows[0][0]].map(({ arrays, text, ...style }) => ({
    ...style, text: text ? data.texts[rows[0][text]] : "", ...Object.fromEntries(Object.entries(arrays).map(([name, slot]) => [name, array(slot)])),
  }));
}

// ---- painting

const FONT = (size, bold = "") => `${bold} ${size}px system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif`;
const DASH = { solid: [], dashed: [7, 4], dotted: [1.5, 4] };

/** Where panels lie: side by side, below each other when the page is narrow; square ones take no more room than they need. */
export function layout(panels, width, height) {
  const columns = clamp(Math.floor(width / 230), 1, panels.length), boxes = [];
  const ratio = (p) => Math.abs(p.x[1] - p.x[0]) / Math.abs(p.y[1] - p.y[0]);
  const need = (p) => (p.equal ? (height - (p.bare ? 32 : 76)) * ratio(p) + (p.bare ? 8 : 62 + (p.room ?? 0)) : 0);
  for (let first = 0, top = 0; first < panels.length; first += columns, top += height) {
    const row = panels.slice(first, first + columns), fixed = row.reduce((sum, p) => sum + need(p), 0);
    const fits = fixed + 200 < width && row.some((p) => !p.equal);
    const parts = row.map((p) => (fits && p.equal ? 0 : p.wide)), unit = (width - (fits ? fixed : 0)) / parts.reduce((a, b) => a + b, 0);
    let left = 0;
    row.forEach((p, i) => {
      const share = parts[i] ? parts[i] * unit : need(p);
      boxes.push(p.bare ? { left: left + 4, right: left + share - 4, top: top + 26, bottom: top + height - 6 }
        : { left: left + 44, right: left + share - 10 - (p.room ?? 0), top: top + 40, bottom: top + height - 36 });
      left += share;
    });
  }
  panels.forEach((p, i) => p.equal && square(boxes[i], ratio(p)));
  return boxes;
}

function square(box, ratio) { // one unit is as long on both axes
  const wide = box.right - box.left, high = box.bottom - box.top;
  if (wide > high * ratio) box.right = box.left + high * ratio;
  else box.bottom = box.top + wide / ratio;
}

function paintAxes(ctx, p, box, colours) {
  ctx.fillStyle = css(colours.text);
  ctx.textAlign = "left"; ctx.textBaseline = "alphabetic"; ctx.font = FONT(13, "600");
  ctx.fillText(p.text, p.bare ? box.left : box.left - 36, box.top - (p.bare ? 12 : 26));
  if (p.bare) return;
  ctx.font = FONT(11); ctx.lineWidth = 1; ctx.strokeStyle = css(colours.grid); ctx.fillStyle = css(colours.inks.muted);
  ctx.fillText(p.ylabel, box.left - 36, box.top - 9);
  ctx.textAlign = "right"; ctx.fillText(p.xlabel, box.right, box.bottom + 31);
  const stroke = (x0, y0, x1, y1) => { ctx.beginPath(); ctx.moveTo(x0, y0); ctx.lineTo(x1, y1); ctx.stroke(); };
  ctx.textBaseline = "middle";
  for (const v of ticks(...p.y, Math.max(2, (box.bottom - box.top) / 42), p.log)) {
    stroke(box.left, p.sy(v), box.right, p.sy(v)); ctx.fillText(show(v), box.left - 6, p.sy(v));
  }
  ctx.textAlign = "center"; ctx.textBaseline = "top";
  for (const v of ticks(...p.x, Math.max(2, (box.right - box.left) / 60))) {
    stroke(p.sx(v), box.top, p.sx(v), box.bottom); ctx.fillText(show(v), p.sx(v), box.bottom + 6);
  }
  ctx.strokeStyle = css(colours.axis); stroke(box.left, box.bottom, box.right, box.bottom); stroke(box.left, box.top, box.left, box.bottom);
}

function trace(ctx, p, e, close) { // NaN lifts the pen
  ctx.beginPath();
  let down = false;
  for (let i = 0; i < e.x.length; i++) {
    if (Number.isNaN(e.x[i]) || Number.isNaN(e.y[i])) { if (close && down) ctx.closePath(); down = false; continue; }
    ctx[down ? "lineTo" : "moveTo"](p.sx(e.x[i]), p.sy(e.y[i])); down = true;
  }
  if (close) ctx.closePath();
}

function mark(ctx, marker, x, y, r) {
  ctx.beginPath();
  if (marker === "cross") { ctx.moveTo(x - r, y - r); ctx.lineTo(x + r, y + r); ctx.moveTo(x - r, y + r); ctx.lineTo(x + r, y - r); }
  else if (marker === "square") ctx.rect(x - r, y - r, 2 * r, 2 * r);
  else if (marker === "diamond") { ctx.moveTo(x, y - 1.4 * r); ctx.lineTo(x + 1.4 * r, y); ctx.lineTo(x, y + 1.4 * r); ctx.lineTo(x - 1.4 * r, y); ctx.closePath(); }
  else ctx.arc(x, y, r, 0, 7);
  ctx[marker === "dot" || marker === "diamond" ? "fill" : "stroke"]();
}

const heats = new WeakMap(); // the picture of a matrix, kept as long as its numbers are

function heatPicture(e, colours, cache) {
  const key = `${e.values.byteOffset} ${e.limit[0]} ${colours.name}`;
  const mine = heats.get(cache) ?? heats.set(cache, new Map()).get(cache);
  const owned = e.values.buffer === cache.floats.buffer; // mixed numbers are new in every frame
  if (owned && mine.has(key)) return mine.get(key);
  const picture = document.createElement("canvas");
  picture.width = e.columns; picture.height = e.values.length / e.columns;
  const image = new ImageData(picture.width, picture.height);
  e.values.forEach((v, i) => image.data.set([...shade(v / e.limit[0], colours), 255], 4 * i));
  picture.getContext("2d").putImageData(image, 0, 0);
  if (owned) mine.set(key, picture);
  return picture;
}

const PAINT = {
  line(ctx, p, e) { ctx.setLineDash(DASH[e.dash]); ctx.lineWidth = e.width; trace(ctx, p, e, false); ctx.stroke(); },
  polygon(ctx, p, e) { ctx.globalAlpha *= e.strength; trace(ctx, p, e, true); ctx.fill(); },
  points(ctx, p, e) { ctx.lineWidth = 1.6; e.x.forEach((x, i) => mark(ctx, e.marker, p.sx(x), p.sy(e.y[i]), e.size)); },
  handle(ctx, p, e, colours) {
    const at = [p.sx(e.x[0]), p.sy(e.y[0])];
    if (e.hollow) { ctx.lineWidth = 3; mark(ctx, "circle", ...at, 14); return; }
    ctx.strokeStyle = css(colours.page); ctx.lineWidth = 3; mark(ctx, "circle", ...at, 8); mark(ctx, "dot", ...at, 7.5);
    ctx.fillStyle = css(colours.page); mark(ctx, "dot", ...at, 2.5);
  },
  arrows(ctx, p, e) {
    ctx.lineWidth = e.width;
    e.x.forEach((x, i) => {
      const [x0, y0, x1, y1] = [p.sx(x), p.sy(e.y[i]), p.sx(x + e.dx[i]), p.sy(e.y[i] + e.dy[i])];
      const angle = Math.atan2(y1 - y0, x1 - x0), long = Math.hypot(x1 - x0, y1 - y0), head = Math.min(4 + 2.2 * e.width, long);
      if (!(long > 0.5)) return;
      const wing = (turn) => [x1 - head * Math.cos(angle + turn), y1 - head * Math.sin(angle + turn)];
      ctx.beginPath(); ctx.moveTo(x0, y0); ctx.lineTo(x1 - 0.7 * head * Math.cos(angle), y1 - 0.7 * head * Math.sin(angle)); ctx.stroke();
      ctx.beginPath(); ctx.moveTo(x1, y1); ctx.lineTo(...wing(0.4)); ctx.lineTo(...wing(-0.4)); ctx.fill();
    });
  },
  heat(ctx, p, e, colours, cache) {
    const picture = heatPicture(e, colours, cache), [x0, x1] = e.x, [y0, y1] = e.y;
    ctx.globalAlpha *= e.strength; ctx.imageSmoothingEnabled = e.smooth;
    ctx.translate(p.sx(x0), p.sy(y0));
    ctx.scale((p.sx(x1) - p.sx(x0)) / picture.width, (p.sy(y1) - p.sy(y0)) / picture.height);
    ctx.drawImage(picture, 0, 0);
  },
  label(ctx, p, e, colours) {
    const lines = e.text.split("\n"), x = p.sx(e.x[0]), y = p.sy(e.y[0]), high = e.size * 1.3 * lines.length;
    ctx.font = FONT(e.size); ctx.textAlign = e.align; ctx.textBaseline = "middle";
    if (e.box) {
      const wide = Math.max(...lines.map((line) => ctx.measureText(line).width)) + 16;
      ctx.beginPath(); ctx.roundRect(x - wide / 2, y - high / 2 - 4, wide, high + 8, 7);
      ctx.fillStyle = css(mix(colours.page, colours.roles[e.role], 0.12)); ctx.fill(); ctx.lineWidth = 1.5; ctx.stroke();
    }
    ctx.fillStyle = css(e.box ? colours.text : colours.inks[e.role]);
    lines.forEach((line, i) => ctx.fillText(line, x, y + e.size * 1.3 * (i - (lines.length - 1) / 2)));
  },
};

function paintTag(ctx, p, e, box, colours, taken) { // direct labels, moved apart where they would meet
  if (!e.text || e.kind === "label") return;
  let i = e.x.length - 1;
  const seen = (i) => p.sx(e.x[i]) <= box.right + 1 && p.sx(e.x[i]) >= box.left && p.sy(e.y[i]) >= box.top - 1 && p.sy(e.y[i]) <= box.bottom + 1;
  while (i > 0 && !seen(i)) i--;
  const x = p.sx(e.x[i] + (e.dx?.[i] ?? 0)) + (e.kind === "handle" ? 12 : 6);
  let y = clamp(p.sy(e.y[i] + (e.dy?.[i] ?? 0)) - (e.kind === "line" ? 0 : 9), box.top + 4, box.bottom - 4);
  ctx.font = FONT(12, "600"); ctx.textBaseline = "middle"; ctx.textAlign = "left";
  const wide = ctx.measureText(e.text).width, meets = (t) => Math.abs(t.y - y) < 14 && x < t.x + t.wide && t.x < x + wide;
  for (let tries = 0; tries < 4 && taken.some(meets); tries++) y = taken.find(meets).y + (taken.find(meets).y <= y ? 14 : -14);
  taken.push({ x, y, wide });
  ctx.lineWidth = 3; ctx.strokeStyle = css(colours.page, 0.85); ctx.strokeText(e.text, x, y);
  ctx.fillStyle = css(colours.inks[e.role]); ctx.fillText(e.text, x, y);
}

/** Paint one frame; returns where panels and handles lie, for the pointer. */
function paint(canvas, elements, data, width, height, colours) {
  const ctx = canvas.getContext("2d"), dpr = window.devicePixelRatio || 1;
  const panels = [];
  for (const e of elements) {
    if (e.kind === "panel") panels.push({ ...e, mine: [] });
    else if (e.kind !== "say") panels.at(-1).mine.push(e);
  }
  ctx.font = FONT(12, "600");
  for (const p of panels) p.room = Math.max(0, ...p.mine.filter((e) => e.kind === "line" && e.text).map((e) => ctx.measureText(e.text).width + 4));
  const boxes = layout(panels, width, height), tall = Math.max(...boxes.map((box) => box.bottom)) + (panels[0].bare ? 6 : 38);
  const size = [Math.round(width * dpr), Math.round(tall * dpr)];
  if (canvas.width !== size[0] || canvas.height !== size[1]) { [canvas.width, canvas.height] = size; canvas.style.height = `${tall}px`; }
  ctx.setTransform(dpr, 0, 0, dpr, 0, 0);
  ctx.clearRect(0, 0, width, tall);
  panels.forEach((p, i) => {
    const box = boxes[i], taken = [];
    p.sx = scale(...p.x, box.left, box.right); p.sy = scale(...p.y, box.bottom, box.top, p.log);
    paintAxes(ctx, p, box, colours);
    for (const e of p.mine) {
      ctx.save();
      ctx.beginPath(); ctx.rect(box.left - 1, box.top - 1, box.right - box.left + 2, box.bottom - box.top + 2);
      if (e.kind !== "handle" && e.kind !== "label") ctx.clip();
      ctx.globalAlpha = e.faded ? 0.35 : 1; ctx.lineJoin = ctx.lineCap = "round";
      ctx.strokeStyle = ctx.fillStyle = css(colours.roles[e.role] ?? colours.text);
      PAINT[e.kind](ctx, p, e, colours, data);
      ctx.restore();
    }
    for (const e of p.mine) paintTag(ctx, p, e, box, colours, taken);
  });
  const handles = panels.flatMap((p, box) => p.mine.filter((e) => e.kind === "handle").map((e) => ({ box, panel: p, knob: e.knob, x: p.sx(e.x[0]), y: p.sy(e.y[0]) })));
  return { boxes, handles };
}

// ---- knobs

const make = (tag, attributes = {}, ...children) => {
  const node = Object.assign(document.createElement(tag), attributes);
  node.append(...children);
  return node;
};
const say = (value) => (typeof value === "number" ? show(value) : String(value));

function sliderKnob(knob, axis, get, set, signal) {
  const last = axis.values.length - 1, output = make("output");
  const input = make("input", { type: "range", min: 0, max: last, step: axis.blend ? 0.05 : 1, ariaLabel: knob.label });
  input.addEventListener("input", () => set(knob.name, valueAt(axis, Number(input.value))), { signal });
  const refresh = () => {
    input.value = positionOf(axis, get(knob.name));
    output.textContent = input.ariaValueText = say(valueAt(axis, Number(input.value)));
  };
  return { node: make("label", { className: "hg-slider" }, make("span", { textContent: knob.label }), input, output), refresh };
}

function choiceKnob(knob, axis, get, set, signal) {
  const group = `hg-${crypto.getRandomValues(new Uint32Array(2)).join("-")}`;
  const options = axis.values.map((value) => {
    const input = make("input", { type: "radio", name: group });
    input.addEventListener("change", () => set(knob.name, value), { signal });
    return { value, input, node: make("label", {}, input, make("span", { textContent: say(value) })) };
  });
  const refresh = () => options.forEach(({ value, input }) => { input.checked = value === get(knob.name); });
  const node = make("div", { className: "hg-choice", role: "radiogroup", ariaLabel: knob.label });
  node.append(make("span", { textContent: knob.label }), ...options.map((option) => option.node));
  return { node, refresh };
}

/** A button that walks a knob from end to end: a slider in four seconds, a choice at a pace that can be read. */
function playButton(knob, axis, get, set, signal) {
  const button = make("button", { type: "button" }), last = axis.values.length - 1;
  const seconds = axis.kind === "choice" ? 0.8 * last : 4;
  let running = 0;
  const stop = () => { cancelAnimationFrame(running); running = 0; button.textContent = "▶ play"; button.ariaLabel = `play ${knob.label}`; };
  const start = () => {
    const from = positionOf(axis, get(knob.name)), begin = performance.now(), first = from >= last - 1e-6 ? 0 : from;
    const step = (now) => {
      const position = Math.min(last, first + (last / seconds) * Math.max(0, now - begin) / 1000);
      set(knob.name, valueAt(axis, axis.blend ? position : Math.floor(position)));
      if (position < last) running = requestAnimationFrame(step); else stop();
    };
    button.textContent = "❚❚ pause"; button.ariaLabel = `pause ${knob.label}`; running = requestAnimationFrame(step);
  };
  button.addEventListener("click", () => (running ? stop() : start()), { signal });
  signal.addEventListener("abort", stop);
  stop();
  return button;
}

// ---- joining them

function render({ model, el }) {
  const whole = new AbortController();
  const problem = model.get("problem");
  el.classList.add("hg-explorer");
  if (problem) {
    el.append(make("div", { className: "hg-problem", role: "alert", textContent: problem }));
    return () => el.replaceChildren();
  }
  const data = unpack(model), canvas = make("canvas", { tabIndex: 0, ariaLabel: data.label });
  canvas.setAttribute("role", "application");
  const sentence = make("div", { className: "hg-say", role: "status" }), knobs = make("div", { className: "hg-knobs" });
  const help = make("div", { className: "hg-note" });
  let scene, parts = [], drawn = { boxes: [], handles: [] }, colours, built, saving = 0;

  const get = (name) => model.get(name);
  const save = () => { clearTimeout(saving); saving = 0; model.save_changes(); };
  const set = (name, value) => {
    model.set(name, value); // draws at once, through "change"; Python hears of it ten times a second
    saving ||= setTimeout(save, 100);
  };
  const value = (knob) => get(knob.name) ?? knob.start;
  const positions = () => scene.knobs.flatMap((knob) => knob.axes.map((k, i) => positionOf(scene.axes[k], knob.axes.length > 1 ? value(knob)[i] : value(knob))));

  function build() { // the knobs of a scene
    built?.abort(); built = new AbortController();
    scene = data.scenes[data.choice ? Math.max(0, data.choice.options.indexOf(get(data.choice.name))) : 0];
    parts = [];
    const rows = data.choice ? [[data.choice, { kind: "choice", values: data.choice.options }]] : [];
    for (const knob of scene.knobs) if (knob.axes.length === 1) rows.push([knob, scene.axes[knob.axes[0]]]);
    const nodes = rows.flatMap(([knob, axis]) => {
      const part = (axis.kind === "choice" ? choiceKnob : sliderKnob)(knob, axis, get, set, built.signal);
      parts.push(part);
      return knob.play ? [make("div", { className: "hg-row" }, part.node, playButton(knob, axis, get, set, built.signal))] : [part.node];
    });
    const focused = [...knobs.querySelectorAll("input")].indexOf(knobs.getRootNode().activeElement);
    knobs.replaceChildren(...nodes);
    if (focused >= 0) knobs.querySelectorAll("input")[focused]?.focus();
  }

  function draw() {
    const width = Math.min(canvas.parentNode?.clientWidth ?? 0, 900);
    if (!width) return; // not on the page yet: the observer draws later
    const elements = frame(data, scene, positions());
    drawn = paint(canvas, elements, data, width, data.height, colours);
    parts.forEach((part) => part.refresh());
    const text = elements.find((e) => e.kind === "say")?.text ?? "";
    if (sentence.textContent !== text) sentence.textContent = text;
    const what = [...new Set(drawn.handles.map((handle) => scene.knobs.find(({ name }) => name === handle.knob).label))].join(", ");
    help.textContent = [what && `Drag the point, or focus the picture and use the arrow keys (${what}).`, data.note].filter(Boolean).join(" ");
    canvas.style.touchAction = what ? "pan-y" : "auto";
  }

  const paintAgain = () => { colours = theme(getComputedStyle(el).color.match(/[\d.]+/g).slice(0, 3).map(Number)); draw(); };
  const point = (handle, x, y) => { // set a handle's knob from a place on the canvas
    const knob = scene.knobs.find(({ name }) => name === handle.knob), { sx, sy } = handle.panel;
    const to = knob.axes.map((k, i) => { const axis = scene.axes[k]; return valueAt(axis, positionOf(axis, (i ? sy : sx).back(i ? y : x))); });
    set(knob.name, to.length > 1 ? to : to[0]);
  };
  let held = null;
  const on = (type, act) => canvas.addEventListener(type, act, { signal: whole.signal });
  on("pointerdown", (event) => {
    held = hit(drawn.boxes, drawn.handles, event.offsetX, event.offsetY);
    if (!held) return;
    canvas.setPointerCapture(event.pointerId); canvas.focus(); point(held, event.offsetX, event.offsetY);
  });
  on("pointermove", (event) => {
    if (held) point(held, event.offsetX, event.offsetY);
    else canvas.style.cursor = hit(drawn.boxes, drawn.handles, event.offsetX, event.offsetY) ? "grab" : "default";
  });
  for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) on(end, () => { held = null; if (saving) save(); });
  on("keydown", (event) => {
    const way = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowDown: [1, -1], ArrowUp: [1, 1] }[event.key], handle = drawn.handles[0];
    if (!way || !handle) return;
    const knob = scene.knobs.find(({ name }) => name === handle.knob), several = knob.axes.length > 1, now = [value(knob)].flat();
    const i = several ? way[0] : 0, axis = scene.axes[knob.axes[i]];
    const step = (axis.blend ? 0.25 : 1) * (event.shiftKey ? 5 : 1);
    now[i] = valueAt(axis, clamp(positionOf(axis, now[i]) + step * way[1], 0, axis.values.length - 1));
    set(knob.name, several ? now : now[0]);
    event.preventDefault(); event.stopPropagation(); // JupyterLab would move to the next cell
  });
  const names = [...new Set(data.scenes.flatMap(({ knobs }) => knobs.map(({ name }) => name)))];
  names.forEach((name) => model.on(`change:${name}`, draw));
  const change = () => { build(); draw(); };
  if (data.choice) model.on(`change:${data.choice.name}`, change);
  const sizes = new ResizeObserver(draw), looks = new MutationObserver(() => setTimeout(paintAgain, 50));
  el.append(knobs, make("div", { className: "hg-picture" }, canvas), sentence, help);
  build(); paintAgain();
  sizes.observe(canvas.parentNode);
  looks.observe(document.body, { attributes: true });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paintAgain, { signal: whole.signal });
  return () => {
    whole.abort(); built.abort(); sizes.disconnect(); looks.disconnect(); clearTimeout(saving);
    names.forEach((name) => model.off(`change:${name}`, draw));
    if (data.choice) model.off(`change:${data.choice.name}`, change);
    el.replaceChildren();
  };
}

export default { render };
