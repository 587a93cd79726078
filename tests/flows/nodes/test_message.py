"""message"""

from telephony.calls import Nothing
from telephony.verbs import Play, Say
from tests.flows.nodes.conversation import Conversation

HELLO = """
type: message
prompt: {en-US: "Hello {{ name }}.", zh-CN: "您好，{{ name }}。"}
exits: {next: end}
"""


def test_a_message_is_said_in_the_language_of_the_call_and_leads_on():
    call = Conversation(HELLO, language="zh-CN", values={"name": "王芳"})
    assert call.step.verbs == (Say(text="您好，王芳。", language="zh-CN"),)
    assert call.exit == "next"


def test_the_voice_is_the_one_the_flow_names():
    call = Conversation(HELLO, values={"name": "Ann"}, document={"voice": {"en-US": "house"}})
    assert call.step.verbs == (Say(text="Hello Ann.", language="en-US", voice="house"),)


def test_a_missing_language_is_said_in_the_document_s_first():
    call = Conversation("{type: message, prompt: {en-US: Hello}, exits: {next: end}}", language="zh-CN")
    assert call.step.verbs == (Say(text="Hello", language="en-US"),)


def test_a_sound_file_is_played_with_its_text():
    node = "{type: message, prompt: {en-US: {text: Hello, audio: hello.wav}}, exits: {next: end}}"
    assert Conversation(node).step.verbs == (Play(url="audio/hello.wav", text="Hello", language="en-US"),)


def test_whatever_comes_leads_on():
    assert Conversation(HELLO).hear(Nothing()).exit == "next"
