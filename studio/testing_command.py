"""`flask flows test`: saved tests in the terminal, with what they reach and tests for what they do not."""

from __future__ import annotations

import json
from pathlib import Path

import click
from sqlalchemy.orm import Session

from flows.cli import Context, flows_group
from flows.documents import FlowDocument, from_json, parse
from flows.drafts import load_draft
from flows.errors import DocumentError, FlowError
from flows.versions import latest, load_document
from ivr.rehearsal.coverage import taken_by
from ivr.rehearsal.errors import ScenarioError
from ivr.rehearsal.proposing import Proposals, propose
from ivr.rehearsal.scenario import parse_scenario
from ivr.rehearsal.testing import NamedTest, TestRun
from studio.library import published_documents
from studio.tests_of_flow import categories, run_chosen

FILES = click.Path(exists=True, path_type=Path)


@flows_group.command("test")
@click.argument("flow")
@click.option("--draft", is_flag=True, help="Test the draft of the flow instead of its published version.")
@click.option("--json", "as_json", is_flag=True, help="Print results and coverage as JSON.")
@click.option("--propose", "proposing", is_flag=True, help="Propose tests for what the tests do not reach.")
@click.option("--tests", "files", multiple=True, type=FILES, help="A scenario, or a folder of them, to run as well.")
@click.pass_obj
def test(context: Context, flow: str, draft: bool, as_json: bool, proposing: bool, files: tuple[Path, ...]) -> None:
    """Run the saved tests of FLOW, a name or a file; the exit code is 1 if one fails."""
    more = tuple(_scenarios(files))
    with context.db.read() as session:
        document = _document(session, flow, draft=draft)
        now = context.now()
        run = run_chosen(session, document, now, more=more, flow_values=context.flow_values)
        proposals = None
        if proposing:
            covered = {pair for r in run.results if r.rehearsal is not None for pair in taken_by(r.rehearsal)[1]}
            proposals = propose(
                document,
                covered=covered,
                others=published_documents(session),
                now=now,
                flow_values=context.flow_values,
                categories=categories(session),
            )
    if as_json:
        told = {**run.to_json(), **({"proposals": proposals.to_json()} if proposals else {})}
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        _print(document, run, proposals)
    if run.failed:
        raise SystemExit(1)


def _document(session: Session, flow: str, *, draft: bool) -> FlowDocument:
    try:
        if Path(flow).is_file():
            return parse(Path(flow).read_bytes())
        stored = load_draft(session, flow) if draft else None
        if draft and stored is None:
            raise click.ClickException(f"The flow {flow[:60]} has no draft.")
        return from_json(stored.document) if stored is not None else load_document(latest(session, flow))
    except DocumentError as error:
        raise click.ClickException(f"{flow}: {error}") from error
    except FlowError as error:
        raise click.ClickException(str(error)) from error


def _scenarios(places: tuple[Path, ...]) -> list[NamedTest]:
    found: list[NamedTest] = []
    for place in places:
        for file in sorted(place.glob("*.yaml")) if place.is_dir() else [place]:
            try:
                scenario = parse_scenario(file.read_bytes(), file.stem)
            except ScenarioError as error:
                raise click.ClickException(f"{file}: {error}") from error
            found.append((0, scenario.name, scenario))
    return found


def _print(document: FlowDocument, run: TestRun, proposals: Proposals | None) -> None:
    for result in run.results:
        click.echo(f"{'passed' if result.passed else 'FAILED'}  {result.name}  ({result.ms:.0f} ms)")
        for failure in result.failures:
            click.echo(f"        {failure.sentence}")
    coverage = run.coverage
    nodes, exits = len(coverage.uncovered_nodes), len(coverage.uncovered_exits)
    passed = len(run.results) - len(run.failed)
    click.echo(
        f"{document.name}: {passed} of {len(run.results)} tests passed in {run.ms:.0f} ms; "
        f"{coverage.ratio:.0%} of the exits are covered, {exits} are not; {nodes} nodes are never reached."
    )
    for node, exit_name in coverage.uncovered_exits:
        click.echo(f"        {node}: {exit_name}")
    if proposals is None:
        return
    for proposal in proposals.proposals:
        covers = ", ".join(" ".join(pair) for pair in proposal.covers)
        told = proposal.to_json()
        click.echo(f"\n# proposed, covers {covers}\n{told['yaml']}")
    for left in proposals.unreached:
        click.echo(f"# {left.node} {left.exit}: {left.reason}")
