"""The errors that users see: what went wrong, where, and what to do about it."""


class PolicykgError(Exception):
    """A failure that is explained to the user.

    ``detail`` says what happened, ``where`` names the file, line, node or parameter, and
    ``remedy`` says what to do. ``status`` and ``title`` are the HTTP status and the short
    name of the class of failure (RFC 9457, ``title``).
    """

    status = 500
    title = "Something went wrong"

    def __init__(self, detail: str, *, where: str | None = None, remedy: str | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.where = where
        self.remedy = remedy

    def __str__(self) -> str:
        place = f" ({self.where})" if self.where else ""
        remedy = f" {self.remedy}" if self.remedy else ""
        return f"{self.detail}{place}.{remedy}"


class SettingsError(PolicykgError):
    """A setting that is unknown or has a value that does not fit."""

    title = "Bad setting"


class BuildError(PolicykgError):
    """The graph cannot be built from its sources."""

    title = "Build failed"


class SourceSyntaxError(BuildError):
    """A source file that cannot be parsed; ``where`` is ``file:line:column``."""

    title = "Malformed source file"


class CheckFailed(BuildError):
    """One or more checks found errors; ``detail`` holds the rendered findings."""

    title = "Checks failed"

    def __str__(self) -> str:
        return self.detail


class StoreError(PolicykgError):
    """The data folder cannot be used."""

    title = "Store not usable"
    status = 503


class StoreMissing(StoreError):
    """The data folder holds no built graph."""

    title = "No graph has been built"


class StoreTooNew(StoreError):
    """The data folder was written by a newer policykg."""

    title = "Store from a newer version"


class StoreNotWritable(StoreError):
    """The data folder cannot be written."""

    title = "Data folder not writable"


class StoreBusy(StoreError):
    """Another process is writing to the data folder."""

    title = "Another writer is at work"


class BackupError(PolicykgError):
    """A backup that cannot be written, or a file that is no whole backup."""

    title = "Backup not usable"


class ListenError(PolicykgError):
    """The server cannot listen on the address it was given."""

    title = "Cannot listen"


class QueryError(PolicykgError):
    """A query that cannot be answered as it stands."""

    status = 400
    title = "Bad query"


class QuerySyntaxError(QueryError):
    """A query that does not parse; ``line`` and ``column`` count from 1, or are ``None``."""

    title = "Query does not parse"

    def __init__(
        self,
        detail: str,
        *,
        line: int | None = None,
        column: int | None = None,
        remedy: str | None = None,
    ) -> None:
        where = f"line {line}, column {column}" if line is not None else None
        super().__init__(detail, where=where, remedy=remedy)
        self.line = line
        self.column = column


class QueryRefused(QueryError):
    """A query that asks for something the service does not do, such as SERVICE."""

    status = 403
    title = "Query refused"


class LoadFailed(QueryError):
    """A document that an update loads, and that cannot be fetched or read."""

    title = "Document cannot be loaded"


class LimitError(PolicykgError):
    """A limit of the service was reached; ``retry_after`` says after how many seconds to try again,
    and is ``None`` where trying again would not help.
    """

    status = 503
    title = "Limit reached"
    retry_after: int | None = None


class QueryTimeout(LimitError):
    """The query took longer than a query may."""

    status = 504
    title = "Query took too long"


class QueryTooLarge(LimitError):
    """The query's worker ended: it needed more memory than it may have."""

    title = "Query needs too much"


class QueryTooDeep(QueryError):
    """The query nests more deeply than it can be read."""

    title = "Query nests too deeply"


class ResultTooLarge(LimitError):
    """The answer has more bytes, rows or statements than an answer may have."""

    status = 413
    title = "Answer too large"


class NoRoom(LimitError):
    """The answer is large, and there is no room on disk for what of it waits to be sent."""

    title = "No room for the answer"
    retry_after = 30


class EngineFailed(PolicykgError):
    """The remote engine gave no answer that can be passed on."""

    status = 502
    title = "The engine failed"


class EngineDown(LimitError):
    """The remote engine cannot be reached."""

    title = "The engine cannot be reached"
    retry_after = 5


class ServiceBusy(LimitError):
    """All workers are taken and the queue is full, or a place did not become free in time."""

    title = "Service is busy"
    retry_after = 5


class TooManyQueries(LimitError):
    """One client asks more at once, or has used more time, than one client may."""

    status = 429
    title = "Too many queries"
    retry_after = 5


class ClientGone(PolicykgError):
    """The client left before it was answered; nobody sees this."""

    status = 499
    title = "Client has gone"


class GraphOwned(PolicykgError):
    """A write to a graph that a build made, and that the next build would overwrite."""

    status = 409
    title = "Graph belongs to the build"


class PreconditionFailed(PolicykgError):
    """The resource is no longer what the client says it knows (If-Match, If-None-Match)."""

    status = 412
    title = "Resource has changed"


class Unauthorized(PolicykgError):
    """The request needs a bearer token, and has none that is valid."""

    status = 401
    title = "Token needed"


class Forbidden(PolicykgError):
    """The token of the request does not allow what it asks."""

    status = 403
    title = "Not allowed"


class BadData(PolicykgError):
    """Uploaded data that cannot be read; ``where`` is the line and column."""

    status = 400
    title = "Data cannot be read"


class BadParameter(PolicykgError):
    """A parameter whose value does not fit; ``where`` is the parameter's name."""

    status = 400
    title = "Bad parameter"


class BatchTooLarge(PolicykgError):
    """A batch of queries, or a table, has more parts than one request may have."""

    status = 413
    title = "Batch too large"


class NotFound(PolicykgError):
    """Nothing is known under the name asked for."""

    status = 404
    title = "Not found"


class Gone(PolicykgError):
    """What was asked for was withdrawn; ``remedy`` says what stands in its place."""

    status = 410
    title = "Withdrawn"


class MethodNotAllowed(PolicykgError):
    """The address exists but does not take this method; ``allowed`` lists those it takes."""

    status = 405
    title = "Method not allowed"

    def __init__(self, detail: str, *, allowed: tuple[str, ...]) -> None:
        super().__init__(detail, remedy=f"Use {', '.join(allowed)}.")
        self.allowed = allowed


class NotAcceptable(PolicykgError):
    """No format on offer fits what the client accepts; ``offered`` lists the media types."""

    status = 406
    title = "No acceptable format"

    def __init__(self, detail: str, *, offered: tuple[str, ...]) -> None:
        super().__init__(detail, remedy=f"On offer: {', '.join(offered)}.")
        self.offered = offered


class UnsupportedMediaType(PolicykgError):
    """The request body has a media type that the address does not take."""

    status = 415
    title = "Unsupported media type"
