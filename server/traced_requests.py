"""A span for each request that is answered, and for each page that is rendered."""

from typing import Any
from typing import Final

from flask import Flask
from flask import Response
from flask import before_render_template
from flask import g
from flask import request
from flask import request_finished
from flask import request_started
from flask import request_tearing_down
from flask import template_rendered

from server.logs import request_id
from server.tracing import STATUS
from server.tracing import Tracing
from server.tracing import request_values

_EXTENSION: Final = "policykg-tracing"


def register(app: Flask, tracing: Tracing) -> None:
    """Have ``app`` make spans, below the one that the client names (W3C Trace Context), if any."""
    receivers = _Receivers(tracing)
    # Signals hold their receivers weakly, so that the application has to. They come before and
    # after all that the application has registered, which may answer early.
    app.extensions[_EXTENSION] = receivers
    request_started.connect(receivers.begin, app)
    request_finished.connect(receivers.note, app)
    request_tearing_down.connect(receivers.end, app)
    before_render_template.connect(receivers.begin_page, app)
    template_rendered.connect(receivers.end_page, app)


class _Receivers:
    def __init__(self, tracing: Tracing) -> None:
        from opentelemetry import context
        from opentelemetry import trace
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        self._tracer = tracing.tracer
        self._context = context
        self._trace = trace
        self._propagator = TraceContextTextMapPropagator()

    def begin(self, sender: Flask, **given: Any) -> None:
        above = self._propagator.extract({k.lower(): v for k, v in request.headers})
        route = request.url_rule.rule if request.url_rule else "-"
        values = request_values(request_id(), request.method, route)
        kind = self._trace.SpanKind.SERVER
        g.span = self._tracer.start_span(f"{request.method} {route}", above, kind, values)
        g.span_token = self._context.attach(self._trace.set_span_in_context(g.span))

    def note(self, sender: Flask, response: Response, **given: Any) -> None:
        g.span.set_attribute(STATUS, response.status_code)

    def end(self, sender: Flask, **given: Any) -> None:
        if "span" in g:
            self._context.detach(g.pop("span_token"))
            g.pop("span").end()

    def begin_page(self, sender: Flask, template: Any, **given: Any) -> None:
        values = {"policykg.template": template.name or "-"}
        g.page_span = self._tracer.start_span("page", attributes=values)

    def end_page(self, sender: Flask, **given: Any) -> None:
        g.pop("page_span").end()
