"""The graph: its reports and links, and the code that builds, asks and describes it."""

__version__ = "0.1.0"
