"""Which engine hears what, by default and by the setting."""

from __future__ import annotations

from pathlib import Path

import pytest

from audio.catalogue import SpeechFolders
from audio.hearing.choice import ChoiceError, HearingSettings, QuestionClass, class_of, plan_for, read_engines
from audio.hearing.question import AnswerKind

CLOSED, DIGITS, OPEN = QuestionClass.CLOSED, QuestionClass.DIGITS, QuestionClass.OPEN


def settings(folders: SpeechFolders, engines: str = "", **more: Path) -> HearingSettings:
    return HearingSettings(folders=folders, engines=engines, **more)


def names(language: str, chosen: HearingSettings) -> dict[QuestionClass, str]:
    return {question_class: spec.name for question_class, spec in plan_for(language, chosen).items()}


def with_vosk(folders: SpeechFolders, tmp_path: Path, name: str) -> SpeechFolders:
    (tmp_path / name / "am").mkdir(parents=True)
    (tmp_path / name / "am" / "final.mdl").touch()
    return SpeechFolders(models=tmp_path, cache=folders.cache)


def test_every_kind_of_answer_has_a_class() -> None:
    assert {kind: class_of(kind) for kind in AnswerKind} == {
        AnswerKind.PHRASES: CLOSED,
        AnswerKind.YES_NO: CLOSED,
        AnswerKind.DIGITS: DIGITS,
        AnswerKind.CODE: DIGITS,
        AnswerKind.NUMBER: DIGITS,
        AnswerKind.DATE: DIGITS,
        AnswerKind.TIME: DIGITS,
        AnswerKind.OPEN: OPEN,
    }


def test_each_language_is_heard_by_what_is_installed(folders: SpeechFolders, tmp_path: Path) -> None:
    assert set(names("ko-KR", settings(folders)).values()) == {"vosk"}
    assert set(names("en-US", settings(folders))) == set(QuestionClass)
    assert plan_for("fi-FI", settings(folders)) == {}
    official = with_vosk(folders, tmp_path, "vosk-model-small-en-us-0.15")
    assert names("en-US", settings(official)) == dict.fromkeys(QuestionClass, "vosk")


def test_a_model_of_the_configured_folder_is_preferred_to_the_one_in_the_package(
    folders: SpeechFolders, tmp_path: Path
) -> None:
    wish = "en:closed=pocketsphinx, en:digits=pocketsphinx"
    (packaged,) = {spec.models for c, spec in plan_for("en", settings(folders, wish)).items() if c is not OPEN}
    assert packaged[0].name == "pocketsphinx-en-us"
    assert (packaged[0].path / "cmudict-en-us.dict").is_file()
    for name in ("pocketsphinx-en-hub4wsj-sc-8k", "pocketsphinx-zh-tdt-sc-8k"):
        (tmp_path / name).mkdir()
    chosen = settings(folders, wish + ", zh:closed=pocketsphinx", pocketsphinx_models=tmp_path)
    assert plan_for("en", chosen)[CLOSED].models[0].path == tmp_path / "pocketsphinx-en-hub4wsj-sc-8k"
    assert plan_for("zh", chosen)[CLOSED].models[0].path == tmp_path / "pocketsphinx-zh-tdt-sc-8k"


def test_the_setting_overrides_class_by_class(folders: SpeechFolders) -> None:
    assert read_engines("en:closed=vosk, ZH=Whisper ,") == {
        ("en", CLOSED): "vosk",
        ("zh", CLOSED): "whisper",
        ("zh", DIGITS): "whisper",
        ("zh", OPEN): "whisper",
    }
    chosen = names("en", settings(folders, "en:closed=whisper,en:digits=pocketsphinx,en:open=whisper"))
    assert chosen == {CLOSED: "whisper", DIGITS: "pocketsphinx", OPEN: "whisper"}


def test_a_model_is_not_kept_in_memory_twice(folders: SpeechFolders) -> None:
    plan = plan_for("en", settings(folders, "en:closed=pocketsphinx+whisper,en:open=whisper"))
    assert plan[OPEN] is plan[CLOSED]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("en:closed", "'en:closed' is not language:class=engine"),
        ("en:menu=vosk", "classes are closed, digits, open"),
        ("en:closed=kaldi", "there is no engine 'kaldi'; there are vosk, pocketsphinx"),
        ("en:open=pocketsphinx", "pocketsphinx for en:open cannot do that"),
        ("en:closed=vosk", "vosk for en:closed is not installed for it"),
    ],
)
def test_a_setting_that_does_not_fit_says_where(folders: SpeechFolders, text: str, sentence: str) -> None:
    with pytest.raises(ChoiceError, match=sentence):
        plan_for("en", settings(folders, text))
