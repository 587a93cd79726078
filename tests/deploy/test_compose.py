"""The large set-up's files fit the program: commands, settings, addresses and files exist."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from app import create_app
from config import Config
from storage.database import Database
from work.transport import DIALS, JOBS, for_url

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
GUIDE = ROOT / "docs" / "how_to" / "scale_out.md"
OF_GUNICORN = {"WEB_CONCURRENCY"}


def composed(name: str = "compose.yaml") -> dict[str, Any]:
    return yaml.safe_load((DEPLOY / name).read_text(encoding="utf-8"))


def ours() -> dict[str, Any]:
    return {name: service for name, service in composed()["services"].items() if service.get("image") == "ringback"}


@pytest.fixture(scope="module")
def commands(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """Every command, with its options."""
    folder = tmp_path_factory.mktemp("commands")
    app = create_app(Config(mode="test", data_dir=folder, twilio_account_sid="AC1", twilio_auth_token="t"))
    found = {
        name: {option for parameter in command.params for option in parameter.opts}
        for name, command in app.cli.commands.items()
    }
    app.extensions["house"].close()
    return found


def flask_commands(text: str) -> set[str]:
    return set(re.findall(r"flask --app app ([a-z]+)", text))


def test_there_is_a_database_and_more_than_one_of_each_process():
    services = composed()["services"]
    assert {"db", "migrate", "web", "worker", "dialer", "proxy"} <= set(services)
    assert all(services[name]["deploy"]["replicas"] >= 2 for name in ("web", "worker", "dialer"))


def test_every_command_of_the_set_up_exists(commands: dict[str, set[str]]):
    for name, service in ours().items():
        command = service["command"]
        if command[0] == "flask":
            (wanted,) = flask_commands(" ".join(command))
            assert {word for word in command[3:] if word.startswith("--")} <= commands[wanted], name
        else:
            assert command[0] == "gunicorn"
            assert (ROOT / command[command.index("--config") + 1]).is_file()
            assert command[-1] == "app:create_app()"


def test_every_command_of_the_guide_exists(commands: dict[str, set[str]]):
    wanted = flask_commands(GUIDE.read_text(encoding="utf-8"))
    assert {"worker", "dialer", "db", "doctor"} <= wanted
    assert wanted <= set(commands)


def test_every_setting_of_the_set_up_is_one_of_the_program():
    known = {name.upper() for name in Config.model_fields} | OF_GUNICORN
    for name, service in ours().items():
        assert set(service["environment"]) <= known, name
    settings = re.findall(r"^\| (`[A-Z_`, ]+) \|", GUIDE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    named = {found for row in settings for found in re.findall(r"[A-Z_]{3,}", row)}
    assert {"DATABASE_URL", "CALLS_PER_SECOND", "QUEUE_URL"} <= named <= known


def test_the_settings_of_the_set_up_are_accepted():
    filled = {"SECRET_KEY": "abcdefghijkl" * 4, "POSTGRES_PASSWORD": "p", "RABBITMQ_PASSWORD": "p"}
    for name, value in example().items():
        filled.setdefault(name, value or "x")

    def fill(text: str) -> str:
        return re.sub(r"\$\{([A-Z_]+)(?::-([^}]*))?\}", lambda m: filled.get(m[1]) or m[2] or "", text)

    for service in ours().values():
        environment = {name: fill(str(value)) for name, value in service["environment"].items()}
        found = Config.from_environment({k: v for k, v in environment.items() if k not in OF_GUNICORN})
        found.require_ready()
        assert found.effective_database_url == "postgresql://ringback:p@db/ringback"


def example() -> dict[str, str]:
    lines = (DEPLOY / "env.example").read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


@pytest.mark.parametrize("name", ["compose.yaml", "compose.celery.yaml"])
def test_everything_to_be_filled_in_stands_in_the_example(name: str):
    wanted = set(re.findall(r"\$\{([A-Z_]+)", (DEPLOY / name).read_text(encoding="utf-8")))
    assert wanted <= set(example())


def test_the_celery_variant_gives_every_process_the_same_queue(sqlite_db: Database):
    services = composed("compose.celery.yaml")["services"]
    urls = {services[name]["environment"]["QUEUE_URL"] for name in ("web", "worker", "dialer")}
    (url,) = urls
    assert url.startswith("celery+amqp://")
    for queue in (JOBS, DIALS):
        transport = for_url(sqlite_db, url.replace("${RABBITMQ_PASSWORD}", "p"), queue)
        assert type(transport).__name__ == "CeleryTransport"


def test_every_file_that_is_mounted_or_built_from_exists():
    services = composed()["services"]
    assert (DEPLOY / "nginx.conf").is_file()
    mounted = [volume.split(":")[0] for volume in services["proxy"]["volumes"]]
    assert all((DEPLOY / path).is_file() for path in mounted)
    build = services["web"]["build"]
    assert (DEPLOY / build["context"] / build["dockerfile"]).resolve().is_file()
    assert "COPY requirements.txt" in (DEPLOY / "Dockerfile").read_text(encoding="utf-8")


def test_the_proxy_passes_the_target_on_as_it_came():
    conf = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    assert "$request_uri" in conf
    assert "proxy_buffering off" in conf
