// The quiz's pure parts. Run by tests/widgets/test_module.py, or by hand: node --test tests/js
import assert from "node:assert/strict";
import test from "node:test";
import { mark, target } from "../../course_utils/widgets/quiz.js";

test("after a choice every option says in words what it is", () => {
  assert.deepEqual([0, 1, 2].map((option) => mark(option, 1, 2)), ["", " ✓ right", " ✗ your choice"]);
  assert.equal(mark(1, 1, 1), " ✓ your choice, right");
});

test("arrows go round, letters lead to their choice, other keys nowhere", () => {
  const letters = ["a", "b", "c"];
  assert.deepEqual(["ArrowDown", "ArrowUp", "b", "d", "Enter", "Tab"].map((key) => target(key, 2, letters)), [0, 1, 1, -1, -1, -1]);
});
