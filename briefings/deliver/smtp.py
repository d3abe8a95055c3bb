"""One connection to a mail server, and what each of its answers means.

In: a message of finished bytes and one recipient. Out: a receipt. The steps of SMTP (RFC 5321) are taken one by one,
because `handing_over` must be told between the last line of the message and the final dot: before it nothing was handed
over, after it and without an answer nobody can know (RFC 1047). There is no fall-back to clear text.
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass

from briefings.configuration import Revealed, masked
from briefings.deliver.model import Receipt
from briefings.faults import fault_point


@dataclass(frozen=True)
class Server:
    """Where a mail server is and how it is spoken to. `security` is starttls, tls or none; `timeout` in seconds."""

    host: str
    port: int
    security: str
    timeout: float
    trust: ssl.SSLContext
    user: str | None = None
    password: Revealed | None = None


class _AnswerError(Exception):
    """The server said no, at a step before the message was handed over."""

    def __init__(self, code: int, answer: bytes, step: str) -> None:
        self.code, self.answer, self.step = code, answer, step
        super().__init__(step)


class _StaleError(Exception):
    """A kept connection had ended before anything of this message was sent on it."""


class MailConnection:
    """A connection that is opened with the first message and kept for the next ones."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._smtp: smtplib.SMTP | None = None

    def close(self) -> None:
        """Take leave, if there is anybody to take leave of."""
        if self._smtp is not None:
            smtp, self._smtp = self._smtp, None
            try:
                smtp.quit()
            except (OSError, smtplib.SMTPException):
                smtp.close()

    def hand_over(self, sender: str, to: str, message: bytes, handing_over: Callable[[], None]) -> Receipt:
        """Send a message to one recipient. A kept connection that ended meanwhile is opened anew, once."""
        try:
            return self._hand_over(sender, to, message, handing_over)
        except _StaleError:
            return self._hand_over(sender, to, message, handing_over)

    def _hand_over(self, sender: str, to: str, message: bytes, handing_over: Callable[[], None]) -> Receipt:
        kept = self._smtp is not None
        try:
            smtp = self._smtp or self._connect()
        except (OSError, smtplib.SMTPException) as error:
            return Receipt("failed", self._why_not_connected(error))
        finished = False
        try:
            try:
                self._envelope(smtp, sender, to, len(message), kept=kept)
                self._body(smtp, message)
            except _AnswerError as told:
                finished = self._reset(smtp, told.code)
                return self._receipt(told.code, told.answer, told.step)
            except (OSError, smtplib.SMTPException) as error:
                return Receipt("failed", f"{self._named} broke off before the message was whole: {self._told(error)}")
            handing_over()
            try:
                code, answer = self._dot(smtp)
            except (OSError, smtplib.SMTPException) as error:
                why = self._told(error)
                return Receipt("ambiguous", f"{self._named} ended the connection before it answered: {why}")
            finished = code != 421
            return self._receipt(code, answer, "the message")
        finally:
            if not finished:  # whatever happened, no half-sent message is ever completed on this connection
                self._smtp = None
                smtp.close()

    def _connect(self) -> smtplib.SMTP:
        server = self._server
        fault_point("mail.connect")
        if server.security == "tls":
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, timeout=server.timeout, context=server.trust
            )
        else:
            smtp = smtplib.SMTP(server.host, server.port, timeout=server.timeout)
        try:
            smtp.ehlo_or_helo_if_needed()
            if server.security == "starttls":
                smtp.starttls(context=server.trust)
                smtp.ehlo_or_helo_if_needed()
            if server.user is not None and server.password is not None:
                smtp.login(server.user, server.password.expose())
        except BaseException:
            smtp.close()
            raise
        self._smtp = smtp
        return smtp

    def _envelope(self, smtp: smtplib.SMTP, sender: str, to: str, size: int, *, kept: bool) -> None:
        """MAIL and RCPT. Raises `_StaleError` where a kept connection has ended."""
        options = [f"SIZE={size}"] if smtp.has_extn("size") else []
        limit = smtp.esmtp_features.get("size", "")
        if limit.isdigit() and 0 < int(limit) < size:
            told = f"5.3.4 {size:,} bytes, the server takes {int(limit):,}; lower `largest` of the channel"
            raise _AnswerError(552, told.encode(), "MAIL")
        fault_point("mail.sender")
        try:
            code, answer = smtp.mail(sender, options)
        except (OSError, smtplib.SMTPException):
            if kept:
                raise _StaleError from None
            raise
        if kept and code == 421:
            raise _StaleError
        if code != 250:
            raise _AnswerError(code, answer, "MAIL")
        fault_point("mail.recipient")
        code, answer = smtp.rcpt(to)
        if code not in (250, 251):
            raise _AnswerError(code, answer, "RCPT")

    @staticmethod
    def _body(smtp: smtplib.SMTP, message: bytes) -> None:
        """DATA and the message, but not the dot that ends it."""
        fault_point("mail.data")
        code, answer = smtp.docmd("DATA")
        if code != 354:
            raise _AnswerError(code, answer, "DATA")
        fault_point("mail.body")
        stuffed = message.replace(b"\n.", b"\n..")
        smtp.send(b"." + stuffed if stuffed.startswith(b".") else stuffed)
        if not message.endswith(b"\r\n"):
            smtp.send(b"\r\n")

    @staticmethod
    def _dot(smtp: smtplib.SMTP) -> tuple[int, bytes]:
        fault_point("mail.before_dot")
        smtp.send(b".\r\n")
        fault_point("mail.after_dot")
        code, answer = smtp.getreply()
        fault_point("mail.after_reply")
        return code, answer

    @staticmethod
    def _reset(smtp: smtplib.SMTP, code: int) -> bool:
        """Make the connection ready for the next message; whether it is."""
        if code == 421:
            return False
        try:
            return smtp.rset()[0] == 250
        except (OSError, smtplib.SMTPException):
            return False

    def _receipt(self, code: int, answer: bytes, step: str) -> Receipt:
        """2xx is taken, 5xx is for good, all else may be tried again (RFC 5321, 4.2.1)."""
        reply = self._masked(f"{code} {answer.decode('utf-8', 'replace')}")
        if 200 <= code < 300:
            return Receipt("sent", reply=reply)
        if 500 <= code < 600:
            return Receipt("refused", f"{self._named} refuses {step} for good: {reply}", reply)
        return Receipt("failed", f"{self._named} does not take {step} now: {reply}", reply)

    def _why_not_connected(self, error: Exception) -> str:
        if isinstance(error, ssl.SSLCertVerificationError):
            return f"the certificate of {self._named} is not to be trusted ({error.verify_message}); nothing was sent"
        if isinstance(error, smtplib.SMTPNotSupportedError) and self._server.security == "starttls":
            return f"{self._named} offers no STARTTLS or no login; nothing was sent in clear"
        if isinstance(error, smtplib.SMTPAuthenticationError):
            return f"{self._named} refuses the login of {self._server.user!r} ({error.smtp_code}); nothing was sent"
        return f"{self._named} cannot be reached: {self._told(error)}"

    @property
    def _named(self) -> str:
        return f"{self._server.host}:{self._server.port}"

    def _told(self, error: Exception) -> str:
        if isinstance(error, smtplib.SMTPResponseException):
            answer = error.smtp_error
            text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
            return self._masked(f"{error.smtp_code} {text}")
        if isinstance(error, TimeoutError) or "timed out" in str(error):
            return f"no answer within {self._server.timeout:g} seconds"
        return self._masked(getattr(error, "strerror", None) or str(error) or type(error).__name__)

    def _masked(self, text: str) -> str:
        secrets = (self._server.password,) if self._server.password is not None else ()
        return masked(" ".join(text.split()), secrets)[:500]
