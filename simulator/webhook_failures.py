"""Which of Twilio's error codes a broken HTTP request gets."""

import aiohttp

from simulator.webhook import WebhookFailedError


def as_failure(error: Exception) -> WebhookFailedError:
    """The failure that Twilio would note for an error of the HTTP client."""
    if isinstance(error, aiohttp.ServerTimeoutError | TimeoutError):
        connecting = isinstance(error, aiohttp.ConnectionTimeoutError)
        if connecting:
            return WebhookFailedError(11205, "ct", "The app did not accept the connection in time.")
        return WebhookFailedError(11200, "rt", "The app did not answer in time.")
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return WebhookFailedError(11210, "ct", "The app's host name is not known.")
    if isinstance(error, aiohttp.ClientConnectorSSLError | aiohttp.ClientConnectorCertificateError):
        return WebhookFailedError(11220, "ct", "The app's TLS certificate or handshake failed.")
    if isinstance(error, aiohttp.ClientConnectorError):
        return WebhookFailedError(11205, "ct", "The app could not be reached.")
    if isinstance(error, aiohttp.InvalidURL | ValueError):
        return WebhookFailedError(11100, "4xx", "The address is not a URL.")
    # The connection was made and broke: Twilio counts that as a failed retrieval, not as a failed connection.
    return WebhookFailedError(11200, "rt", f"The app broke off the connection ({type(error).__name__}).")
