"""A TwiML document as it arrives: size, type, well-formedness."""

from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser

from simulator.errors import SimulatorError

SIZE_LIMIT = 64 * 1024
_TYPES = frozenset({"text/xml", "application/xml", "text/html"})


class TwimlError(SimulatorError):
    """A document that cannot be run; `code` is Twilio's."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


class _NoDeclarations(TreeBuilder):
    """Refuses a DOCTYPE, and with it every entity bomb."""

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        raise TwimlError(12100, "A TwiML document may not have a DOCTYPE.")


def read_answer(body: bytes, content_type: str) -> Element:
    """The Response element of an HTTP answer.

    Raises:
        TwimlError: 11750 too large, 12300 wrong content type, 11770 empty, 12100 not XML or no Response.
    """
    if len(body) > SIZE_LIMIT:
        raise TwimlError(11750, f"The document has {len(body)} bytes; 65536 are allowed.")
    if not body.strip():
        raise TwimlError(11770, "The answer has no body.")
    kind = content_type.split(";")[0].strip().lower()
    if kind not in _TYPES:
        raise TwimlError(12300, f"The content type is '{kind}'; text/xml is wanted.")
    return read_document(body)


def read_document(body: bytes) -> Element:
    """The Response element of a document. Raises TwimlError 12100."""
    parser = XMLParser(target=_NoDeclarations())  # noqa: S314 - DOCTYPE is refused, so there are no entities to expand
    try:
        parser.feed(body)
        root: Element = parser.close()
    except ParseError as error:
        raise TwimlError(12100, f"Error on line {error.position[0]} of document: {error}.") from error
    except (LookupError, ValueError) as error:
        raise TwimlError(12100, f"The document cannot be decoded: {error}.") from error
    if root.tag != "Response":
        raise TwimlError(12100, f"The document's root is '{root.tag}'; Response is wanted.")
    return root
