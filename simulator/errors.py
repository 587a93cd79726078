"""What can go wrong in the pretended network, as sentences."""


class SimulatorError(Exception):
    """Something the person at the simulator can act on."""


class CarrierUnreachableError(SimulatorError):
    """No carrier answers at the given address."""


class ScenarioError(SimulatorError):
    """A scenario file cannot be understood; the message names the step."""


class PhoneStateError(SimulatorError):
    """The phone cannot do that now (for example speak into a recording that is not running)."""


class RestError(SimulatorError):
    """A refused REST request, with the code and HTTP status that Twilio uses."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
