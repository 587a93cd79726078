"""Doors to the saved tests of a flow: kept, run against the document under work, proposed, recorded."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify
from flask.typing import ResponseReturnValue

from ivr.rehearsal.coverage import taken_by
from ivr.rehearsal.dumping import dump_scenario, scenario_data
from ivr.rehearsal.proposing import propose
from ivr.rehearsal.recording import record
from studio.deps import now, studio
from studio.doors.answers import document_of, flow_or_404, json_body, needs_editor, needs_reader, short_text
from studio.doors.rehearsals import given_scenario, rehearsed
from studio.errors import Refused
from studio.library import published_documents
from studio.sentences import told
from studio.tests_of_flow import (
    LONGEST_NAME,
    categories,
    delete_test,
    run_chosen,
    save_test,
    saved_tests,
    shown_test,
)

blueprint = Blueprint("studio_testing", __name__, url_prefix="/studio")


@blueprint.get("/<name>/tests")
@needs_reader
def tests(name: str) -> Response:
    """The saved tests of a flow."""
    with studio().db.read() as s:
        flow_or_404(s, name)
        return jsonify(tests=[shown_test(row) for row in saved_tests(s, name)])


@blueprint.post("/<name>/tests")
@needs_editor
def add_test(name: str) -> ResponseReturnValue:
    """Keep a test {name, scenario | yaml, origin?}; answers with the test."""
    return jsonify(_saved(name, None)), 201


@blueprint.put("/<name>/tests/<int:test_id>")
@needs_editor
def change_test(name: str, test_id: int) -> Response:
    """Change a test's name or scenario; answers with the test."""
    return jsonify(_saved(name, test_id))


@blueprint.delete("/<name>/tests/<int:test_id>")
@needs_editor
def remove_test(name: str, test_id: int) -> Response:
    """Delete a test."""
    with studio().db.write() as s:
        delete_test(s, name, test_id, now=now(), user_id=studio().viewer().id)
    return jsonify(deleted=test_id)


@blueprint.post("/<name>/tests/run")
@needs_reader
def run(name: str) -> Response:
    """Run the saved tests, or those of `ids`, against the document of the request."""
    body = json_body()
    document = document_of(body, name)
    with studio().db.read() as s:
        flow_or_404(s, name)
        found = run_chosen(s, document, now(), ids=_ids(body), flow_values=studio().flow_values)
        return jsonify(found.to_json(told))


@blueprint.post("/<name>/tests/propose")
@needs_reader
def propose_tests(name: str) -> Response:
    """Propose tests for what the saved ones (or those of `ids`) do not reach in the document of the request."""
    body = json_body()
    document = document_of(body, name)
    with studio().db.read() as s:
        flow_or_404(s, name)
        found = run_chosen(s, document, now(), ids=_ids(body), flow_values=studio().flow_values)
        covered = {pair for result in found.results if result.rehearsal for pair in taken_by(result.rehearsal)[1]}
        proposals = propose(
            document,
            covered=covered,
            others=published_documents(s),
            now=now(),
            flow_values=studio().flow_values,
            categories=categories(s),
        )
        known = {row.name for row in saved_tests(s, name)}
    told_proposals = proposals.to_json(told)
    for proposal in told_proposals["proposals"]:
        proposal["name"] = _fresh(proposal["name"], known)
    return jsonify(told_proposals)


@blueprint.post("/<name>/tests/record")
@needs_reader
def record_test(name: str) -> Response:
    """Make a test of a tried conversation: what was heard before each step, and what is expected in the end."""
    whole = rehearsed(name, record)
    return jsonify(scenario=scenario_data(whole), yaml=dump_scenario(whole))


def _saved(name: str, test_id: int | None) -> dict[str, object]:
    body = json_body()
    scenario = given_scenario(body)
    with studio().db.write() as s:
        viewer = studio().viewer()
        row = save_test(
            s,
            name,
            name=short_text(body, "name", LONGEST_NAME),
            scenario=scenario,
            by=viewer.name,
            user_id=viewer.id,
            now=now(),
            origin=short_text(body, "origin", 16, "written"),
            test_id=test_id,
        )
        return shown_test(row)


def _fresh(name: str, known: set[str]) -> str:
    """A name that no test has yet; it is known from now on."""
    tried = (name, *(f"{name[: LONGEST_NAME - 6]} ({count})" for count in range(2, 1_000)))
    found = next((one for one in tried if one not in known), name)
    known.add(found)
    return found


def _ids(body: dict[str, object]) -> set[int] | None:
    """The tests that are meant; None for all. Raises Refused (422)."""
    ids = body.get("ids")
    if ids is None:
        return None
    if not isinstance(ids, list) or not all(isinstance(one, int) and not isinstance(one, bool) for one in ids):
        raise Refused(told("“ids” must be a list of the tests' numbers."))
    return set(ids)
