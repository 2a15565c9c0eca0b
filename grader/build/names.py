"""Files of a built lab, by name: known without the tools that make them."""

CASES = "cases.npz"
HINTS = "hints.json"
REVIEW = "review.json"
