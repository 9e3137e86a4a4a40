"""Whether this process has been told to stop, so that it can say so to balancers."""

import threading
from typing import Final

STOPPING: Final = threading.Event()
