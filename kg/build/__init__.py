"""From sources to a published graph: read, check, derive, describe, publish."""
