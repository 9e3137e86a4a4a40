"""The texts of pages in other languages.

Texts are marked by ``_()`` in templates and by :func:`server.page_language.marked` in code. The
English text is the key; a language is one file beside this one, ``<code>.po``, in which what has no
translation stays English.
"""

from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations
from flask import Flask
from flask import request
from flask_babel import Babel
from flask_babel import Domain
from flask_babel import get_locale
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from kg.errors import BadParameter
from server.page_language import DEFAULT
from server.page_language import LANGUAGES
from server.page_language import PARAMETER
from server.page_language import language

# The blueprints whose pages take the parameter; elsewhere it is nobody's or means something else.
_PAGES = frozenset(("home", "entities", "views", "vocabulary", "coverage"))


class _Catalogues(Domain):  # type: ignore[misc]
    """The translations, read from the catalogues in text form: none is compiled beforehand."""

    def get_translations(self) -> Translations:
        """Return the translations into the language of the request."""
        return catalogue(str(get_locale() or DEFAULT))


class _Babel(Babel):  # type: ignore[misc]
    domain_instance = _Catalogues()


def register(app: Flask) -> None:
    """Make ``app`` show its pages in the language that a request asks for."""
    _Babel(app, default_locale=DEFAULT, locale_selector=language)
    # Flask-Babel's own look up the language for each text, of which a page has a hundred.
    app.jinja_env.globals["_"] = app.jinja_env.globals["gettext"] = _translated
    app.before_request(_check_language)
    app.context_processor(_of_the_page)


@cache
def catalogue(code: str) -> Translations:
    """Return the translations into the language ``code``; none for English and unknown ones."""
    file = files(__name__).joinpath(f"{code}.po")
    if code not in LANGUAGES or code == DEFAULT or not file.is_file():
        return Translations()
    with file.open("rb") as source:
        compiled = BytesIO()
        write_mo(compiled, read_po(source, locale=code))
    compiled.seek(0)
    return Translations(compiled)


@pass_context
def _translated(context: Context, text: str, **values: object) -> Markup:
    """Return ``text`` in the language of the page, with the ``values`` of its variables escaped."""
    found = context.get("translations")
    markup = Markup(found.gettext(text) if found else text)
    return markup % values


def _check_language() -> None:
    """Raise :class:`~kg.errors.BadParameter` if a page is asked for in a language there is not."""
    asked = request.args.get(PARAMETER)
    if asked is not None and asked not in LANGUAGES and request.blueprint in _PAGES:
        raise BadParameter(
            f"There are no pages in the language {asked[:80]!r}",
            where=PARAMETER,
            remedy=f"Known: {', '.join(LANGUAGES)}.",
        )


def _of_the_page() -> dict[str, Any]:
    code = language()
    switch = request.blueprint in _PAGES
    return {
        "lang": code,
        "translations": None if code == DEFAULT else catalogue(code),
        "direction": LANGUAGES[code][1],
        "languages": {one: LANGUAGES[one][0] for one in LANGUAGES if switch and one != code},
        "in_language": _in_language,
        "asked_language": request.args.get(PARAMETER) if switch else None,
    }


def _in_language(code: str) -> str:
    """Return the address of this page in another language."""
    kept = [(name, value) for name, value in request.args.items(multi=True) if name != PARAMETER]
    return f"?{urlencode([*kept, (PARAMETER, code)])}"
