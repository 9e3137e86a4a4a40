"""The Java side of the checks: where Java and the HermiT archive are, and how they are run."""

import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from kg.errors import BuildError

TIME_LIMIT = 600  # seconds
_MEMORY = "-Xmx2000M"


@dataclass(frozen=True, slots=True)
class Java:
    """A Java runtime beside the HermiT archive that comes with owlready2."""

    command: str
    archive: Path

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Return the finished process: its exit status, output and error output.

        Raises :class:`~kg.errors.BuildError` if it does not end in time or cannot be started.
        """
        try:
            return subprocess.run(
                [self.command, _MEMORY, "-cp", str(self.archive.absolute()), *arguments],
                # Not where we are: HermiT does not start in the folder "/", where services are.
                cwd=tempfile.gettempdir(),
                capture_output=True,
                text=True,
                timeout=TIME_LIMIT,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise BuildError(
                f"HermiT has not finished within {TIME_LIMIT} seconds",
                where="consistency",
                remedy="Look for an axiom that makes the ontology expensive to reason with.",
            ) from None
        except OSError as error:
            raise BuildError(
                f"Java cannot be started: {error.strerror}",
                where=self.command,
                remedy="Repair the installation of Java, or take it out of PATH and JAVA_HOME.",
            ) from None

    def compiles(self) -> bool:
        """Return whether this is a development kit, which can run a source file."""
        done = subprocess.run(
            [self.command, "--list-modules"], capture_output=True, text=True, check=False
        )
        return "jdk.compiler@" in done.stdout


def find_java() -> Java | None:
    """Return the Java of ``JAVA_HOME`` or of ``PATH``, or ``None`` if there is none."""
    home = os.environ.get("JAVA_HOME")
    command = shutil.which("java", path=str(Path(home) / "bin")) if home else None
    command = command or shutil.which("java")
    # The archive is asked for by its place: importing owlready2 would open a database.
    spec = find_spec("owlready2")
    if command is None or spec is None or not spec.submodule_search_locations:
        return None
    return Java(command, Path(spec.submodule_search_locations[0]) / "hermit" / "HermiT.jar")
