"""Convert text from the old encoding TCVN3 to Unicode, and detect it.

The single-byte letters of TCVN 5712:1993, set VN3 ("ABC" fonts), as they stand in old files when
they are shown as Latin-1 or Windows-1252: "Yªn B¸i". Only a user can say that a text is such;
nothing here is called on its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from antq_helpers.dictionary import split_syllables

# VN3 gives upper case a code only where it bears no tone; capitals with tones are a matter of font.
_LETTERS = {
    "¡¢£¤¥¦§": "ĂÂÊÔƠƯĐ",
    "¨©ª«¬\u00ad®": "ăâêôơưđ",
    "µ¶·¸¹": "àảãáạ",
    "»¼½¾Æ": "ằẳẵắặ",
    "ÇÈÉÊË": "ầẩẫấậ",
    "ÌÎÏÐÑ": "èẻẽéẹ",
    "ÒÓÔÕÖ": "ềểễếệ",
    "×ØÜÝÞ": "ìỉĩíị",
    "ßáâãä": "òỏõóọ",
    "åæçèé": "ồổỗốộ",
    "êëìíî": "ờởỡớợ",
    "ïñòóô": "ùủũúụ",
    "õö÷øù": "ừửữứự",
    "úûüýþ": "ỳỷỹýỵ",
}
_TABLE = str.maketrans(
    {old: new for row in _LETTERS.items() for old, new in zip(*row, strict=True)}
)
# Signs that no language writes within a word; the other codes are letters elsewhere.
_ODD = re.compile(r"(?<=\w)[¡-¬\u00ad®µ-¹»-¾×÷]|[¡-§©«¬®](?=\w)")
_BETWEEN = re.compile(r"[\s\d!-/:-@[-`{-~]+")
_SYLLABLE = re.compile(
    r"(?:ngh?|nh|gi|gh?|ch?|kh?|ph|qu|th?|tr|[bdđhlmnrsvx])?"
    r"(?:[aăâeêioôơuưy]|ai|ao|au|ay|âu|ây|eo|êu|ia|iê|iêu|iu|oa|oai|oao|oay|oă|oe|oeo|oi|oo|ôi|ơi"
    r"|ua|uâ|uây|uê|ui|uô|uôi|uơ|uy|uya|uyê|uyu|ưa|ưi|ươ|ươi|ươu|ưu|yê|yêu)"
    r"(?P<end>ch?|m|ng?|nh|p|t)?"
)
_STOPPED_TONES = ("\u0301", "\u0323")  # sắc and nặng, the only ones before c, ch, p, t


def from_tcvn3(text: str) -> str:
    """Convert TCVN3 to Unicode, letter by letter; capitals with tones become lower case.

    Examples
    --------
    >>> from_tcvn3("Yªn B¸i"), from_tcvn3("H­ng Yªn"), from_tcvn3("§ång T©m")
    ('Yên Bái', 'Hưng Yên', 'Đồng Tâm')
    """
    return text.translate(_TABLE)


def looks_like_tcvn3(texts: Iterable[str]) -> bool:
    """Guess whether texts are in TCVN3, in order to ask the user; correct text never is.

    Some words hold signs that no language writes within one, most of these are Vietnamese
    syllables once they are converted, and so are more of all words than before.

    Examples
    --------
    >>> looks_like_tcvn3(["Phường Yên Thịnh", "Yªn B¸i"]), looks_like_tcvn3(["Xã Phúc Hòa"])
    (True, False)
    """
    words = {word for text in texts if not _is_unicode(text) for word in _BETWEEN.split(text)}
    changed = {word: new for word in words if (new := from_tcvn3(word)) != word}
    odd = [word for word in changed if _ODD.search(word)]
    mended = [word for word in odd if _is_syllable(changed[word])]
    better = sum(map(_is_syllable, changed.values())) > sum(map(_is_syllable, changed))
    # Two letters may be a unit or carry a footnote: µm, x¹.
    return better and 2 * len(mended) > len(odd) and any(len(word) > 2 for word in mended)


def _is_unicode(text: str) -> bool:
    """Check whether a text has letters such as ế, which Latin-1 lacks."""
    return any(letter > "\xff" and letter.isalpha() for letter in text)


def _is_syllable(word: str) -> bool:
    """Check whether a word is a possible Vietnamese syllable: order of letters, tone, ending."""
    syllables = split_syllables(word)
    if len(syllables) != 1:
        return False
    [(letters, tones)] = syllables
    form = _SYLLABLE.fullmatch(letters)
    stopped = form and form["end"] in ("c", "ch", "p", "t")
    return bool(form) and (tones in _STOPPED_TONES if stopped else len(tones) < 2)
