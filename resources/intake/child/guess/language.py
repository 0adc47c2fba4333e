"""The language of the running text."""

import re

KEPT = ("es", "en", "pt", "fr")
MAX_CHARACTERS = 40_000
MIN_WORDS = 20
# Short words that every running text has; a table of names and numbers has few of any language.
COMMON = {
    "es": "de la que el en y los se del las un por con una su para es al lo como más o pero sus le",
    "en": "the of and to in a is that for it as was with be by on not he his but at are this have from",
    "pt": "de a o que e do da em um para com não uma os no se na por mais as dos como mas ao das",
    "fr": "de la le et les des en un du une que est pour qui dans a par plus pas au sur ne se ce il",
}
MIN_SHARE = 0.12


def find_language(pages: list[str]) -> str:
    """ "es", "en", "pt" or "fr"; "" for any other and for too little text."""
    text = " ".join("\n".join(pages)[:MAX_CHARACTERS].split())
    words = re.findall(r"[^\W\d_]+", text.lower())
    candidates = [code for code in KEPT if has_words_of(code, words)]
    if len(words) < MIN_WORDS or not candidates:
        return ""
    from py3langid.langid import classify  # unpacking its model takes half a second, so it comes last

    language = classify(text)[0]
    return language if language in candidates else ""


def has_words_of(code: str, words: list[str]) -> bool:
    common = set(COMMON[code].split())
    return sum(word in common for word in words) >= MIN_SHARE * len(words)
