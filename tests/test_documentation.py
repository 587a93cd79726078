"""What the documentation says is there."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from config import Config
from docs import generate
from flows.nodes import NODE_TYPES

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("bench/*.md")])


@pytest.mark.parametrize("name", sorted(generate.pages()))
def test_a_generated_page_is_as_the_code_has_it(name: str) -> None:
    written = (generate.FOLDER / name).read_text(encoding="utf-8")
    assert written == generate.pages()[name](), f"docs/reference/{name} is out of date: make docs"


def test_every_setting_is_explained() -> None:
    page = generate.settings()
    for name, field in Config.model_fields.items():
        assert f"`{name.upper()}`" in page
        assert field.description


def test_every_make_target_is_listed_with_what_it_does() -> None:
    makefile = (ROOT / "Makefile").read_text()
    promised = {"help", "demo", "test", "check", "bench", "call", "docs"}
    assert promised <= set(re.findall(r"^([a-z-]+):.*## ", makefile, flags=re.MULTILINE))
    printed = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert all(f"make {target}" in printed for target in promised)


def test_the_readme_opens_with_its_two_commands_and_a_picture_of_each_half() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for wanted in ("make demo", "make test", "docs/images/ticket.png", "docs/images/flow.png"):
        assert wanted in readme
    assert f"{len(NODE_TYPES)} node types" in readme


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_page_names_only_files_that_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    linked = [link for link in re.findall(r"\]\(([^)#\s]+)", text) if "://" not in link]
    for link in linked:
        assert (page.parent / link).exists(), f"{page.name} links to {link}"
    named = re.findall(r"`((?:docs|flows|audio|ivr|telephony|tests|bench|demo|console|work|storage)/[\w./-]+)`", text)
    for name in named:
        if "<" not in name and not name.startswith(("docs/images", "flows/editor")):
            assert (ROOT / name).exists(), f"{page.name} names {name}"


@pytest.mark.parametrize("name", ["LICENSE", "CHANGELOG.md", "CONTRIBUTING.md", ".ci/run", "requirements.txt"])
def test_what_a_project_has(name: str) -> None:
    assert (ROOT / name).stat().st_size > 100 or name == ".ci/run"


def test_requirements_are_pinned_by_version_and_hash() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text()
        packages = re.findall(r"^[a-zA-Z0-9][\w.\[\]-]*(.*)$", text, flags=re.MULTILINE)
        assert packages
        assert all(package.startswith("==") for package in packages)
        assert "--hash=sha256:" in text
