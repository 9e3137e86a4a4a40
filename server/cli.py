"""The command `policykg`: what kg can do, and `serve`."""

from pathlib import Path

import click

from kg.cli import main
from kg.cli import settings_options
from kg.cli import showing_progress
from kg.dataset_commands import dataset
from kg.doctor_command import doctor
from kg.link_commands import link
from kg.reconcile_commands import reconcile
from kg.remote_commands import load
from kg.settings import DEFAULT_GRAPHS
from kg.settings import load_settings
from kg.store_commands import log
from kg.token_commands import token
from kg.void_command import void

# The commands add themselves to the group when they are imported.
__all__ = ["dataset", "doctor", "link", "load", "log", "main", "reconcile", "token", "void"]


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

    Prints one line when it answers. Stop it with Ctrl-C or SIGTERM: running requests may end.
    """
    settings = load_settings(
        config=config, data=data, host=host, port=port, default_graph=default_graph
    )
    if empty:
        from kg.engine.committing import make_empty

        make_empty(settings.data)
    elif not no_build and settings.engine == "embedded":
        from kg.build.stamp import is_current

        if not is_current(settings):
            # Validation and reasoning take long to import and are needed for a build only.
            from kg.build.pipeline import ensure_built

            with showing_progress() as progress:
                ensure_built(settings, progress)
    from server.serving import serve as run

    run(settings, write_token)


if __name__ == "__main__":
    main(prog_name="policykg")
