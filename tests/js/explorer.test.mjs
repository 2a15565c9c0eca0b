// The explorers' pure parts. Run by tests/widgets/test_module.py, or by hand: node --test tests/js
import assert from "node:assert/strict";
import test from "node:test";
import { between, clamp, corners, frame, hit, layout, luminance, positionOf, scale, shade, show, theme, ticks, valueAt } from "../../course_utils/widgets/explorer.js";

const near = (got, want, gap = 1e-9) => assert.ok(Math.abs(got - want) <= gap, `${got} is not ${want}`);

test("a scale maps its ends to its ends and comes back", () => {
  const linear = scale(-2, 6, 100, 20);
  near(linear(-2), 100); near(linear(6), 20); near(linear.back(linear(1.7)), 1.7);
  const log = scale(0.01, 100, 0, 400, true);
  near(log(0.01), 0); near(log(1), 200); near(log.back(300), 10);
});

test("what no canvas can hold is brought back to its edge", () => {
  assert.equal(scale(0, 1, 0, 100)(Infinity), 1e5);
  assert.equal(scale(0, 1, 0, 100)(-1e30), -1e5);
  assert.ok(scale(1e-4, 1, 0, 100, true)(0) < -1000, "zero lies far below a logarithmic axis");
  assert.ok(Number.isNaN(scale(0, 1, 0, 100)(NaN)), "a gap stays a gap");
});

test("ticks are round, inside, and about as many as asked for", () => {
  assert.deepEqual(ticks(-6, 6, 6), [-6, -4, -2, 0, 2, 4, 6]);
  assert.deepEqual(ticks(0, 1, 4), [0, 0.5, 1]);
  assert.deepEqual(ticks(2.5, -0.5, 3), [0, 1, 2]);
  assert.deepEqual(ticks(1e-4, 1e3, 7, true).map((v) => Math.round(Math.log10(v))), [-4, -3, -2, -1, 0, 1, 2, 3]);
  assert.ok(ticks(1e-30, 1e3, 5, true).length <= 7);
});

test("numbers are short and have a real minus", () => {
  assert.deepEqual([0, 0.25, -3, 1e-4, 12345.6, 2.5e-7, "tanh"].map(show), ["0", "0.25", "−3", "10⁻⁴", "1.2e+4", "2.5e−7", "tanh"]);
});

test("a knob's value and its place on the axis are each other's inverse", () => {
  const linear = { values: [-1, 0, 1], kind: "linear", blend: false }, log = { values: [0.01, 0.1, 1], kind: "log", blend: true };
  assert.equal(positionOf(linear, 0.4), 1, "snaps to the grid");
  assert.equal(positionOf(linear, 99), 2);
  assert.equal(positionOf(linear, -99), 0);
  near(positionOf(log, Math.sqrt(0.001)), 0.5);
  near(valueAt(log, 0.5), Math.sqrt(0.001));
  for (const v of [0.01, 0.02, 0.1, 0.77, 1]) near(valueAt(log, positionOf(log, v)), v);
  assert.equal(positionOf({ values: ["a", "b"], kind: "choice" }, "b"), 1);
  assert.equal(valueAt({ values: ["a", "b"], kind: "choice" }, 1), "b");
  assert.equal(positionOf({ values: [0], kind: "linear" }, 3), 0, "one value only");
});

test("a blending axis weighs three neighbours so that parabolas are exact", () => {
  const axes = [{ values: [0, 1, 2], blend: true }];
  for (const at of [0, 0.3, 1, 1.9, 2]) {
    const found = corners(axes, [at]);
    near(found.reduce((sum, { weight }) => sum + weight, 0), 1);
    near(found.reduce((sum, { row, weight }) => sum + weight * (3 * row * row - 2 * row + 1), 0), 3 * at * at - 2 * at + 1);
  }
  assert.deepEqual(corners([{ values: [0, 1, 2], blend: false }, { values: [0, 1], blend: false }], [2, 1]), [{ row: 5, weight: 1 }]);
  assert.ok(corners(axes, [1.1])[0].row === 1, "the nearest comes first: its words are shown");
});

test("a line between boxes ends at their borders", () => {
  const boxes = [{ x: 0, y: 0, wide: 20, high: 10 }, { x: 100, y: 0, wide: 40, high: 10 }, { x: 0, y: 50, wide: 20, high: 10 }];
  between(boxes, 0, 0, 100, 0).forEach((got, i) => near(got, [10, 0, 80, 0][i]));
  between(boxes, 0, 50, 0, 0).forEach((got, i) => near(got, [0, 45, 0, 5][i]));
  between(boxes, 100, 3, 0, 3).forEach((got, i) => near(got, [80, 3, 10, 3][i]));
  assert.deepEqual(between(boxes, 30, 30, 60, 40), [30, 30, 60, 40], "ends that lie in no box stay");
  assert.ok(between(boxes, NaN, NaN, NaN, NaN).every(Number.isNaN));
});

test("a frame is put together from what is stored once", () => {
  const data = { floats: Float32Array.of(0, 1, 2, 10, 20, 30), spans: Uint32Array.of(0, 3, 3, 3), texts: ["low", "high"], table: Uint32Array.of(0, 0, 0, 0, 1, 1) };
  const template = [{ kind: "line", role: "forward", arrays: { x: 1 }, text: 2 }];
  const scene = { axes: [{ values: [0, 1], blend: false }], templates: [template], first: 0, width: 3 };
  const [line] = frame(data, scene, [1]);
  assert.deepEqual([...line.x], [10, 20, 30]);
  assert.equal(line.text, "high");
  assert.equal(line.role, "forward");
});

test("the pointer takes the nearest handle of its own panel", () => {
  const boxes = [{ left: 0, right: 100, top: 0, bottom: 100 }, { left: 200, right: 300, top: 0, bottom: 100 }];
  const handles = [{ box: 0, knob: "a", x: 10, y: 10 }, { box: 0, knob: "b", x: 90, y: 90 }, { box: 1, knob: "c", x: 210, y: 10 }];
  assert.equal(hit(boxes, handles, 20, 20).knob, "a");
  assert.equal(hit(boxes, handles, 80, 99).knob, "b");
  assert.equal(hit(boxes, handles, 299, 99).knob, "c", "however far away it is");
  assert.equal(hit(boxes, handles, 150, 50), null, "between panels there is nothing to drag");
  assert.equal(hit(boxes, handles, -6, 50).knob, "a", "a little outside still counts");
});

test("panels stand side by side, below each other on a narrow page, and square where they ask for it", () => {
  const wide = { x: [0, 1], y: [0, 1], wide: 1 }, squared = { x: [0, 2], y: [0, 1], wide: 1, equal: true };
  const side = layout([wide, squared], 900, 300), below = layout([wide, squared], 300, 300);
  assert.ok(side[0].right < side[1].left && side[0].top === side[1].top);
  assert.ok(below[0].bottom < below[1].top && below[0].left === below[1].left);
  for (const box of [side[1], below[1]]) near((box.right - box.left) / (box.bottom - box.top), 2, 1e-6);
});

test("lines have contrast 3 and words 4.5 against the page, light and dark (WCAG 2)", () => {
  for (const text of [[0, 0, 0], [255, 255, 255]]) {
    const colours = theme(text), page = luminance(colours.page);
    const contrast = (colour) => (Math.max(page, luminance(colour)) + 0.05) / (Math.min(page, luminance(colour)) + 0.05);
    for (const [role, colour] of Object.entries(colours.roles)) assert.ok(contrast(colour) >= 3, `${colours.name} ${role} ${contrast(colour)}`);
    for (const [role, colour] of Object.entries(colours.inks)) assert.ok(contrast(colour) >= 4.5, `${colours.name} ink ${role} ${contrast(colour)}`);
  }
  assert.equal(theme([240, 240, 240]).name, "dark", "light text means a dark page");
});

test("colours of signed numbers are centred at the page's own", () => {
  const colours = theme([0, 0, 0]);
  assert.deepEqual(shade(0, colours), colours.page);
  assert.deepEqual(shade(7, colours), colours.roles.forward);
  assert.deepEqual(shade(-1, colours), colours.roles.gradient);
  assert.deepEqual(shade(-1, colours, "muted"), colours.roles.muted);
  assert.deepEqual(shade(NaN, colours), colours.axis);
  assert.equal(clamp(3, 0, 1), 1);
});
