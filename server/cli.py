"""The command `policykg`: what kg can do, and `serve`."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import click

from kg.cli import main
from kg.cli import settings_options
from kg.cli import showing_progress
from kg.errors import StoreBusy
from kg.settings import DEFAULT_GRAPHS
from kg.settings import Settings
from kg.settings import load_settings

main.modules = (
    "kg.dataset_commands",
    "kg.doctor_command",
    "kg.federated_command",
    "kg.link_commands",
    "kg.reconcile_commands",
    "kg.remote_commands",
    "kg.store_commands",
    "kg.token_commands",
    "kg.void_command",
)
_PATIENCE: Final = 120.0  # seconds; a build takes some twenty
_PAUSE: Final = 0.1


@main.command()
@click.option("--host", help="Address to listen on.  [default: 127.0.0.1]")
@click.option("--port", type=int, help="Port to listen on; 0 takes a free one.  [default: 8000]")
@click.option(
    "--no-build",
    is_flag=True,
    help="Serve what is built already, even if the sources have changed since.",
)
@click.option(
    "--empty", is_flag=True, help="Build nothing; begin with an empty store if there is none."
)
@click.option(
    "--default-graph",
    type=click.Choice(DEFAULT_GRAPHS),
    help="What queries without a dataset see: all graphs, or the default graph.  [default: union]",
)
@click.option(
    "--write-token",
    metavar="TOKEN",
    help="A token with which writes are allowed, for trying out: others can see it in the list of "
    "processes. `policykg token create` makes lasting ones.",
)
@settings_options
def serve(
    host: str | None,
    port: int | None,
    no_build: bool,
    empty: bool,
    default_graph: str | None,
    write_token: str | None,
    data: Path | None,
    config: Path | None,
) -> None:
    """Serve the graph on the web, after building it if there is none or its sources changed.

    Prints one line when it answers. Stop it with Ctrl-C or SIGTERM: running requests may end. At
    SIGHUP it reads the settings again.
    """

    def read() -> Settings:
        return load_settings(
            config=config, data=data, host=host, port=port, default_graph=default_graph
        )

    settings = read()
    if empty:
        from kg.engine.committing import make_empty

        _patiently(lambda: make_empty(settings.data))
    elif not no_build and settings.engine == "embedded":
        from kg.build.stamp import is_current

        if not is_current(settings):
            # Validation and reasoning take long to import and are needed for a build only.
            from kg.build.pipeline import ensure_built

            with showing_progress() as progress:
                _patiently(lambda: ensure_built(settings, progress))
    from server.serving import serve as run

    run(settings, write_token, read)


def _patiently(make: Callable[[], object]) -> None:
    """Call ``make``, and again while another server that starts as well is writing.

    Raises :class:`~kg.errors.StoreBusy` if that takes too long.
    """
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            make()
        except StoreBusy:
            if time.monotonic() >= until:
                raise
            time.sleep(_PAUSE)
        else:
            return


if __name__ == "__main__":
    main(prog_name="policykg")
