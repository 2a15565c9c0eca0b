// Draws a prediction: a question and its options as buttons; after the first choice, the answer and its reason.

const make = (tag, attributes, children = []) => {
  const node = Object.assign(document.createElement(tag), attributes);
  node.append(...children);
  return node;
};

/** Pairs (tag, words) as nodes; words are never read as HTML. */
const inline = (parts) => parts.map(([tag, textContent]) => (tag ? make(tag, { textContent }) : textContent));

/** What stands before and behind an option once `choice` was made. */
export function marks(option, answer, choice) {
  const right = option === answer, mine = option === choice;
  const said = [mine && "your choice", right && !mine && "the answer"].filter(Boolean).join();
  return [right ? "✓ " : mine ? "✗ " : "", said && ` (${said})`];
}

/** The option that an arrow key leads to; −1 for every other key. */
export function next(key, at, count) {
  const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[key];
  return step ? (at + step + count) % count : -1;
}

function render({ model, el }) {
  const { question, options, answer, reason } = model.get("_spec"), whole = new AbortController();
  const words = (parts) => parts.map(([, text]) => text).join("");
  const buttons = options.map((parts, i) => make("button", { type: "button", onclick: () => choose(i) }, inline(parts)));
  const verdict = make("div", { className: "hg-verdict", role: "status" });
  const group = make("div", { className: "hg-options", role: "group", ariaLabel: words(question) }, buttons);
  function choose(i) {
    if (model.get("choice") >= 0) return; // the first one is kept
    model.set("choice", i); model.save_changes(); // "change" draws at once
  }
  function draw() {
    const choice = model.get("choice");
    if (choice < 0) return;
    buttons.forEach((button, i) => {
      const [before, behind] = marks(i, answer, choice);
      button.className = i === answer ? "hg-right" : i === choice ? "hg-wrong" : "";
      button.ariaDisabled = "true"; // not disabled: the one that was pressed keeps the focus
      button.ariaPressed = String(i === choice);
      button.replaceChildren(before, ...inline(options[i]), behind);
    });
    const told = choice === answer ? ["Right. "] : ["Not this time. The answer: ", make("strong", {}, inline(options[answer])), ". "];
    verdict.className = `hg-verdict ${choice === answer ? "hg-right" : "hg-wrong"}`;
    verdict.replaceChildren(...told, ...inline(reason));
  }
  group.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    const to = next(event.key, buttons.indexOf(event.target), buttons.length);
    if (to >= 0) { buttons[to].focus(); event.preventDefault(); }
    if (to >= 0 || event.key === "Enter" || event.key === " ") event.stopPropagation(); // or JupyterLab would take these keys
  }, { signal: whole.signal });
  const doubled = () => el.classList.toggle("hg-doubled", Boolean(model.get("_doubled")));
  el.classList.add("hg-prediction");
  doubled();
  model.on("change:_doubled", doubled); // a browser's own kernel may say so late
  el.append(make("div", { className: "hg-question" }, [make("strong", { textContent: "Predict: " }), ...inline(question)]), group, verdict);
  model.on("change:choice", draw);
  draw();
  return () => { whole.abort(); model.off("change:choice", draw); el.replaceChildren(); };
}

export default { render };
