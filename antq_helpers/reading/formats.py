"""The number format of a cell in; what it shows, where that is another number than it stores, out.

An office reads what a cell shows: 5 under ``0",000"`` is five thousand to it, 1 under ``0%`` a
share. Where the two differ nobody but the office knows which is meant.
"""

from __future__ import annotations

import operator
import re

from antq_helpers.reading.units import unit_of

_PIECE = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|\[(?P<bracket>[^\]]*)\]|[_*].|(?P<end>;)|(?P<bare>.)',
    re.DOTALL,
)
_CONDITION = re.compile(r"([<>]=?|=|<>)\s*(-?[\d.]+)")
_HOLDS = {
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
    "=": operator.eq,
    "<>": operator.ne,
}
_DATE = re.compile(r"[dmyhs]", re.IGNORECASE)
_ANY = re.compile(r"general|standard", re.IGNORECASE)
_PLAIN = re.compile(r"(?:General|@|0|#|#,##0|0\.0+|#,##0\.0+)", re.IGNORECASE)
# Of Excel's own formats, which a file need not write down: shares, powers of ten.
BUILT_IN = {9: "0%", 10: "0.00%", 11: "0.00E+00", 48: "##0.0E+0"}


def shown(value: float, code: str) -> str:
    """Give what a number shows where that is another number; blank where it is the same.

    Examples
    --------
    >>> shown(1, "0%"), shown(5, '0",000"'), shown(5000, "#,##0,")
    ('100%', '5 ⇒ 5,000', '5000 ⇒ 5')
    >>> shown(5, '#,##0" tin"'), shown(0, '0;-0;"-"'), shown(5, "General")
    ('', '', '')
    """
    if not code or _PLAIN.fullmatch(code):
        return ""
    bare, literal = _section(value, code)
    if "%" in bare:
        return f"{value * 100:.15g}%"
    if "@" in bare or _DATE.search(re.sub(r"E[+-]", "", bare)):
        return ""
    number = f"{value:.15g}"
    if not re.search(r"[0#?]", bare):
        return f"{number} ⇒ {literal.strip() or '…'}" if value else ""
    if scale := re.search(r"(?<=[0#?])(,+)(?![0#?,])", bare):
        return f"{number} ⇒ {value / 1000 ** len(scale[1]):.15g}" if value else ""
    if power := re.search(r"[0#?](?:\.([0#?]*))?E[+-]", bare):
        short = f"{value:.{len(power[1] or '')}e}"
        return f"{number} ⇒ {short}" if float(short) != value else ""
    return f"{number} ⇒ {number}{literal}" if multiplies(literal) else ""


def multiplies(literal: str) -> bool:
    """Say whether words behind a number make it another one: "k", " nghìn", ",000".

    Examples
    --------
    >>> multiplies(" nghìn"), multiplies("/15"), multiplies(" tin")
    (True, True, False)
    """
    units = map(unit_of, [literal, *literal.split()])
    return bool(re.search(r"\d|^\s*(?:[kKM]|tr)\b", literal)) or "scaled" in units


def is_odd(code: str) -> bool:
    """Say whether a format may show another number than is stored."""
    return any(shown(value, code) for value in (1, -1, 0.5, 7, 123456, 12345678))


def _section(value: float, code: str) -> tuple[str, str]:
    """Give the part of a format that is for a value: what stands for digits, and the words."""
    parts: list[tuple[str, str, str]] = [("", "", "")]
    for piece in _PIECE.finditer(code):
        bare, literal, condition = parts[-1]
        if piece["end"]:
            parts.append(("", "", ""))
        else:
            words = piece["quoted"] or piece["escaped"] or ""
            condition = condition or (piece["bracket"] or "")
            parts[-1] = (bare + (piece["bare"] or ""), literal + words, condition)
    limits = [_CONDITION.fullmatch(condition.strip()) for *_, condition in parts]
    if any(limits):
        fits = (i for i, at in enumerate(limits) if not at or _HOLDS[at[1]](value, float(at[2])))
        chosen = next(fits, len(parts) - 1)
    else:
        chosen = 0 if value > 0 or len(parts) == 1 else 1 if value < 0 or len(parts) == 2 else 2
        chosen = 0 if value == 0 and len(parts) == 2 else chosen
    bare, literal, _ = parts[chosen]
    return _ANY.sub("0", bare), literal
