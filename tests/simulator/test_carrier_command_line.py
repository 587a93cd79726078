"""`python -m simulator` as a person uses it: a carrier process, a phone process, an app."""

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import requests
from carrier_app import ACCOUNT, NUMBER, TOKEN

from simulator.sound import silence, to_wav

ROOT = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, "-m", "simulator"]


@pytest.fixture
def carrier(tmp_path, app):
    """A carrier process, twenty times faster than real time; its address."""
    numbers = tmp_path / "numbers.yaml"
    numbers.write_text(f'- phone_number: "{NUMBER}"\n  voice_url: {app.url}/voice\n  voice_fallback_url: BIN\n')
    people = tmp_path / "people.yaml"
    people.write_text('- number: "+8613900000001"\n  behaviour: agent\n  talk_s: 3\n')
    (tmp_path / "fallback.xml").write_text("<Response><Say>We will call you back</Say></Response>")
    process = subprocess.Popen(
        [
            *COMMAND,
            "carrier",
            "--port",
            "0",
            "--account-sid",
            ACCOUNT,
            "--auth-token",
            TOKEN,
            "--clock",
            "fast",
            "--data-dir",
            str(tmp_path / "data"),
            "--numbers",
            str(numbers),
            "--people",
            str(people),
            "--allow-origin",
            "http://127.0.0.1:5000",
            "--bin",
            f"fallback={tmp_path / 'fallback.xml'}",
        ],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    line = process.stdout.readline()
    address = re.search(r"http://\S+:\d+", line)
    assert address, line
    yield address[0]
    process.send_signal(signal.SIGINT)
    assert process.wait(10) == 0
    process.stdout.close()


def call(*arguments: str, typed: str | None = None) -> subprocess.CompletedProcess:
    environment = {**os.environ, "COLUMNS": "200", "NO_COLOR": "1"}
    return subprocess.run(
        [*COMMAND, "call", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        input=typed,
        timeout=60,
        env=environment,
    )


@pytest.fixture
def hotline(app, carrier):
    app.page("/voice", '<Gather numDigits="1" action="/two" timeout="200"><Say>Press 1</Say></Gather>')
    app.page(
        "/two", '<Gather input="speech" action="/three" timeout="200" speechTimeout="1"><Say>Say a word</Say></Gather>'
    )
    app.page("/three", '<Say>Leave a message</Say><Record action="/four" timeout="20"/>')
    app.page("/four", lambda form: f"<Say>Recorded {form['RecordingDuration']} seconds</Say>")
    return carrier


def test_options_in_their_order_make_a_whole_call_and_json_tells_of_it(hotline, tmp_path):
    (tmp_path / "voice.wav").write_bytes(to_wav(silence(4) + 500))
    done = call(
        NUMBER, "--carrier", hotline, "--press", "1", "--say", "hello", "--wav", str(tmp_path / "voice.wav"), "--json"
    )
    assert done.returncode == 0, done.stderr
    story = json.loads(done.stdout)
    assert story["ok"]
    assert story["heard"][:3] == ["Press 1", "Say a word", "Leave a message"]
    assert story["outcome"]["by"] == "app"
    assert len(story["documents"]) == 4
    assert story["documents"][0].startswith("<?xml")


def test_a_script_passes_or_fails_with_its_exit_code(hotline, tmp_path):
    script = tmp_path / "talk.yaml"
    script.write_text("steps: [{hear: press 1}, {press: 1}, {hear: say a word}, hang up]\nexpect: {ended_by: caller}\n")
    passed = call(NUMBER, "--carrier", hotline, "--script", str(script))
    assert passed.returncode == 0, passed.stdout + passed.stderr
    script.write_text("steps: [{hear: press 1}, {press: 1}, {hear: {words: press 7, within_s: 1}}]\n")
    failed = call(NUMBER, "--carrier", hotline, "--script", str(script))
    assert failed.returncode == 1
    assert "- press 7" in failed.stdout
    assert "+ Say a word" in failed.stdout


def test_a_telephone_in_the_terminal_takes_keys_words_and_hangs_up(hotline):
    done = call(NUMBER, "--carrier", hotline, typed="1\n/help\n/hangup\n")
    assert done.returncode == 0, done.stderr
    assert "“Press 1”" in done.stdout
    assert "hung up by caller" in done.stdout


def test_a_scenario_file_that_is_wrong_names_the_step(hotline, tmp_path):
    script = tmp_path / "wrong.yaml"
    script.write_text("steps: [{hear: hi}, {jump: high}]")
    done = call(NUMBER, "--carrier", hotline, "--script", str(script))
    assert done.returncode == 2
    assert "step 2" in done.stderr


def test_a_carrier_that_is_not_there_is_a_sentence():
    done = call(NUMBER, "--carrier", "http://127.0.0.1:9", "--hangup")
    assert done.returncode == 3
    assert "No carrier answers at http://127.0.0.1:9" in done.stderr


def test_a_number_that_is_not_in_service_is_a_failed_call(carrier):
    done = call("+862155550999", "--carrier", carrier, "--json")
    assert done.returncode == 4
    assert json.loads(done.stdout)["outcome"]["reason"] == "The number is not in service."


def test_a_port_that_is_taken_is_a_sentence(carrier, tmp_path):
    port = carrier.rsplit(":", 1)[1]
    done = subprocess.run(
        [
            *COMMAND,
            "carrier",
            "--port",
            port,
            "--account-sid",
            ACCOUNT,
            "--auth-token",
            TOKEN,
            "--data-dir",
            str(tmp_path),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert done.returncode == 2
    assert f"Port {port}" in done.stderr


def test_a_bin_is_a_fallback_that_needs_no_app(carrier):
    answer = requests.post(carrier + "/bins/fallback.xml", timeout=5)
    assert answer.headers["Content-Type"].startswith("text/xml")
    assert "call you back" in answer.text
    assert requests.get(carrier + "/bins/other.xml", timeout=5).status_code == 404


def test_the_browser_phones_interface_follows_a_call(hotline, app):
    made = requests.post(hotline + "/phones", json={"to": NUMBER, "from": "+8613700000000"}, timeout=5).json()
    one = f"{hotline}/phones/{made['id']}"
    seen, kinds = 0, []
    while "gather" not in kinds:
        answer = requests.get(one + "/events", params={"after": seen, "wait": 10}, timeout=15).json()
        kinds += [event["kind"] for event in answer["events"]]
        seen = answer["events"][-1]["seq"]
    assert kinds[:4] == ["ringing", "request", "twiml", "answered"]
    assert requests.post(one + "/press", json={"digits": "x"}, timeout=5).status_code == 409
    assert requests.post(one + "/record", data=b"no wav", timeout=5).status_code == 422
    assert requests.post(one + "/record", data=to_wav(silence(1)), timeout=5).status_code == 409
    assert requests.get(one + "/play", params={"url": app.url + "/voice"}, timeout=5).status_code == 404
    assert requests.post(one + "/press", json={"digits": "1"}, timeout=5).json()["ok"]
    assert requests.post(one + "/hangup", timeout=5).status_code == 200
    assert requests.post(hotline + "/phones", json={"too": 1}, timeout=5).status_code == 422
    assert requests.get(hotline + "/phones/none", timeout=5).status_code == 404


def test_the_carrier_counts_calls_and_says_how_it_is(hotline):
    call(NUMBER, "--carrier", hotline, "--press", "1", "--hangup")
    health = requests.get(hotline + "/health", timeout=5).json()
    assert (health["status"], health["crashes"], health["calls"]) == ("ok", 0, {"inbound": {"completed": 1}})
    assert requests.get(hotline + "/requests", timeout=5).json()["requests"][0]["kind"] == "voice"
    assert requests.get(hotline + "/people", timeout=5).json()["people"][0]["accept_key"] == "1"


def test_the_named_web_origin_may_use_phones(carrier):
    answer = requests.options(carrier + "/phones", timeout=5)
    assert answer.status_code == 204
    assert answer.headers["Access-Control-Allow-Origin"] == "http://127.0.0.1:5000"
    assert "Access-Control-Allow-Origin" not in requests.get(carrier + "/health", timeout=5).headers
