"""Between Flask and the handlers: admission before, an answer the carrier can use after.

Two kinds of routes. A *document* route answers with TwiML and keeps somebody on the line: whatever
happens, the answer is a document, with status 200. A *fact* route is told something: it answers 204
only after the fact is in the journal, and 503 when it is not, so that the carrier tells it again.

A handler is a function of a `Hook`. It knows no Flask and no HTTP; it returns a document's text, or
nothing. Handlers are collected in tables, one per blueprint.
"""

from collections.abc import Callable, Mapping

import structlog
from flask import Blueprint, Response, request

from webhooks.admission import Admission
from webhooks.degraded import apologise, come_back
from webhooks.desk import Desk
from webhooks.hook import Hook, Refused
from webhooks.ports import JournalDown

log = structlog.get_logger("webhooks")

DocumentHandler = Callable[[Hook], str]
FactHandler = Callable[[Hook], None]
Instead = Callable[[Desk, Hook], str]


class Routes:
    """Puts handlers behind addresses of a blueprint."""

    def __init__(self, name: str, desk: Desk, admission: Admission) -> None:
        self.blueprint = Blueprint(name, __name__)
        self._desk = desk
        self._admission = admission

    def documents(
        self,
        handlers: Mapping[str, DocumentHandler],
        *,
        if_down: Instead = come_back,
        if_wrong: Instead = apologise,
    ) -> None:
        """Add routes that answer with TwiML.

        Args:
            handlers: By path.
            if_down: Answers when the journal takes nothing.
            if_wrong: Answers when a handler of ours fails.
        """
        for path, handler in handlers.items():
            self._add(path, self._document_view(handler, if_down, if_wrong))

    def facts(self, handlers: Mapping[str, FactHandler]) -> None:
        """Add routes that take facts."""
        for path, handler in handlers.items():
            self._add(path, self._fact_view(handler))

    def _add(self, path: str, view: Callable[[], Response]) -> None:
        self.blueprint.add_url_rule(
            path, endpoint=path.strip("/").replace("/", "-"), view_func=view, methods=["POST"]
        )

    def _document_view(
        self, handler: DocumentHandler, if_down: Instead, if_wrong: Instead
    ) -> Callable[[], Response]:
        def view() -> Response:
            hook: Hook | None = None
            try:
                hook = self._admission.admit(request)
                return _document(handler(hook))
            except Refused as refusal:
                return _refused(refusal)
            except JournalDown:
                log.warning("journal down, caller asked to wait", **_about(hook))
                return _document(if_down(self._desk, _admitted(hook)))
            except Exception as problem:  # noqa: BLE001  (somebody is on the line: any fault)
                _log_fault(problem, hook)
                return _document(if_wrong(self._desk, _admitted(hook)))

        return view

    def _fact_view(self, handler: FactHandler) -> Callable[[], Response]:
        def view() -> Response:
            hook: Hook | None = None
            try:
                hook = self._admission.admit(request)
                handler(hook)
            except Refused as refusal:
                return _refused(refusal)
            except JournalDown:
                log.warning("journal down, fact refused", **_about(hook))
                return Response(status=503)
            except Exception as problem:  # noqa: BLE001  (a trace must not get out)
                _log_fault(problem, hook)
                return Response(status=500)
            return Response(status=204)

        return view


def _admitted(hook: Hook | None) -> Hook:
    """Return the hook; a fault before admission is answered as if nothing were known."""
    return hook if hook is not None else Hook(path=request.path, form={})


def _document(text: str) -> Response:
    return Response(text, mimetype="text/xml")


def _refused(refusal: Refused) -> Response:
    log.warning("webhook refused", check=refusal.reason, status=refusal.status, path=request.path)
    return Response(status=refusal.status)


def _about(hook: Hook | None) -> dict[str, str]:
    """Name what a log line is about: path and sid, nothing a person said or is."""
    if hook is None:
        return {"path": request.path}
    return {"path": hook.path, "sid": hook.form.get("CallSid", "")[:64]}


def _log_fault(problem: Exception, hook: Hook | None) -> None:
    """Log where a handler failed. Not what the exception says: it may quote the caller."""
    trace = problem.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = "" if trace is None else f"{trace.tb_frame.f_code.co_qualname}:{trace.tb_lineno}"
    log.error("webhook failed", kind=type(problem).__name__, where=where, **_about(hook))
