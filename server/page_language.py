"""The language of the page that a request asks for."""

import re
from typing import Final

from flask import g
from flask import has_request_context
from flask import request

# Languages by code, each with its name in it and the direction of its script.
LANGUAGES: Final = {"en": ("English", "ltr"), "ur": ("اردو", "rtl")}
DEFAULT: Final = "en"
PARAMETER: Final = "lang"
# Links of a page to other pages, which have them in the same languages.
_LINK: Final = re.compile(
    r"""(<a\ (?:[^>]*?\ )?href=")
    ((?:/(?:(?:page|list|recommendations|frameworks|certainty|timeline|actors|ontology|reports|search
        |queries|sparql|links|reconcile|picture|changes|api|about)
        (?:/[^"\#?.]*)?)?)?)
    (\?[^"\#]*)?(?=["\#])""",
    re.VERBOSE,
)


def language() -> str:
    """Return the code of the language that the request asks for: by the parameter ``lang``, else by
    Accept-Language, else English.
    """
    if not has_request_context():
        return DEFAULT
    if "page_language" not in g:
        asked = request.args.get(PARAMETER)
        liked = request.accept_languages.best_match(list(LANGUAGES)) if not asked else None
        g.page_language = asked if asked in LANGUAGES else liked or DEFAULT
    return str(g.page_language)


def marked(text: str) -> str:
    """Return ``text`` as it is; who gathers texts knows by the name that a page translates it."""
    return text


def keeping_language(html: str) -> str:
    """Return a page whose links to other pages ask for the language that its address asks for."""
    if not has_request_context() or request.args.get(PARAMETER) not in LANGUAGES:
        return html
    asked = f"{PARAMETER}={language()}"

    def kept(match: re.Match[str]) -> str:
        start, path, query = match[1], match[2], match[3] or ""
        if not (path or query) or re.search(rf"[?;&]{PARAMETER}=", query):
            return match[0]
        return f"{start}{path}{query}{'&amp;' if len(query) > 1 else '' if query else '?'}{asked}"

    return _LINK.sub(kept, html)
