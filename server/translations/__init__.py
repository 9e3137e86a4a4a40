"""The texts of pages in other languages.

Texts are marked by ``_()`` in templates and by :func:`server.page_language.marked` in code. Texts
of data, such as the titles of questions and errors, are looked up by ``translated()``. The English
text is the key; a language is two files beside this one, ``<code>.po`` for what is marked and
``<code>.data.po`` for data. What has no translation stays English, and says so.
"""

import json
from collections.abc import Sequence
from functools import cache
from functools import lru_cache
from importlib.resources import files
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations
from flask import Flask
from flask import request
from flask_babel import Babel
from flask_babel import Domain
from flask_babel import get_locale
from jinja2 import Template
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup
from markupsafe import escape

from kg.errors import BadParameter
from kg.namespaces import POL
from server.page_language import DEFAULT
from server.page_language import LANGUAGES
from server.page_language import PARAMETER
from server.page_language import keeping_language
from server.page_language import language
from server.script_words import script_words
from server.untranslated import english
from server.untranslated import told_apart

# The blueprints whose pages take the parameter; elsewhere it is nobody's or means something else.
_PAGES = frozenset(
    (
        *("home", "entities", "views", "vocabulary", "coverage"),
        *("catalogue", "changes", "front_end"),
    )
)
# Addresses at which there are pages and protocols: an unknown language is ignored there.
_SHARED = frozenset(("sparql", "reconcile", "api"))


class _Catalogues(Domain):  # type: ignore[misc]
    """The translations, read from the catalogues in text form: none is compiled beforehand."""

    def get_translations(self) -> Translations:
        """Return the translations into the language of the request."""
        return catalogue(str(get_locale() or DEFAULT))


class _Page(Template):
    """A template of a page, which is finished in the language of the request."""

    def render(self, *args: Any, **kwargs: Any) -> str:
        """Return the page, in which links keep the language and what is English says so."""
        return told_apart(keeping_language(super().render(*args, **kwargs)))


class _Babel(Babel):  # type: ignore[misc]
    domain_instance = _Catalogues()


def register(app: Flask) -> None:
    """Make ``app`` show its pages in the language that a request asks for."""
    _Babel(app, default_locale=DEFAULT, locale_selector=language)
    # Flask-Babel's own look up the language for each text, of which a page has a hundred.
    app.jinja_env.globals.update(_=_gettext, gettext=_gettext, ngettext=_ngettext)
    app.jinja_env.globals.update(translated=_translated, term_name=_term_name, words_of=_words_of)
    app.jinja_env.globals["script_words"] = script_words
    app.jinja_env.template_class = _Page
    app.before_request(_check_language)
    app.context_processor(_of_the_page)


@cache
def catalogue(code: str) -> Translations:
    """Return the translations into the language ``code``; none for English and unknown ones."""
    found = Catalog(locale=code)
    for name in (f"{code}.data.po", f"{code}.po"):
        file = files(__name__).joinpath(name)
        if code not in LANGUAGES or code == DEFAULT or not file.is_file():
            return Translations()
        with file.open("rb") as source:
            for message in read_po(source, locale=code):
                if message.id:
                    found.add(message.id, message.string)
    compiled = BytesIO()
    write_mo(compiled, found)
    compiled.seek(0)
    return Translations(compiled)


def _looked_up(context: Context, text: str, number: int | None = None) -> str | None:
    """Return the translation of ``text``, or ``None`` if it has none or the page is English."""
    found = context.get("translations")
    if not found:
        return None
    known = found._catalog
    return known.get(text if number is None else (text, found.plural(number))) or None


@pass_context
def _gettext(context: Context, text: str, **values: object) -> Markup:
    """Return ``text`` in the language of the page, with the ``values`` of its variables escaped."""
    if not values and not context.get("translations"):
        return _as_markup(text)  # as most texts of most pages
    translation = _looked_up(context, text)
    if translation is not None or not context.get("translations"):
        return Markup(translation or text) % values
    return english(Markup(text) % values)


@lru_cache(2048)
def _as_markup(text: str) -> Markup:
    return Markup(text) % {}


@pass_context
def _ngettext(context: Context, one: str, many: str, number: int, **values: object) -> Markup:
    """Return ``one`` or ``many`` in the language of the page, as the ``number`` asks for."""
    values.setdefault("num", number)
    translation = _looked_up(context, one, number)
    text = Markup(translation or (one if number == 1 else many)) % values
    return text if translation or not context.get("translations") else english(text)


@pass_context
def _translated(context: Context, text: str) -> Markup:
    """Return ``text``, which comes from data, in the language of the page if it is known there."""
    translation = _looked_up(context, text)
    if translation is not None or not context.get("translations"):
        return escape(translation or text)
    return english(text) if text else Markup()


@pass_context
def _term_name(context: Context, iri: str, name: str) -> Markup:
    """Return the label of the term ``iri``, which may be short, in the language of the page, else
    ``name``.
    """
    from server.term_labels import translated_label

    iri = iri.replace("pol:", POL, 1) if iri.startswith("pol:") else iri
    label = translated_label(iri) if context.get("translations") else None
    return escape(label.value) if label else _translated(context, name)


@pass_context
def _words_of(context: Context, texts: Sequence[str]) -> str:
    """Return the ``texts`` of a script with their translations, as JSON; those there are."""
    found = ((text, _looked_up(context, text)) for text in texts)
    return json.dumps({text: one for text, one in found if one}, ensure_ascii=False)


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
    switch = request.blueprint in _PAGES | _SHARED
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
