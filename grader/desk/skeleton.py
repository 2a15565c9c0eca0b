"""A `@mistake` for `mistakes.py` that an author completes: a group of answers gets a name for good."""

from __future__ import annotations

import ast
import json
import textwrap

from grader.desk.groups import Group
from grader.intake import one_line

_SENTENCE = 200  # characters of a mistake's sentence
_TO_DO = "# Do here what they did. As it stands this is right, and the build refuses it."


def skeleton(group: Group, text: str, cell: str | None) -> str:
    """Python for `mistakes.py`, or "" for what no mistake can be declared of.

    `cell` is the reference's cell of the exercise, None where it is not at hand. The group's example is pasted, if it has one. Without
    that, the mistake is the right answer as it stands, which the build refuses: so nobody forgets to complete it.
    """
    node = _definition(f"def {group.exercise}(*arguments): pass" if cell is None else cell, group.exercise)
    if node is None:
        return ""
    head = f"@mistake({_text(group.exercise)}, {_text(one_line(text, _SENTENCE))})"
    about = [f"# {_people(len(group.students))} answered: {group.answered}"]
    if isinstance(node, ast.ClassDef):
        return _class(group, head, about)
    parameters, call = ast.unparse(node.args), f"{group.exercise}({_passed_on(node.args)})"
    if group.example.whole:
        body = [*about, *group.example.code.split("\n"), f"return {call}"]
    else:
        body = [*about, _TO_DO, *_as_comment(group.example.code), f"return solution.{call}"]
    return f"{head}\ndef group_{group.name}({parameters}):\n{textwrap.indent(chr(10).join(body), '    ')}\n"


def _class(group: Group, head: str, about: list[str]) -> str:
    code, whole = group.example
    above, base = (f"{code}\n\n\n", group.exercise) if whole else ("", f"solution.{group.exercise}")
    body = "\n".join([*about, *([] if whole else [_TO_DO, *_as_comment(code)]), "pass"])
    return f"{above}{head}\nclass group_{group.name}({base}):\n{textwrap.indent(body, '    ')}\n"


def _definition(cell: str, exercise: str) -> ast.FunctionDef | ast.ClassDef | None:
    """The function or class of the reference; None for a value, of which no mistake can be declared."""
    found = [node for node in ast.walk(ast.parse(cell)) if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    return next((node for node in found if node.name == exercise), None)


def _passed_on(arguments: ast.arguments) -> str:
    """The parameters of a function as a call hands them on."""
    named = [argument.arg for argument in [*arguments.posonlyargs, *arguments.args]]
    named += [f"*{arguments.vararg.arg}"] if arguments.vararg else []
    named += [f"{argument.arg}={argument.arg}" for argument in arguments.kwonlyargs]
    return ", ".join([*named, *([f"**{arguments.kwarg.arg}"] if arguments.kwarg else [])])


def _as_comment(code: str) -> list[str]:
    return [f"# {line}" for line in code.split("\n")] if code else []


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _people(count: int) -> str:
    return "1 student" if count == 1 else f"{count} students"
