"""Equal is equal, times and ids are alike, and what the original does not repeat does not count."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jettison.probes import Answer
from jettison.probes.compare import compare, same
from jettison.probes.normalise import normalise


def answer(probe: str = "GET /", ok: bool = True, error: str = "", **facts: str) -> Answer:
    return Answer(probe, ok, {name.replace("_", " "): text for name, text in facts.items()}, error)


def differences(original: list[Answer], small: list[Answer], repeat: list[Answer] | None = None) -> list[str]:
    return [found.difference for found in compare(original, small, repeat) if not found.agreed]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("at Tue, 24 Nov 2026 09:03:20 GMT", "at Wed, 25 Nov 2026 10:00:01 GMT"),
        ("on Tue Nov 24 09:28:19 UTC 2026", "on Tue Nov 24 09:28:20 UTC 2026"),
        ("Tue Nov 24 2026 09:28:19 GMT+0000 (Coordinated Universal Time)", "Tue Nov 24 2026 09:28:20 GMT+0000 (UTC)"),
        ("2026-11-24T09:28:19.123Z", "2026-11-24T09:28:20Z"),
        ('127.0.0.1 - - [24/Nov/2026:09:28:19 +0000] "GET /"', '127.0.0.1 - - [24/Nov/2026:09:28:20 +0000] "GET /"'),
        ("id 123e4567-e89b-12d3-a456-426614174000", "id 00000000-e89b-12d3-a456-426614174abc"),
        ("token d41d8cd98f00b204e980", "token a9993e364706816aba3e"),
        ("host 3f2a9c8d7e6f", "host 0a1b2c3d4e5f"),
        ("took 12 ms", "took 3.5ms"),
        ("up 1795512499", "up 1795512500.25"),
        ("epoch 1795512499123", "epoch 1795512499999"),
        ("from 127.0.0.1:43210", "from 127.0.0.1:51234"),
        ("pid 12", "pid 345"),
        ("nginx[12]: x", "nginx[7]: x"),
        ("at 0x7f3a12345678", "at 0x55d09a8b7c6d"),
    ],
)
def test_times_ids_ports_and_processes_are_alike(first: str, second: str) -> None:
    assert normalise(first) == normalise(second)
    assert same(first, None, second)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("version 1.2.3", "version 1.2.4"), ("total 12", "total 13"), ("ok", "error"), ("a b", "a b c"),
        ("127.0.0.1:8080", "127.0.0.1:8081"), ('{"a": 1}', '{"b": 1}'), ('{"a": 1}', '{"a": 2}'),
        ("[1, 2]", "[1]"), ('{"a": []}', '{"a": {}}'),
    ],
)  # fmt: skip
def test_what_means_something_is_not_alike(first: str, second: str) -> None:
    assert not same(first, None, second)


@given(st.text())
def test_a_text_is_the_same_as_itself_and_normal_forms_are_normal(text: str) -> None:
    assert same(text, None, text)
    assert normalise(normalise(text)) == normalise(text)


def test_json_is_compared_by_value_and_keys_in_any_order() -> None:
    assert same('{"a": 1, "b": [true, null]}', None, '{"b":[true,null],"a":1}')
    assert same('{"at": "2026-11-24T09:28:19Z", "n": 1}', None, '{"n": 1, "at": "2026-11-24T09:28:29Z"}')


def test_what_the_original_does_not_repeat_is_not_compared_but_its_structure_is() -> None:
    assert same('{"lucky": 4, "name": "x"}', '{"lucky": 9, "name": "x"}', '{"lucky": 1, "name": "x"}')
    assert not same('{"lucky": 4, "name": "x"}', '{"lucky": 9, "name": "x"}', '{"lucky": 1, "name": "y"}')
    assert not same('{"lucky": 4, "name": "x"}', '{"lucky": 9, "name": "x"}', '{"name": "x"}')
    assert same("<p>You are visitor 4</p>", "<p>You are visitor 5</p>", "<p>You are visitor 1</p>")
    assert not same("<p>You are visitor 4</p>", "<p>You are visitor 5</p>", "<p>Internal error 1</p>")


def test_where_the_number_of_words_varies_those_always_said_must_be_said() -> None:
    assert same("found: a b c", "found: a b", "found: x a b")
    assert not same("found: a b c", "found: a b", "nothing")
    assert same(
        '{"items": [{"id": 1}, {"id": 2}]}', '{"items": [{"id": 1}]}', '{"items": [{"id": 7}, {"id": 8}, {"id": 9}]}'
    )
    assert not same('{"items": [{"id": 1}, {"id": 2}]}', '{"items": [{"id": 1}]}', '{"items": [{"name": 7}]}')


def test_a_difference_names_the_fact_and_shows_both() -> None:
    assert differences([answer(status="200", body="a")], [answer(status="404", body="b")]) == [
        "status '200' became '404'"
    ]
    assert differences([answer(header_vary="x")], [answer()]) == [
        "header vary only from the original, not from the small image"
    ]
    long = "word " * 100
    (shown,) = differences([answer(body=long + "yes")], [answer(body=long + "no")])
    assert "yes" in shown
    assert len(shown) < 200


def test_an_answer_that_does_not_come() -> None:
    assert differences([answer()], [answer(ok=False, error="connection refused")]) == ["connection refused"]
    assert differences([answer()], []) == ["not asked: no page of the small image leads to it"]
    assert differences([], [answer("GET /new")]) == ["only the small image leads to this question"]
    assert differences([answer(ok=False, error="answers 500")], [answer()]) == [
        "works, where the original did not: answers 500"
    ]


def test_questions_whose_names_change_are_matched_or_left_out() -> None:
    first, second = "GET /x?t=1795512499", "GET /x?t=1795512500"
    assert differences([answer(first, body="a")], [answer(second, body="b")]) == ["body 'a' became 'b'"]
    assert differences([answer("GET /r/4")], [answer("GET /r/9")], [answer("GET /r/7")]) == [
        "only the small image leads to this question"
    ]
    assert differences([answer(body="a"), answer(body="b")], [answer(body="a"), answer(body="b")]) == []
