"""Text → terms: the one analysis behind the lexical index and every count of shared words."""

import re
import unicodedata
from functools import lru_cache

import Stemmer
from bm25s.stopwords import STOPWORDS_EN

_WORD = re.compile(r"\d+(?:\.\d+)*|[^\W\d_]+")
_GREEK = {"α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "κ": "kappa", "λ": "lambda", "μ": "u", "ω": "omega"}

STOPWORDS = frozenset(STOPWORDS_EN) | frozenset(
    # Words of asking rather than of medicine, which say nothing of the subject.
    "what which who whom whose when where why how do does did done should would could can may might must shall "
    "i you he she we they me my your our us him her its has have had am been being were about any some "
    "tell give say know please vs versus than so also".split()
)


@lru_cache(maxsize=1)
def _stemmer() -> Stemmer.Stemmer:
    return Stemmer.Stemmer("english")


def fold(text: str) -> str:
    """Lower case, without accents; Greek letters written out as biomedical text does."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text)
    bare = "".join(c for c in plain if not unicodedata.combining(c)).casefold()
    return "".join(_GREEK.get(c, c) for c in bare)


def words(text: str) -> list[str]:
    """Folded words and numbers, in order; 0.5 stays one word, IL-6, IL6 and CURB65 become two each."""
    return _WORD.findall(fold(text))


def terms(text: str) -> list[str]:
    """Snowball stems of the words that carry meaning, in order, repetitions kept."""
    stems: list[str] = _stemmer().stemWords([word for word in words(text) if word not in STOPWORDS])
    return stems
