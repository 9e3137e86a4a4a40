"""Rendering of pages from templates whose fixed texts are in the language of the page already.

A page has a hundred texts, and to look up each while it is rendered takes a third of the time. So
each language has an environment of its own, in which ``{{ _("...") }}`` without variables is put in
place when the template is read.
"""

import re
from collections.abc import Callable
from typing import Any
from typing import Final
from typing import cast

from flask import before_render_template
from flask import current_app
from flask import template_rendered
from jinja2 import Environment
from jinja2.ext import Extension

from server.page_language import DEFAULT
from server.page_language import language

_EXTENSION: Final = "policykg-page-environments"
_TEXT: Final = re.compile(r"""\{\{(-?) _\("([^"\\{}]*)"\) (-?)\}\}""")


class FixedTexts(Extension):
    """Puts texts without variables into the source of a template."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """Return ``source`` with its fixed texts in the language of the environment."""
        return _TEXT.sub(self._fixed, source)

    def _fixed(self, match: re.Match[str]) -> str:
        translate = cast(Callable[..., str], self.environment.globals["gettext"])
        text = str(translate(_Context(self._language()), match[2]))
        if "{" in text or (match[1] or match[3]):
            return match[0]  # it would be read as part of the template
        return text

    def _language(self) -> str:
        return cast(str, self.environment.globals[_EXTENSION])


class _Context(dict[str, Any]):
    """What a function of templates looks at to know the language."""

    def __init__(self, code: str) -> None:
        from server.translations import catalogue

        super().__init__(lang=code, translations=None if code == DEFAULT else catalogue(code))


def render_page(name: str, **values: object) -> str:
    """Return the page that the template ``name`` makes of ``values``."""
    context: dict[str, Any] = dict(values)
    current_app.update_template_context(context)
    template = _environment(language()).get_template(name)
    # What Flask's own function tells whoever follows it, such as spans.
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    before_render_template.send(app, template=template, context=context)
    page = template.render(context)
    template_rendered.send(app, template=template, context=context)
    return page


def _environment(code: str) -> Environment:
    known = cast(dict[str, Environment], current_app.extensions.setdefault(_EXTENSION, {}))
    found = known.get(code)
    if found is None:
        found = current_app.jinja_env.overlay(extensions=[FixedTexts])
        found.globals = {**current_app.jinja_env.globals, _EXTENSION: code}
        known[code] = found
    return found
