"""The catalogue: questions as query files whose headers name, explain and type them."""

from kg.catalogue.files import load_catalogue
from kg.catalogue.files import read_catalogue
from kg.catalogue.model import KINDS
from kg.catalogue.model import CatalogueQuery
from kg.catalogue.model import Column
from kg.catalogue.model import Parameter
from kg.catalogue.values import bind
from kg.catalogue.values import choices

__all__ = [
    "KINDS",
    "CatalogueQuery",
    "Column",
    "Parameter",
    "bind",
    "choices",
    "load_catalogue",
    "read_catalogue",
]
