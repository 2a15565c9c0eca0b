"""Text with math as a notebook and a terminal show it."""

from __future__ import annotations

import re
from collections.abc import Callable

_SYMBOLS = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "varepsilon": "ε", "eta": "η", "theta": "θ", "kappa": "κ",
    "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ", "phi": "φ", "varphi": "φ", "chi": "χ",
    "psi": "ψ", "omega": "ω", "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Sigma": "Σ", "Phi": "Φ", "Omega": "Ω",
    "cdot": "·", "times": "×", "odot": "⊙", "circ": "∘", "pm": "±", "le": "≤", "leq": "≤", "ge": "≥", "geq": "≥", "ne": "≠", "neq": "≠",
    "approx": "≈", "to": "→", "rightarrow": "→", "Rightarrow": "⇒", "mapsto": "↦", "in": "∈", "sum": "∑", "prod": "∏", "int": "∫",
    "partial": "∂", "nabla": "∇", "infty": "∞", "ldots": "…", "dots": "…", "cdots": "⋯", "top": "ᵀ", "prime": "′", "ell": "ℓ",
    "quad": "  ", "qquad": "    ", "lVert": "‖", "rVert": "‖", "Vert": "‖", "lvert": "|", "rvert": "|", "mid": "|", "propto": "∝",
    "ll": "≪", "gg": "≫", "equiv": "≡", "star": "*", "ast": "*", "langle": "⟨", "rangle": "⟩", "sim": "∼", "iff": "⇔", "implies": "⇒",
    "forall": "∀", "lfloor": "⌊", "rfloor": "⌋", "lceil": "⌈", "rceil": "⌉", "leftarrow": "←",
}  # fmt: skip
_UP = dict(zip("0123456789+-−=()niTjkxyzabcdeLNDlmphr*′", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱᵀʲᵏˣʸᶻᵃᵇᶜᵈᵉᴸᴺᴰˡᵐᵖʰʳ*′", strict=True))
_DOWN = dict(zip("0123456789+-−=()ijknxtlmpasherou", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ᵢⱼₖₙₓₜₗₘₚₐₛₕₑᵣₒᵤ", strict=True))
_GROUP = r"\{((?:[^{}]|\{[^{}]*\})*)\}"
_FRACTION = re.compile(rf"\\[dt]?frac\s*(?:{_GROUP}|(\w))\s*(?:{_GROUP}|(\w))")
_MATH = re.compile(r"\$\$(.+?)\$\$|\$([^$\n]+(?:\n[^$\n]+)*)\$", re.DOTALL)
_UNDERSCORE = "\0"  # stands for an underscore that is a letter of a name, until subscripts are written
_SIMPLE = re.compile(r"(?:\\?\w+|\\partial \w+|[\d.]+)(?:\([^()]*\))?|\([^()]*\)")


class Page:
    """Markdown that a notebook renders, and that is readable where none is rendered."""

    def __init__(self, markdown: str) -> None:
        self.markdown = markdown

    def text(self) -> str:
        """The page as plain text, its formulas in letters."""
        return re.sub(r"\*\*(.+?)\*\*", r"\1", in_letters(self.markdown))

    def in_letters(self) -> str:
        """The page as markdown without formulas, for a reader of markdown that knows none."""
        return in_letters(self.markdown, lambda tex: re.sub(r"([*_`])", r"\\\1", formula(tex)))

    def __repr__(self) -> str:
        return self.text()

    def _repr_markdown_(self) -> str:
        return self.markdown


def in_letters(markdown: str, written: Callable[[str], str] | None = None) -> str:
    """Markdown with its formulas written in letters: `$\\sigma'(z) = \\frac{1}{4}$` is σ'(z) = 1/4."""
    write = written or formula
    parts = re.split(r"(```.*?```|`[^`\n]+`)", markdown, flags=re.DOTALL)  # dollars in code are no formulas
    return "".join(part if part.startswith("`") else _MATH.sub(lambda found: write(found[1] or found[2]), part) for part in parts)


def formula(tex: str) -> str:
    """A formula of TeX in letters, as far as a line of text can show it."""
    tex = tex.replace("\\_", _UNDERSCORE)  # in a name such as fan_in it lowers nothing
    text = re.sub(r"\\(?:mathbf|mathrm|mathit|mathcal|mathbb|boldsymbol|text|operatorname|textbf|bar|tilde|vec)\s*(\{[^{}]*\})", r"\1", tex)
    text = text.replace("^\\top", "ᵀ").replace("^{\\top}", "ᵀ").replace("^T", "ᵀ").replace("^\\intercal", "ᵀ")
    text = re.sub(r"(\\[A-Za-z]+)(?=\\hat)", r"\1 ", text)  # \to\hat y: the letter y is no part of a name
    text = re.sub(r"\\hat\s*(?:\{([^{}]*)\}|(\w))", lambda found: f"{found[1] or found[2]}̂", text)
    text = re.sub(r"\\(?:left|right|big|Big|bigl|bigr|Bigl|Bigr|displaystyle|limits)(?![A-Za-z])", "", text)
    for _ in range(4):  # fractions in fractions
        text = _FRACTION.sub(lambda found: f"{_whole(found[1] or found[2])}/{_whole(found[3] or found[4])}", text)
        text = re.sub(rf"\\sqrt\s*{_GROUP}", lambda found: f"√{_whole(found[1])}", text)
    text = re.sub(r"\\([,;:! ])", " ", text).replace("\\\\", "\n").replace("\\{", "{").replace("\\}", "}").replace("\\|", "‖")
    text = re.sub(r"\\(partial|nabla|Delta|lVert|langle|lceil|lfloor|leftarrow)\s+", lambda found: _SYMBOLS[found[1]], text)
    text = re.sub(r"\\([A-Za-z]+)", lambda found: _SYMBOLS.get(found[1], found[1]), text)
    text = re.sub(rf"\^(?:{_GROUP}|(\S))", lambda found: _small(found[1] or found[2], _UP, "^"), text)
    text = re.sub(rf"_(?:{_GROUP}|(\S))", lambda found: _small(found[1] or found[2], _DOWN, "_"), text)
    text = text.replace("&", " ").replace("{", "").replace("}", "").replace(_UNDERSCORE, "_")
    return re.sub(r"[ \t]+", " ", text).strip()


def _whole(text: str) -> str:
    text = text.strip()
    return text if _SIMPLE.fullmatch(text) else f"({text})"


def _small(text: str, letters: dict[str, str], sign: str) -> str:
    if all(letter in letters for letter in text):
        return "".join(letters[letter] for letter in text)
    return f"{sign}{text}" if len(text) == 1 else f"{sign}({text})"
