"""The command `policykg`: what kg can do, and `serve`."""

from pathlib import Path

import click

from kg.cli import main
from kg.cli import settings_options
from kg.cli import showing_progress
from kg.settings import load_settings

__all__ = ["main"]


@main.command()
@click.option("--host", help="Address to listen on.  [default: 127.0.0.1]")
@click.option("--port", type=int, help="Port to listen on; 0 takes a free one.  [default: 8000]")
@click.option(
    "--no-build",
    is_flag=True,
    help="Serve what is built already, even if the sources have changed since.",
)
@settings_options
def serve(
    host: str | None, port: int | None, no_build: bool, data: Path | None, config: Path | None
) -> None:
    """Serve the graph on the web, after building it if there is none or its sources changed.

    Prints one line when it answers. Stop it with Ctrl-C or SIGTERM: running requests may end.
    """
    settings = load_settings(config=config, data=data, host=host, port=port)
    if not no_build:
        from kg.build.stamp import is_current

        if not is_current(settings):
            # Validation and reasoning take long to import and are needed for a build only.
            from kg.build.pipeline import ensure_built

            with showing_progress() as progress:
                ensure_built(settings, progress)
    from server.serving import serve as run

    run(settings)


if __name__ == "__main__":
    main(prog_name="policykg")
