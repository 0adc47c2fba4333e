"""A small mailbox that speaks just enough IMAP4rev1 (RFC 3501), on the loopback address."""

import re
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager

COMMAND = re.compile(rb"(\S+) (UID )?(\w+) ?(.*)\r\n", re.DOTALL)


class Mailbox(socketserver.ThreadingTCPServer):
    """Letters by number and which of them are seen. `said` holds the commands, without what follows LOGIN."""

    allow_reuse_address = daemon_threads = True
    name, password = "portal@example.org", "secreto con espacio"

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        super().__init__(("127.0.0.1", 0), Talk)
        self.context = context
        self.letters: list[bytes] = []
        self.seen: set[int] = set()
        self.said: list[str] = []

    @property
    def url(self) -> str:
        scheme = "imaps" if self.context else "imap"
        return f"{scheme}://portal%40example.org:secreto%20con%20espacio@127.0.0.1:{self.server_address[1]}/INBOX"

    def handle_error(self, request, client_address) -> None:
        """A client that hangs up in the middle is what some tests want."""


class Talk(socketserver.StreamRequestHandler):
    server: Mailbox

    def setup(self) -> None:
        if self.server.context:
            self.request = self.server.context.wrap_socket(
                self.request, server_side=True, do_handshake_on_connect=False
            )
        super().setup()

    def finish(self) -> None:
        super().finish()
        self.request.close()

    def handle(self) -> None:
        self.say(b"* OK a small mailbox")
        while line := self.rfile.readline():
            tag, _uid, verb, rest = COMMAND.fullmatch(line).groups()
            verb = verb.decode().lower()
            self.server.said.append(verb if verb == "login" else f"{verb} {rest.decode()}".strip())
            answer = getattr(self, f"do_{verb}")(rest)
            self.say(tag + b" " + (answer or b"OK done"))
            if verb == "logout":
                return

    def say(self, line: bytes) -> None:
        self.wfile.write(line + b"\r\n")

    def do_capability(self, _rest: bytes) -> None:
        self.say(b"* CAPABILITY IMAP4rev1")

    def do_login(self, rest: bytes) -> bytes | None:
        right = f'{self.server.name} "{self.server.password}"'.encode()
        return None if rest == right else b"NO [AUTHENTICATIONFAILED] wrong name or password"

    def do_select(self, rest: bytes) -> bytes | None:
        if rest != b'"INBOX"':
            return b"NO no such folder"
        self.say(b"* %d EXISTS" % len(self.server.letters))
        return None

    def do_search(self, _rest: bytes) -> None:
        unseen = [str(number) for number in range(1, len(self.server.letters) + 1) if number not in self.server.seen]
        self.say(("* SEARCH " + " ".join(unseen)).strip().encode())

    def do_fetch(self, rest: bytes) -> None:
        number, what = rest.split(b" ", 1)
        letter = self.server.letters[int(number) - 1]
        self.say(b"* 9 FLAGS (\\Recent)")  # servers speak unasked
        if b"SIZE" in what:
            self.say(b"* %s FETCH (UID %s RFC822.SIZE %d)" % (number, number, len(letter)))
            return
        part = re.split(rb"\r?\n\r?\n", letter, maxsplit=1)[0] + b"\r\n\r\n" if b"HEADER" in what else letter
        self.wfile.write(b"* %s FETCH (UID %s BODY[] {%d}\r\n%s)\r\n" % (number, number, len(part), part))

    def do_store(self, rest: bytes) -> None:
        number, flags = rest.split(b" ", 1)
        assert flags == b"+FLAGS.SILENT (\\Seen)"
        self.server.seen.add(int(number))

    def do_logout(self, _rest: bytes) -> None:
        self.say(b"* BYE")


@contextmanager
def mailbox(context: ssl.SSLContext | None = None) -> Iterator[Mailbox]:
    with Mailbox(context) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()
