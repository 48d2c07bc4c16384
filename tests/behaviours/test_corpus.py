"""A sample of the corpus: naive Dockerfiles are rewritten without help, and what no probe visited still works."""

from __future__ import annotations

import json

import pytest

from behaviours import corpus
from behaviours.workshop import BASES, open_workshop
from jettison.dockerfile import parse, stages
from tools import need


def test_the_corpus_is_large_and_of_many_kinds() -> None:
    projects = {name: corpus.read(name) for name in corpus.names()}
    assert len(projects) >= 30
    assert {project["ecosystem"] for project in projects.values()} >= {
        "node",
        "python",
        "go",
        "rust",
        "java",
        "ruby",
        "php",
    }
    for name, project in projects.items():
        assert (corpus.CORPUS / name / "Dockerfile").is_file(), name
        asked = [*project.get("get", {}), *project.get("post", {}), *project.get("run", {})]
        assert len(asked) >= 4, name
        assert not {path for path, *_ in project.get("get", {}).values()} & set(project.get("probes", ())), name


@pytest.mark.integration
@pytest.mark.parametrize("name", ["c-make"])
def test_a_project_is_rewritten_and_does_what_it_did(name: str) -> None:
    need("runc", "strace", "mmdebstrap", "openssl")
    workshop, project = open_workshop(), corpus.read(name)
    workshop.run([str(BASES), str(workshop.directory / "bases"), project["base"], "debian:bookworm-slim"])
    directory, small = str(corpus.CORPUS / name), f"corpus-{name}-small"
    probes = [word for path in project["probes"] for word in ("--http", path)]
    rewrite = ["jettison", "-q", "rewrite", directory, "--offline", "--no-crawl", "--json", "--tag", small, *probes]
    report = json.loads(workshop.run(rewrite))
    workshop.run(["jettison", "-q", "build", "--tag", f"corpus-{name}", directory])
    assert len(stages(parse(report["dockerfile"]))) > 1
    assert report["after"]["disk_bytes"] < report["before"]["disk_bytes"]
    outcomes = corpus.outcomes(workshop, name, workshop.image(f"corpus-{name}"), workshop.image(small))
    assert [outcome for outcome in outcomes if not outcome.works] == []
    assert [f"{outcome.behaviour}: {outcome.detail}" for outcome in outcomes if not outcome.kept] == []
