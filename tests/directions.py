"""Whether the words of a sentence that tell a direction agree with the numbers beside them."""

import re

UP = (
    r"r(?:ises?|ose|isen|ising)|gr(?:ows?|ew|own)|increas(?:es?|ed)|more|higher"
    r"|tăng|nhiều hơn|cao hơn"
)
DOWN = (
    r"f(?:alls?|ell|allen|alling)|drop(?:s|ped)?|decreas(?:es?|ed)|fewer|less|lower"
    r"|giảm|ít hơn|thấp hơn"
)
# Words of no direction: both at once, and "more than chance".
NEUTRAL = re.compile(
    r"more or fewer|fewer or more|rises? (?:or|nor) (?:a )?falls?|more than chance|no(?:t)? more"
    r"|tăng(?: hay | hoặc |, |/)giảm",
    re.IGNORECASE,
)
WORD = rf"(?:(?P<up>\b(?:{UP})\b)|(?P<down>\b(?:{DOWN})\b))"
NUMBER = r"(?P<{}>[−-]?\d+(?:[.,]\d+)*)"
RANGE = r"(?: ?\(\d[^()]*\))?"  # an interval after a number: 381 (344–421)
RULES = [
    # tips rose from 381 (344–421) in 2013 to 534
    rf"{WORD} from {NUMBER.format('a')}{RANGE}[^,;]*? (?:back )?to {NUMBER.format('b')}",
    # tăng từ 381 lên 534
    rf"{WORD} từ {NUMBER.format('a')}[^,;]*? (?:lên|xuống|đến) {NUMBER.format('b')}",
    # 24 tips more (+100%) than in 2021; tăng 24 tin (+100%)
    rf"{WORD}[^();:]*\((?P<sign>[+−-])\d",
    # nhận 534 nguồn tin, ít hơn năm 2021 (600); 30 tips, 26 tips more than in 2021 (4)
    rf"(?:received|had|held|counted|tiếp nhận|có|tổ chức) {NUMBER.format('b')}[^();:]*?{WORD}"
    rf"[^();:]*\({NUMBER.format('a')}(?=[,)]| \w)",
]
# These stand without a second number: the cells show it with its sign.
SHOWN_RULES = [
    rf"{WORD}[^;.]{{0,60}}?\bby {NUMBER.format('size')}%",  # rise by 4.2% a year
    rf"{NUMBER.format('size')}% {WORD}",  # 8.7% fewer
]


def contradictions(text: str, shown: str | None = None) -> list[str]:
    """Return the passages of a text whose direction is not that of their numbers.

    ``shown`` is what the cells of a notebook print, with signs; without it only pairs of numbers
    are looked at.
    """
    text = re.sub(r"[*`]", "", text)
    found = []
    for sentence in re.split(r"(?<=[.!?])\s|;|\n\n", NEUTRAL.sub("", text)):
        for rule in RULES:
            found += [m[0] for m in re.finditer(rule, sentence, re.IGNORECASE) if _pair_is_wrong(m)]
        for rule in SHOWN_RULES if shown is not None else ():
            for match in re.finditer(rule, sentence, re.IGNORECASE):
                signed = {_sign(shown[: m.start()]) for m in _places(match["size"], shown)}
                if signed and _direction(match) not in signed:
                    found.append(match[0])
    return found


def directions(sentence: str) -> set[int]:
    """Return the directions that a sentence tells: 1 up, -1 down."""
    return {_direction(m) for m in re.finditer(WORD, NEUTRAL.sub("", sentence), re.IGNORECASE)}


def _pair_is_wrong(match: re.Match) -> bool:
    told = match.groupdict()
    if told.get("sign"):
        return _direction(match) != (1 if told["sign"] == "+" else -1)
    change = _value(told["b"]) - _value(told["a"])
    return change * _direction(match) <= 0


def _direction(match: re.Match) -> int:
    return 1 if match["up"] else -1


def _value(number: str) -> float:
    """Read 1,970 and 1.970 as a thousand and more, 4.2 and 4,2 as four and a bit."""
    plain = number.replace("−", "-")
    if re.fullmatch(r"-?\d{1,3}(?:[.,]\d{3})+", plain):
        return float(re.sub("[.,]", "", plain))
    return float(plain.replace(",", "."))


def _places(size: str, shown: str) -> list[re.Match]:
    return list(re.finditer(rf"(?<![\d.]){re.escape(size)}(?![\d]|\.\d)", shown))


def _sign(before: str) -> int:
    return -1 if before.endswith(("-", "−")) else 1
