"""The checks: each looks at the sources and reports every fault that it finds."""
