"""The catalogue for harvesters: what it says of the files and of the service is so."""

import hashlib

import pytest
from flask.testing import FlaskClient
from rdflib import DCAT
from rdflib import RDF
from rdflib import XSD
from rdflib import Graph
from rdflib import Literal
from rdflib import Namespace
from rdflib import URIRef

from kg.namespaces import BASE

SPDX = Namespace("http://spdx.org/rdf/terms#")
HERE = "https://kg.example.org"


@pytest.fixture
def catalogue(client: FlaskClient) -> Graph:
    response = client.get("/catalog", headers={"Accept": "text/turtle"})
    assert (response.status_code, response.content_type) == (200, "text/turtle; charset=utf-8")
    assert response.headers["Vary"] == "Accept"
    return Graph().parse(data=response.text, format="turtle")


def test_a_catalogue_leads_to_dataset_and_service(catalogue: Graph) -> None:
    [one] = catalogue.subjects(RDF.type, DCAT.Catalog)
    assert one == URIRef(f"{BASE}catalog")
    dataset = catalogue.value(one, DCAT.dataset)
    assert (dataset, RDF.type, DCAT.Dataset) in catalogue
    service = catalogue.value(one, DCAT.service)
    assert URIRef(f"{HERE}/sparql") in catalogue.objects(service, DCAT.endpointURL)


def test_sizes_and_checksums_are_those_of_the_files(catalogue: Graph, client: FlaskClient) -> None:
    files = list(catalogue.subjects(RDF.type, DCAT.Distribution))
    assert len(files) > 10
    for file in files:
        urls = {str(url) for url in catalogue.objects(file, DCAT.downloadURL)}
        [path] = [url.removeprefix(HERE) for url in urls if url.startswith(HERE)]
        with client.get(path) as response:
            data = response.data
        assert catalogue.value(file, DCAT.byteSize) == Literal(
            str(len(data)), datatype=XSD.nonNegativeInteger
        )
        checksum = catalogue.value(file, SPDX.checksum)
        said = catalogue.value(checksum, SPDX.checksumValue)
        assert str(said).lower() == hashlib.sha256(data).hexdigest()


def test_people_see_the_page_of_the_dataset(client: FlaskClient) -> None:
    response = client.get("/catalog", headers={"Accept": "text/html"})
    assert (response.status_code, response.headers["Location"]) == (303, "/page/dataset")
    assert client.get("/page/dataset", headers={"Accept": "text/html"}).status_code == 200


def test_it_is_asked_for_again_by_its_tag(client: FlaskClient) -> None:
    first = client.get("/catalog", headers={"Accept": "application/ld+json"})
    held = {"Accept": "application/ld+json", "If-None-Match": first.headers["ETag"]}
    again = client.get("/catalog", headers=held)
    assert (again.status_code, again.data) == (304, b"")
    refused = client.get("/catalog", headers={"Accept": "image/png"})
    assert refused.status_code == 406
