// Draws a round of questions: what is given, the choices as buttons, after a choice its reason, then the next question.

const make = (tag, attributes, children = []) => {
  const node = Object.assign(document.createElement(tag), attributes);
  node.append(...children);
  return node;
};

/** Pairs (tag, words) as nodes; words are never read as HTML. */
const inline = (parts) => parts.map(([tag, textContent]) => (tag ? make(tag, { textContent }) : textContent));

/** What stands behind a choice once one was made. */
export function mark(option, right, choice) {
  if (option === right) return option === choice ? " ✓ your choice, right" : " ✓ right";
  return option === choice ? " ✗ your choice" : "";
}

/** The choice that a key leads to: arrows go round, a letter names one; −1 for every other key. */
export function target(key, at, letters) {
  const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[key];
  return step ? (at + step + letters.length) % letters.length : letters.indexOf(key);
}

function render({ model, el }) {
  const whole = new AbortController(), { signal } = whole;
  const head = make("div", { className: "hg-head" }), text = make("div", { className: "hg-question", tabIndex: -1 });
  const given = make("div", { className: "hg-given" }), group = make("div", { className: "hg-choices", role: "group" });
  const verdict = make("div", { className: "hg-verdict", role: "status" }), forward = make("div", {});
  let buttons = [], letters = [], drawn = 0;

  function choose(i) {
    if (model.get("choice") >= 0) return; // the first one is kept
    model.set("choice", i); model.save_changes();
  }
  function block(name, words) {
    return make("div", { className: "hg-block" }, [make("span", { textContent: `${name} = ` }), make("pre", { textContent: words })]);
  }
  function ask() {
    const asked = model.get("_asked");
    head.textContent = `Question ${asked.number} of ${asked.of} (${asked.way})`;
    text.replaceChildren(...inline(asked.text));
    given.replaceChildren(...asked.given.map(([name, words]) => block(name, words)));
    letters = asked.choices.map(([letter]) => letter);
    buttons = asked.choices.map(([letter, words], i) => {
      const text = make(asked.words ? "span" : "pre", { textContent: words });
      const children = [make("span", { textContent: `${letter}) ` }), text, make("span", { className: "hg-mark" })];
      return make("button", { type: "button", onclick: () => choose(i) }, children);
    });
    group.ariaLabel = text.textContent;
    group.replaceChildren(...buttons);
    verdict.className = "hg-verdict"; verdict.replaceChildren(); forward.replaceChildren();
    if (drawn && drawn !== asked.number) text.focus(); // so that a reader of the screen hears the next question
    drawn = asked.number;
    tell();
  }
  function tell() {
    const told = model.get("_told"), choice = model.get("choice");
    if (!told.said || choice < 0) return;
    buttons.forEach((button, i) => {
      button.className = i === told.right ? "hg-right" : i === choice ? "hg-wrong" : "";
      button.ariaDisabled = "true"; // not disabled: the one that was pressed keeps the focus
      button.ariaPressed = String(i === choice);
      button.lastChild.textContent = mark(i, told.right, choice);
    });
    const [name, words] = told.shows;
    verdict.className = `hg-verdict ${choice === told.right ? "hg-right" : "hg-wrong"}`;
    verdict.replaceChildren(
      make("div", {}, inline(told.said)), ...(name ? [block(name, words)] : []), make("div", { className: "hg-way", textContent: told.way }),
      ...(told.closing ? [make("strong", { textContent: told.closing })] : []),
    );
    if (told.closing) return;
    const next = make("button", { type: "button", className: "hg-next", textContent: "Next question" });
    next.onclick = () => { model.set("at", model.get("at") + 1); model.save_changes(); };
    forward.replaceChildren(next);
  }
  el.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    const inside = buttons.indexOf(event.target.closest("button")), to = target(event.key, inside, letters);
    if (inside >= 0 && to >= 0) { buttons[to].focus(); event.preventDefault(); }
    event.stopPropagation(); // or JupyterLab would take these keys
  }, { signal });
  el.classList.add("hg-quiz", ...(model.get("_doubled") ? ["hg-doubled"] : []));
  el.append(head, text, given, group, verdict, forward);
  model.on("change:_asked", ask); model.on("change:_told", tell);
  ask();
  return () => { whole.abort(); model.off("change:_asked", ask); model.off("change:_told", tell); el.replaceChildren(); };
}

export default { render };
