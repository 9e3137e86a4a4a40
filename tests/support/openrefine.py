"""A real OpenRefine without a browser, driven by the requests that its own pages send."""

import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs
from urllib.parse import urlencode
from urllib.parse import urlsplit
from urllib.request import Request
from urllib.request import urlopen

from engines import free_port
from requirements import require

_WITHIN = 120  # seconds
_BOUNDARY = "policykg-test-boundary"


@contextmanager
def openrefine(folder: Path) -> Iterator["OpenRefine"]:
    """Run OpenRefine with its projects in ``folder``, or skip the test where there is none."""
    command = shutil.which("openrefine")
    require("openrefine", bool(command and shutil.which("java")), "OpenRefine is not installed")
    port = free_port()
    process = subprocess.Popen(
        [
            *(str(command), "-p", str(port), "-i", "127.0.0.1", "-m", "400M", "-d", str(folder)),
            *("-x", "refine.headless=true"),
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        # The command is a script that starts Java: all of it is stopped together.
        start_new_session=True,
    )
    try:
        running = OpenRefine(f"http://127.0.0.1:{port}")
        running.wait_until_up(process)
        yield running
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


class OpenRefine:
    """What a person does in OpenRefine, as methods."""

    def __init__(self, address: str) -> None:
        self._address = address

    def wait_until_up(self, process: "subprocess.Popen[bytes]") -> None:
        """Return when it answers."""
        until = time.monotonic() + _WITHIN
        while True:
            with suppress(OSError, ValueError):
                self._get("get-version")
                return
            assert process.poll() is None, "OpenRefine has ended"
            assert time.monotonic() < until, "OpenRefine does not come up"
            time.sleep(0.3)

    def create_project(self, csv: str) -> str:
        """Make a project of a table; return its number."""
        options = {"encoding": "UTF-8", "separator": ",", "headerLines": 1}
        fields = (
            ('name="project-name"', "names"),
            ('name="format"', "text/line-based/*sv"),
            ('name="options"', json.dumps(options)),
            ('name="project-file"; filename="names.csv"', csv),
        )
        body = "".join(
            f"--{_BOUNDARY}\r\nContent-Disposition: form-data; {head}\r\n\r\n{value}\r\n"
            for head, value in fields
        )
        request = Request(
            self._url("create-project-from-upload", csrf_token=self._token(), options=fields[2][1]),
            f"{body}--{_BOUNDARY}--\r\n".encode(),
            {"Content-Type": f"multipart/form-data; boundary={_BOUNDARY}"},
        )
        with urlopen(request, timeout=_WITHIN) as answer:
            return parse_qs(urlsplit(answer.url).query)["project"][0]

    def reconcile(self, project: str, column: str, service: dict[str, Any], kind: str) -> None:
        """Reconcile a column with a service, given by its address and manifest."""
        config = {
            "mode": "standard-service",
            "service": service["url"],
            "identifierSpace": service["identifierSpace"],
            "schemaSpace": service["schemaSpace"],
            "type": {"id": kind, "name": kind},
            "autoMatch": True,
            "columnDetails": [],
            "limit": 0,
        }
        self._do("reconcile", project, columnName=column, config=json.dumps(config))

    def guess_types(self, project: str, column: str, service: str) -> list[str]:
        """Return the types that OpenRefine proposes for a column."""
        answer = self._post("guess-types-of-column", project, columnName=column, service=service)
        return [one["id"] for one in answer["types"]]

    def extend(
        self, project: str, column: str, service: dict[str, Any], properties: dict[str, str]
    ) -> None:
        """Add columns with properties of the matched things."""
        extension = {"properties": [{"id": id_, "name": name} for id_, name in properties.items()]}
        self._do(
            "extend-data",
            project,
            baseColumnName=column,
            endpoint=service["url"],
            identifierSpace=service["identifierSpace"],
            schemaSpace=service["schemaSpace"],
            extension=json.dumps(extension),
            columnInsertIndex="1",
        )

    def add_column(self, project: str, base: str, name: str, expression: str) -> None:
        """Add a column made of another."""
        self._do(
            "add-column",
            project,
            baseColumnName=base,
            newColumnName=name,
            expression=expression,
            columnInsertIndex="1",
            onError="set-to-blank",
        )

    def export(self, project: str) -> str:
        """Return the table as CSV."""
        form = urlencode({"project": project, "format": "csv", "engine": _ALL}).encode()
        url = self._url("export-rows/names.csv", csrf_token=self._token())
        with urlopen(Request(url, form), timeout=_WITHIN) as answer:
            return str(answer.read().decode("utf-8"))

    def _do(self, command: str, project: str, **fields: str) -> None:
        """Send a command and wait until nothing is under way."""
        answer = self._post(command, project, **fields)
        assert answer["code"] in ("ok", "pending"), answer
        until = time.monotonic() + _WITHIN
        while self._get("get-processes", project=project)["processes"]:
            assert time.monotonic() < until, f"{command} does not end"
            time.sleep(0.2)

    def _post(self, command: str, project: str, **fields: str) -> Any:
        form = {"project": project, "engine": _ALL, "csrf_token": self._token(), **fields}
        url = self._url(command, project=project)
        with urlopen(Request(url, urlencode(form).encode()), timeout=_WITHIN) as answer:
            return json.load(answer)

    def _get(self, command: str, **parameters: str) -> Any:
        with urlopen(self._url(command, **parameters), timeout=_WITHIN) as answer:
            return json.load(answer)

    def _token(self) -> str:
        return str(self._get("get-csrf-token")["token"])

    def _url(self, command: str, **parameters: str) -> str:
        return f"{self._address}/command/core/{command}?{urlencode(parameters)}"


_ALL = json.dumps({"facets": [], "mode": "row-based"})
