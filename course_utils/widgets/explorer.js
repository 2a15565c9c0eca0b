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
    const powers = Array.from({ length: 61 }, (_, i) => 10 ** (i - 30)).filter((v) => v > low * 0.999 && v < high * 1.001);
    return powers.filter((_, i) => i % Math.ceil(powers.length / (count + 1)) === 0);
  }
  const rough = (high - low) / count, power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].find((m) => m * power >= rough * 0.999) * power;
  const first = Math.ceil(low / step - 1e-9), last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/** A number in few characters: 0.25, −3, 10⁻⁴, 2.5e−7. Words stay as they are. */
export function show(v) {
  if (typeof v !== "number") return String(v);
  const size = Math.abs(v), power = Math.log10(size), raised = () => [...String(power)].map((c) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(c)]).join("");
  if (v && Number.isInteger(power) && Math.abs(power) > 2) return `${v < 0 ? "−" : ""}10${raised()}`;
  return (v && (size >= 1e4 || size < 1e-3) ? v.toExponential(1) : String(Number(v.toPrecision(3)))).replaceAll("-", "−");
}

/** Where a value lies among an axis' values, as a fractional index; whole unless the axis blends. */
export function positionOf({ values, kind, blend }, value) {
  if (kind === "choice" || values.length < 2) return Math.max(0, values.indexOf(value));
  const last = values.length - 1, above = values.findIndex((v) => v >= value), i = (above < 0 ? last : Math.max(above, 1)) - 1;
  const t = clamp(scale(values[i], values[i + 1], 0, 1, kind === "log")(value), 0, 1);
  return blend ? i + t : Math.round(i + t);
}

/** The value at a fractional index: the inverse of positionOf. */
export function valueAt({ values, kind, blend }, position) {
  const last = values.length - 1, at = clamp(blend ? position : Math.round(position), 0, last), i = Math.floor(at);
  return at === i ? values[i] : scale(values[i], values[i + 1], 0, 1, kind === "log").back(at - i);
}

/** The grid's rows around a position with their weights, the heaviest first: one row unless an axis blends. */
export function corners(axes, positions) {
  let found = [{ row: 0, weight: 1 }];
  axes.forEach(({ values: { length: n }, blend }, k) => {
    const at = positions[k], i = clamp(Math.round(at) - 1, 0, Math.max(0, n - 3)), t = at - i;
    const parabola = [[i, (t - 1) * (t - 2) / 2], [i + 1, t * (2 - t)], [i + 2, t * (t - 1) / 2]]; // through three neighbours
    const near = blend && n > 2 ? parabola : [[Math.round(at), 1]];
    found = found.flatMap(({ row, weight }) => near.map(([j, part]) => ({ row: row * n + j, weight: weight * part })));
  });
  return found.filter(({ weight }) => weight).sort((a, b) => b.weight - a.weight);
}

/** The handle of the panel under the pointer that is nearest to it, or null where nothing can be dragged. */
export function hit(boxes, handles, x, y) {
  const box = boxes.findIndex(({ left, top, right, bottom }) => x >= left - 8 && x <= right + 8 && y >= top - 8 && y <= bottom + 8);
  return handles.filter((handle) => handle.box === box).sort((a, b) => Math.hypot(a.x - x, a.y - y) - Math.hypot(b.x - x, b.y - y))[0] ?? null;
}

/** The ends of a line between boxes {x, y, wide, high} around their middles: where it leaves the one and enters the other. */
export function between(boxes, x0, y0, x1, y1) {
  const inside = (x, y) => boxes.find((box) => Math.abs(x - box.x) <= box.wide / 2 && Math.abs(y - box.y) <= box.high / 2);
  const side = (d, from, middle, size) => (d ? (middle - (Math.sign(d) * size) / 2 - from) / d : 0);
  const entry = (xa, ya, xb, yb, box) => (box ? clamp(Math.max(side(xb - xa, xa, box.x, box.wide), side(yb - ya, ya, box.y, box.high)), 0, 1) : 1);
  const last = entry(x0, y0, x1, y1, inside(x1, y1)), first = 1 - entry(x1, y1, x0, y0, inside(x0, y0));
  return [first, last].flatMap((t) => [x0 + (x1 - x0) * t, y0 + (y1 - y0) * t]);
}

// ---- colours: four roles, in shades that stand out from a light and from a dark page
const PAGES = {
  light: { text: [32, 32, 32], page: [255, 255, 255], forward: [0, 114, 178], gradient: [213, 94, 0], reference: [0, 158, 115], highlight: [190, 90, 150] },
  dark: { text: [230, 230, 230], page: [17, 17, 17], forward: [86, 180, 233], gradient: [255, 140, 66], reference: [45, 196, 154], highlight: [238, 150, 205] },
};

export const mix = (a, b, t) => a.map((v, i) => Math.round(v + (b[i] - v) * t));
const css = (c, alpha = 1) => `rgba(${c}, ${alpha})`;

/** Relative luminance of an sRGB colour (WCAG 2). */
export function luminance(colour) {
  const [r, g, b] = colour.map((v) => (v / 255 <= 0.03928 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** All colours for a page whose text has this colour: light text means a dark page, whatever a setting says. */
export function theme(textColour) {
  const name = luminance(textColour) > 0.4 ? "dark" : "light", { page, ...roles } = PAGES[name], { text } = roles;
  const inks = Object.fromEntries(Object.entries(roles).map(([role, colour]) => [role, mix(colour, text, 0.3)])); // words need more contrast than lines
  const [muted, ink, grid, axis] = [0.55, 0.7, 0.13, 0.45].map((t) => mix(page, text, t));
  return { name, text, page, grid, axis, roles: { ...roles, muted }, inks: { ...inks, muted: ink } };
}

/** The colour of a number between -1 and 1, centred at the page's colour. */
export function shade(t, colours, low = "gradient") {
  if (!Number.isFinite(t)) return colours.axis;
  return mix(colours.page, t > 0 ? colours.roles.forward : colours.roles[low], clamp(Math.abs(t), 0, 1));
}

// ---- frames
function unpack(model) { // from bytes that may begin anywhere in a buffer
  const copy = ({ buffer, byteOffset, byteLength }, Type) => new Type(buffer.slice(byteOffset, byteOffset + byteLength));
  const [floats, spans, table] = [["_floats", Float32Array], ["_spans", Uint32Array], ["_table", Uint32Array]].map(([name, Type]) => copy(model.get(name), Type));
  return { floats, spans, table, ...model.get("_spec"), pictures: new Map() };
}

/** The elements of one frame, their arrays and texts filled in; between grid values numbers are mixed, words are not. */
export function frame(data, scene, positions) {
  const parts = corners(scene.axes, positions);
  const rows = parts.map(({ row }) => data.table.subarray(scene.first + row * scene.width, scene.first + (row + 1) * scene.width));
  const span = (id) => data.floats.subarray(data.spans[2 * id], data.spans[2 * id] + data.spans[2 * id + 1]);
  const array = (slot) => {
    const arrays = rows.map((row) => span(row[slot]));
    const alike = rows.every((row, k) => row[0] === rows[0][0] && arrays[k].length === arrays[0].length); // else the nearest stands alone
    if (!alike || rows.every((row) => row[slot] === rows[0][slot])) return arrays[0];
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
  const pad = (p) => (p.bare ? { left: 4, right: 4, top: 26, bottom: 6 } : { left: 44, right: 10 + (p.room ?? 0), top: 40, bottom: 36 });
  const need = (p) => (p.equal ? (height - pad(p).top - pad(p).bottom) * ratio(p) + pad(p).left + pad(p).right + 8 : 0);
  const total = (numbers) => numbers.reduce((a, b) => a + b, 0);
  for (let first = 0, top = 0; first < panels.length; first += columns, top += height) {
    const row = panels.slice(first, first + columns), fixed = total(row.map(need));
    const fits = fixed + 200 < width && row.some((p) => !p.equal), parts = row.map((p) => (fits && p.equal ? 0 : p.wide));
    row.reduce((left, p, i) => {
      const share = parts[i] ? (parts[i] * (width - (fits ? fixed : 0))) / total(parts) : need(p), by = pad(p);
      const box = { left: left + by.left, right: left + share - by.right, top: top + by.top, bottom: top + height - by.bottom };
      if (p.equal) { // one unit is as long on both axes
        const wide = Math.min(box.right - box.left, (box.bottom - box.top) * ratio(p));
        Object.assign(box, { right: box.left + wide, bottom: box.top + wide / ratio(p) });
      }
      boxes.push(box);
      return left + share;
    }, 0);
  }
  return boxes;
}

function paintAxes(ctx, p, { left, right, top, bottom }, colours) {
  ctx.fillStyle = css(colours.text);
  ctx.textAlign = "left"; ctx.textBaseline = "alphabetic"; ctx.font = FONT(13, "600");
  ctx.fillText(p.text, p.bare ? left : left - 36, top - (p.bare ? 12 : 26));
  if (p.bare) return;
  ctx.font = FONT(11); ctx.lineWidth = 1; ctx.strokeStyle = css(colours.grid); ctx.fillStyle = css(colours.inks.muted);
  ctx.fillText(p.ylabel, left - 36, top - 9);
  ctx.textAlign = "right"; ctx.fillText(p.xlabel, right, bottom + 31);
  const stroke = (x0, y0, x1, y1) => { ctx.beginPath(); ctx.moveTo(x0, y0); ctx.lineTo(x1, y1); ctx.stroke(); };
  const tick = (text, x, y, align, baseline) => { ctx.textAlign = align; ctx.textBaseline = baseline; ctx.fillText(text, x, y); };
  const [xs, ys] = [ticks(...p.x, Math.max(2, (right - left) / 60)), ticks(...p.y, Math.max(2, (bottom - top) / 42), p.log)]
    .map((all) => all.filter((v) => !p.whole || Number.isInteger(v)));
  for (const v of ys) { stroke(left, p.sy(v), right, p.sy(v)); tick(show(v), left - 6, p.sy(v), "right", "middle"); }
  for (const v of xs) { stroke(p.sx(v), top, p.sx(v), bottom); tick(show(v), p.sx(v), bottom + 6, "center", "top"); }
  ctx.strokeStyle = css(colours.axis); stroke(left, bottom, right, bottom); stroke(left, top, left, bottom);
}

function trace(ctx, p, e) { // NaN lifts the pen
  let pen = "moveTo";
  ctx.beginPath();
  for (let i = 0; i < e.x.length; i++) {
    const x = p.sx(e.x[i]), y = p.sy(e.y[i]);
    if (Number.isNaN(x + y)) pen = "moveTo"; else { ctx[pen](x, y); pen = "lineTo"; }
  }
}

function mark(ctx, marker, x, y, r) {
  ctx.beginPath();
  if (marker === "cross") { ctx.moveTo(x - r, y - r); ctx.lineTo(x + r, y + r); ctx.moveTo(x - r, y + r); ctx.lineTo(x + r, y - r); }
  else if (marker === "square") ctx.rect(x - r, y - r, 2 * r, 2 * r);
  else if (marker === "diamond") { ctx.moveTo(x, y - 1.4 * r); ctx.lineTo(x + 1.4 * r, y); ctx.lineTo(x, y + 1.4 * r); ctx.lineTo(x - 1.4 * r, y); ctx.closePath(); }
  else ctx.arc(x, y, r, 0, 7);
  ctx[marker === "dot" || marker === "diamond" ? "fill" : "stroke"]();
}

const LINE = 1.3; // the height of a line of words, in sizes of its font

/** The box of a label in pixels, around its middle; leaves its font set. */
function boxOf(ctx, p, e) {
  const lines = e.text.split("\n");
  ctx.font = FONT(e.size);
  const wide = Math.max(...lines.map((line) => ctx.measureText(line).width)) + 16;
  return { lines, x: p.sx(e.x[0]), y: p.sy(e.y[0]), wide, high: e.size * LINE * lines.length + 8 };
}

/** A matrix as small squares, painted once for each look and then stretched; `pick` gives the colour of square i. */
function bitmap(ctx, p, e, data, look, pick) {
  const [x0, x1] = e.x, [y0, y1] = e.y, squares = e.values.length / (e.colours ?? 1), rows = squares / e.columns;
  const key = e.values.buffer === data.floats.buffer && `${e.values.byteOffset} ${look}`; // mixed numbers come once
  const picture = data.pictures.get(key) ?? make("canvas", { width: e.columns, height: rows });
  if (!data.pictures.has(key)) {
    const image = new ImageData(e.columns, rows);
    for (let i = 0; i < squares; i++) image.data.set([...pick(i), 255], 4 * i);
    picture.getContext("2d").putImageData(image, 0, 0);
    if (key) data.pictures.set(key, picture);
  }
  ctx.globalAlpha *= e.strength; ctx.imageSmoothingEnabled = e.smooth ?? false;
  ctx.translate(p.sx(x0), p.sy(y0)); ctx.scale((p.sx(x1) - p.sx(x0)) / e.columns, (p.sy(y1) - p.sy(y0)) / rows);
  ctx.drawImage(picture, 0, 0);
}

const PAINT = {
  line(ctx, p, e) { ctx.setLineDash(DASH[e.dash]); ctx.lineWidth = e.width; trace(ctx, p, e); ctx.stroke(); },
  polygon(ctx, p, e) { ctx.globalAlpha *= e.strength; trace(ctx, p, e); ctx.fill(); },
  points(ctx, p, e) { ctx.lineWidth = 1.6; e.x.forEach((x, i) => mark(ctx, e.marker, p.sx(x), p.sy(e.y[i]), e.size)); },
  handle(ctx, p, e, colours) {
    const at = [p.sx(e.x[0]), p.sy(e.y[0])];
    if (e.hollow) { ctx.lineWidth = 3; mark(ctx, "circle", ...at, 14); return; }
    ctx.strokeStyle = css(colours.page); ctx.lineWidth = 3; mark(ctx, "circle", ...at, 8); mark(ctx, "dot", ...at, 7.5);
    ctx.fillStyle = css(colours.page); mark(ctx, "dot", ...at, 2.5);
  },
  arrows(ctx, p, e) {
    const boxes = e.boxed ? p.mine.filter(({ box }) => box).map((label) => boxOf(ctx, p, label)) : [];
    ctx.lineWidth = e.width;
    e.x.forEach((x, i) => {
      const [x0, y0, x1, y1] = between(boxes, p.sx(x), p.sy(e.y[i]), p.sx(x + e.dx[i]), p.sy(e.y[i] + e.dy[i]));
      const long = Math.hypot(x1 - x0, y1 - y0), head = Math.min(4 + 2.2 * e.width, long);
      if (!(long > 0.5)) return;
      ctx.save(); ctx.translate(x1, y1); ctx.rotate(Math.atan2(y1 - y0, x1 - x0));
      ctx.beginPath(); ctx.moveTo(-long, 0); ctx.lineTo(-0.7 * head, 0); ctx.stroke();
      ctx.beginPath(); ctx.moveTo(0, 0); ctx.lineTo(-0.92 * head, 0.39 * head); ctx.lineTo(-0.92 * head, -0.39 * head); ctx.fill();
      ctx.restore();
    });
  },
  heat(ctx, p, e, colours, data) {
    bitmap(ctx, p, e, data, `${e.limit[0]} ${e.low} ${colours.name}`, (i) => shade(e.values[i] / e.limit[0], colours, e.low));
  },
  image(ctx, p, e, colours, data) {
    const pick = e.colours === 3 ? (i) => e.values.subarray(3 * i, 3 * i + 3) : (i) => [e.values[i], e.values[i], e.values[i]];
    bitmap(ctx, p, e, data, "image", pick);
  },
  label(ctx, p, e, colours) {
    const { lines, x, y, wide, high } = boxOf(ctx, p, e);
    ctx.textAlign = e.align; ctx.textBaseline = "middle";
    if (e.box) {
      ctx.beginPath(); ctx.roundRect(x - wide / 2, y - high / 2, wide, high, 7);
      ctx.fillStyle = css(mix(colours.page, colours.roles[e.role], 0.12)); ctx.fill(); ctx.lineWidth = 1.5; ctx.stroke();
    }
    ctx.fillStyle = css(e.box ? colours.text : colours.inks[e.role]);
    lines.forEach((line, i) => ctx.fillText(line, x, y + e.size * LINE * (i - (lines.length - 1) / 2)));
  },
};

function paintTag(ctx, p, e, box, colours, taken) { // direct labels, moved apart where they would meet
  if (!e.text || e.kind === "label") return;
  const seen = (i) => p.sx(e.x[i]) <= box.right + 1 && p.sx(e.x[i]) >= box.left && p.sy(e.y[i]) >= box.top - 1 && p.sy(e.y[i]) <= box.bottom + 1;
  let i = e.x.length - 1; while (i > 0 && !seen(i)) i--;
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
  const ctx = canvas.getContext("2d"), dpr = window.devicePixelRatio || 1, panels = [], handles = [];
  for (const e of elements) if (e.kind === "panel") panels.push({ ...e, mine: [] }); else if (e.kind !== "say") panels.at(-1).mine.push(e);
  ctx.font = FONT(12, "600");
  for (const p of panels) p.room = Math.max(0, ...p.mine.map((e) => (e.kind === "line" && e.text ? ctx.measureText(e.text).width + 4 : 0)));
  const boxes = layout(panels, width, height), tall = Math.max(...boxes.map((box, i) => box.bottom + (panels[i].bare ? 6 : 38)));
  const [w, h] = [width, tall].map((side) => Math.round(side * dpr));
  if (canvas.width !== w || canvas.height !== h) Object.assign(canvas, { width: w, height: h }).style.height = `${tall}px`;
  ctx.setTransform(dpr, 0, 0, dpr, 0, 0); ctx.clearRect(0, 0, width, tall);
  panels.forEach((p, i) => {
    const box = boxes[i], taken = [];
    p.sx = scale(...p.x, box.left, box.right); p.sy = scale(...p.y, box.bottom, box.top, p.log);
    paintAxes(ctx, p, box, colours);
    for (const e of p.mine) {
      ctx.save();
      ctx.beginPath(); ctx.rect(box.left - 1, box.top - 1, box.right - box.left + 2, box.bottom - box.top + 2);
      if (e.kind === "handle") handles.push({ box: i, panel: p, knob: e.knob, x: p.sx(e.x[0]), y: p.sy(e.y[0]) });
      else if (e.kind !== "label") ctx.clip();
      ctx.globalAlpha = e.faded ? 0.35 : 1; ctx.lineJoin = ctx.lineCap = "round";
      ctx.strokeStyle = ctx.fillStyle = css(colours.roles[e.role] ?? colours.text);
      PAINT[e.kind](ctx, p, e, colours, data);
      ctx.restore();
    }
    for (const e of p.mine) paintTag(ctx, p, e, box, colours, taken);
  });
  return { boxes, handles };
}

// ---- knobs: each is a node and a refresh(), which shows the value that the model has now
const make = (tag, attributes = {}, ...children) => {
  const node = Object.assign(document.createElement(tag), attributes);
  node.append(...children);
  return node;
};

function sliderKnob(knob, axis, get, set) {
  const output = make("output");
  const input = make("input", { type: "range", min: 0, max: axis.values.length - 1, step: axis.blend ? 0.05 : 1, ariaLabel: knob.label });
  input.oninput = () => set(knob.name, valueAt(axis, Number(input.value)));
  const refresh = () => {
    input.value = positionOf(axis, get(knob.name));
    output.textContent = input.ariaValueText = show(valueAt(axis, positionOf(axis, get(knob.name))));
  };
  return { node: make("label", { className: "hg-slider" }, make("span", { textContent: knob.label }), input, output), refresh };
}

function choiceKnob(knob, axis, get, set) {
  const name = `hg-${crypto.getRandomValues(new Uint32Array(2)).join("-")}`; // radio buttons of one name exclude each other
  const inputs = axis.values.map((value) => make("input", { type: "radio", name, onchange: () => set(knob.name, value) }));
  const pills = inputs.map((input, i) => make("label", {}, input, make("span", { textContent: show(axis.values[i]) })));
  const node = make("div", { className: "hg-choice", role: "radiogroup", ariaLabel: knob.label }, make("span", { textContent: knob.label }), ...pills);
  return { node, refresh: () => inputs.forEach((input, i) => { input.checked = axis.values[i] === get(knob.name); }) };
}

/** A button that walks a knob from end to end: a slider in four seconds, a choice at a pace that can be read. */
function playButton(knob, axis, get, set, signal) {
  const last = axis.values.length - 1, seconds = axis.kind === "choice" ? 0.8 * last : 4;
  let running = 0, button = make("button", { type: "button" });
  const look = (mark, word) => Object.assign(button, { textContent: `${mark} ${word}`, ariaLabel: `${word} ${knob.label}` });
  const stop = () => { cancelAnimationFrame(running); running = 0; look("▶", "play"); };
  button.onclick = () => {
    if (running) return stop();
    const begin = performance.now(), first = positionOf(axis, get(knob.name)) % last;
    const step = (now) => {
      const position = Math.min(last, first + (last * Math.max(0, now - begin)) / 1000 / seconds);
      set(knob.name, valueAt(axis, axis.blend ? position : Math.floor(position)));
      if (position < last) running = requestAnimationFrame(step); else stop();
    };
    look("❚❚", "pause"); running = requestAnimationFrame(step);
  };
  signal.addEventListener("abort", stop); stop(); return button;
}

// ---- joining them
function render({ model, el }) {
  const doubled = () => el.classList.toggle("hg-doubled", Boolean(model.get("_doubled")));
  el.classList.add("hg-explorer");
  doubled();
  model.on("change:_doubled", doubled); // a browser's own kernel may say so late
  const textContent = model.get("problem"), clear = () => el.replaceChildren();
  if (textContent) { el.append(make("div", { className: "hg-problem", textContent })); return clear; }
  const whole = new AbortController(), data = unpack(model);
  const [knobs, picture, sentence, help] = ["knobs", "picture", "say", "note"].map((name) => make("div", { className: `hg-${name}` }));
  const canvas = make("canvas", { tabIndex: 0, role: "application", ariaLabel: data.label, ariaRoleDescription: "picture that can be dragged" });
  sentence.role = "status";
  let scene, parts, colours, built, held = null, saving = 0, drawn = { boxes: [], handles: [] }, pending = new Map();
  const get = (name) => model.get(name);
  const save = () => { clearTimeout(saving); saving = 0; pending.clear(); model.save_changes(); };
  const set = (name, value) => { pending.set(name, value); model.set(name, value); saving ||= setTimeout(save, 100); }; // "change" draws at once
  const write = (node, text) => { if (node.textContent !== text) node.textContent = text; };
  const knobOf = (handle) => scene.knobs.find(({ name }) => name === handle.knob);
  const positions = () => scene.knobs.flatMap((knob) => knob.axes.map((k, i) => positionOf(scene.axes[k], [get(knob.name)].flat()[i])));
  const put = (knob, position) => { // position: of each of the knob's axes, a fractional index
    const values = knob.axes.map((k, i) => valueAt(scene.axes[k], position(scene.axes[k], i)));
    set(knob.name, values.length > 1 ? values : values[0]);
  };
  function build() { // the knobs of a scene
    built?.abort(); built = new AbortController();
    scene = data.scenes[data.choice ? data.choice.options.indexOf(get(data.choice.name)) : 0];
    const rows = scene.knobs.filter((knob) => knob.axes.length === 1).map((knob) => [knob, scene.axes[knob.axes[0]]]);
    if (data.choice) rows.unshift([data.choice, { kind: "choice", values: data.choice.options }]);
    parts = rows.map(([knob, axis]) => (axis.kind === "choice" ? choiceKnob : sliderKnob)(knob, axis, get, set));
    const buttons = rows.map(([knob, axis]) => (knob.play ? [playButton(knob, axis, get, set, built.signal)] : []));
    const focused = [...knobs.querySelectorAll("input")].indexOf(knobs.getRootNode().activeElement);
    knobs.replaceChildren(...parts.map(({ node }, i) => make("div", { className: "hg-row" }, node, ...buttons[i])));
    knobs.querySelectorAll("input")[focused]?.focus();
  }
  function draw() {
    const width = Math.min(picture.clientWidth, 900);
    if (!width) return; // not on the page yet: the observer draws later
    colours ??= theme(getComputedStyle(el).color.match(/[\d.]+/g).slice(0, 3).map(Number));
    const elements = frame(data, scene, positions());
    drawn = paint(canvas, elements, data, width, data.height, colours);
    parts.forEach((part) => part.refresh());
    write(sentence, elements.find((e) => e.kind === "say")?.text ?? "");
    const dragged = [...new Set(drawn.handles.map((handle) => knobOf(handle).label))].join(", ");
    write(help, [dragged && `Drag the point, or focus the picture and use the arrow keys (${dragged}).`, scene.note].filter(Boolean).join(" "));
  }
  const point = ({ offsetX, offsetY }) => put(knobOf(held), (axis, i) => positionOf(axis, i ? held.panel.sy.back(offsetY) : held.panel.sx.back(offsetX)));
  const on = (types, act) => types.split(" ").forEach((type) => canvas.addEventListener(type, act, { signal: whole.signal }));
  on("pointerdown", (event) => {
    held = hit(drawn.boxes, drawn.handles, event.offsetX, event.offsetY);
    if (held) { canvas.setPointerCapture(event.pointerId); canvas.focus(); point(event); }
  });
  on("pointermove", (event) => {
    if (held) point(event); else canvas.style.cursor = hit(drawn.boxes, drawn.handles, event.offsetX, event.offsetY) ? "grab" : "default";
  });
  on("pointerup pointercancel lostpointercapture", () => { held = null; if (saving) save(); });
  on("keydown", (event) => {
    const [way, sign] = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowDown: [1, -1], ArrowUp: [1, 1] }[event.key] ?? [], handle = drawn.handles[0];
    if (!sign || !handle) return;
    const knob = knobOf(handle), now = [get(knob.name)].flat(), { y } = handle.panel;
    const moved = way % knob.axes.length, size = (event.shiftKey ? 5 : 1) * (moved && y[1] < y[0] ? -sign : sign);
    put(knob, (axis, i) => positionOf(axis, now[i]) + (i === moved ? size * (axis.blend ? (axis.values.length - 1) / 40 : 1) : 0));
    event.preventDefault();
  });
  const ours = (event) => /^(Arrow|Page|Home|End| )/.test(event.key) && event.stopPropagation(); // or JupyterLab would take these keys
  const look = () => { colours = null; draw(); };
  const names = new Map(data.scenes.flatMap(({ knobs }) => knobs.map(({ name }) => [name, draw])));
  if (data.choice) names.set(data.choice.name, () => { build(); draw(); });
  const heard = [...names].map(([name, act]) => [`change:${name}`, () => { // the kernel's echo of an older value must not win
    if (pending.has(name) && pending.get(name) !== get(name)) model.set(name, pending.get(name)); else act();
  }]);
  heard.forEach((one) => model.on(...one));
  const sizes = new ResizeObserver(draw), looks = new MutationObserver(() => setTimeout(look, 50)); // after the style sheets
  picture.append(canvas); el.append(knobs, picture, sentence, help);
  build(); look(); sizes.observe(picture); looks.observe(document.body, { attributes: true });
  el.addEventListener("keydown", ours, { signal: whole.signal });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", look, { signal: whole.signal });
  return () => {
    whole.abort(); built.abort(); sizes.disconnect(); looks.disconnect(); clearTimeout(saving);
    heard.forEach((one) => model.off(...one)); clear();
  };
}

export default { render };
