"""The values of a bench: the matrix and its order, merging, a changed file, comparing file trees."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from jettison.errors import InvalidInput, NotFound
from jettison.filetree import index
from jettison.measure.bench.changed import changed
from jettison.measure.bench.fingerprint import different, fingerprint
from jettison.measure.bench.jobs import jobs, order
from jettison.measure.bench.model import Job, Plan, Subject
from jettison.measure.bench.results import Results
from jettison.measure.bench.subject import take
from jettison.measure.links import Rate, rate
from jettison.measure.machine import described
from jettison.measure.merge import merge
from jettison.measure.model import Action, Machine, Sample, State, from_json, to_json
from jettison.oci.image import Image
from jettison.oci.layout import Store
from make import tree
from samples import noise, sample


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(tmp_path / "store")


@pytest.fixture
def subject(store: Store, tmp_path: Path) -> Subject:
    image = sample(store, {"/bin/app": noise(9000)}, {"/etc/a": b"", "/etc/b": noise(100, 2), "/etc/c": noise(90, 3)})
    assert image.descriptor is not None
    store.tag("docker.io/library/app:1", image.descriptor)
    return take(store, Store.open(tmp_path / "own"), "app:1", 0)


def plan(**given: object) -> Plan:
    return replace(Plan(("app:1",), tuple(Action)), **given)  # type: ignore[arg-type]


def test_facts(subject: Subject) -> None:
    facts = subject.facts
    assert [layer.files for layer in facts.layers] == [1, 3]
    assert facts.compressed_bytes == sum(layer.compressed_bytes for layer in facts.layers)
    assert all(layer.uncompressed_bytes % 512 == 0 for layer in facts.layers)
    assert (facts.disk_bytes, facts.files) == (9190, 7)


def test_matrix(subject: Subject) -> None:
    found = list(jobs(plan(rates=(rate("1mbit"), rate("2mbit"))), subject, ["jettison", "docker", "skopeo"]))
    kinds = {(job.tool, job.action) for job in found}
    assert ("skopeo", Action.PULL) not in kinds, "it does not unpack"
    assert ("skopeo", Action.FETCH) in kinds
    assert ("docker", Action.UNPACK) not in kinds
    assert not any(job.action in (Action.BUILD, Action.BUILD_PUSH) for job in found), "an image is not built"
    assert len([job for job in found if (job.tool, job.action) == ("docker", Action.PUSH)]) == 3 * 2
    assert [job.rate for job in found if job.action is Action.UNPACK] == [Rate()], "no link is used"
    both = list(jobs(plan(cpus=(1, 2)), subject, ["jettison"]))
    assert len(both) == 2 * len(list(jobs(plan(), subject, ["jettison"])))


def test_order_is_random_and_the_same_for_a_seed(subject: Subject) -> None:
    cells = list(jobs(plan(), subject, ["jettison"]))
    first, again, other = (order(cells, 4, random.Random(seed)) for seed in (1, 1, 2))
    assert first == again != other
    assert all(first.count(cell) == 4 for cell in cells)


def _read(store: Store, image: Image) -> dict[str, bytes]:
    found = index(store.snapshots(image))
    return {path: found.read(entry) for path, entry in found.items() if entry.kind == "file"}


def test_one_file_changes(store: Store, subject: Subject) -> None:
    one, two = (changed(store, subject.image, number) for number in (1, 2))
    before, after = _read(store, subject.image), _read(store, one)
    assert [path for path in before if before[path] != after[path]] == ["/etc/b"]
    assert len(after["/etc/b"]) == 100
    assert one.layers[0].descriptor.digest == subject.image.layers[0].descriptor.digest
    assert one.layers[1].diff_id != two.layers[1].diff_id


def test_no_file_to_change(store: Store) -> None:
    with pytest.raises(NotFound, match="no layer has one"):
        changed(store, sample(store, {"/empty": b""}), 1)


@pytest.mark.parametrize("other", ["file 0644 0:0", "file 0755 1:0", "link -> b", "dir 0755 0:0"])
def test_trees_that_differ(other: str) -> None:
    one = fingerprint(tree({"/b": "dir 0755 0:0", "/a": "link -> c"}))
    assert different(one, fingerprint(tree({"/b": "dir 0755 0:0", "/a": other}))) == "/a"
    assert different(one, one) == ""


def test_content_and_hard_links_count(tmp_path: Path) -> None:
    for name in ("one", "two", "three"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a").write_bytes(b"x" if name != "two" else b"y")
        (tmp_path / name / "b").write_bytes(b"z")
    (tmp_path / "three/b").unlink()
    (tmp_path / "three/b").hardlink_to(tmp_path / "three/a")
    one, two, three = (fingerprint(index([tmp_path / name])) for name in ("one", "two", "three"))
    assert different(one, two) == "/a"
    assert different(one, three) == "/a, /b"


def _results(subject: Subject, machine: Machine, seconds: float) -> Results:
    found = Results("2026-11-24", machine, ())
    found.image(subject.facts)
    job = Job(subject, "jettison", Action.PULL, State.COLD, Rate())
    found.add(job, Sample(99.0), True, counts=False)
    found.add(job, Sample(seconds), None, counts=True)
    return found


def test_results_leave_the_warm_up_out(subject: Subject) -> None:
    found = _results(subject, Machine(2), 1.5).bench()
    assert [one.samples for one in found.measurements] == [(Sample(1.5),)]
    assert found.measurements[0].verified is True
    assert from_json(to_json(found), "it") == found


def test_what_failed_is_noted(subject: Subject) -> None:
    found = _results(subject, Machine(2), 1.5)
    found.failed(Job(subject, "jettison", Action.PULL, State.COLD, Rate()), "pull failed: no answer")
    assert found.bench().measurements[0].note == "pull failed: no answer"
    found.failed(Job(subject, "docker", Action.PULL, State.COLD, Rate()), "pull by docker failed: no answer")
    assert len(found.bench().measurements) == 1, "nothing was measured: no column, not zero"
    assert found.bench().complete
    found.interrupted()
    assert not found.bench().complete


def test_merges_machines(subject: Subject) -> None:
    small, large = Machine(2, memory_bytes=2**31), Machine(16, memory_bytes=2**36)
    first, second = _results(subject, small, 2.0).bench(), _results(subject, large, 1.0).bench()
    found = merge([first, second, first])
    assert [machine.name for machine in found.machines] == ["2 cores, 2 GiB", "16 cores, 64 GiB"]
    assert [one.machine for one in found.measurements] == ["2 cores, 2 GiB", "16 cores, 64 GiB"]
    assert len(found.images) == 1
    assert found.complete


def test_one_machine_with_other_tools_is_one(subject: Subject) -> None:
    first, second = (_results(subject, Machine(2, tools={name: "1"}), 1.0).bench() for name in ("docker", "podman"))
    assert merge([first, second]).machines == (Machine(2, tools={"docker": "1", "podman": "1"}),)


def test_refuses_two_images_of_one_name(subject: Subject) -> None:
    first = _results(subject, Machine(2), 1.0).bench()
    other = replace(first, images=(replace(subject.facts, digest="sha256:1"),))
    with pytest.raises(InvalidInput, match="app:1 is two images"):
        merge([first, other])
    with pytest.raises(InvalidInput, match="none were given"):
        merge([])


def test_describes_this_machine(tmp_path: Path) -> None:
    found = described({"docker": "20.10"}, tmp_path)
    assert found.cores >= 1
    assert found.memory_bytes > 0
    assert found.kernel
    assert " on " in found.disk
