// The prediction's pure parts. Run by tests/widgets/test_module.py, or by hand: node --test tests/js
import assert from "node:assert/strict";
import test from "node:test";
import { marks, next } from "../../course_utils/widgets/prediction.js";

test("after a choice every option says in words what it is", () => {
  assert.deepEqual([0, 1, 2].map((option) => marks(option, 1, 2).join("…")), ["…", "✓ … (the answer)", "✗ … (your choice)"]);
  assert.equal(marks(1, 1, 1).join("…"), "✓ … (your choice)");
});

test("arrows go round, other keys lead nowhere", () => {
  assert.deepEqual(["ArrowDown", "ArrowRight", "ArrowUp", "ArrowLeft", "Enter"].map((key) => next(key, 2, 3)), [0, 0, 1, 1, -1]);
  assert.equal(next("ArrowUp", 0, 3), 2);
});
