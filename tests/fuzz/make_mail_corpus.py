#!/usr/bin/env python3
"""Writes corpus/client and corpus/reply: visits and replies of each kind, to begin from.

The same bytes on every run.
"""

import pathlib

FOLDER = pathlib.Path(__file__).parent / "corpus"

BYTES, TLS, NO_TLS, CLOSE, WITHHOLD, TIMEOUT = 5, 0, 1, 2, 3, 4
RESET = 0x80 | CLOSE
UNHEARD = 0x40
BEGINS_WITH_TLS, NO_STARTTLS, WITH_PASSWORD = 1, 2, 4

GREETING = b"220 mx.example.com ESMTP\r\n"
EHLO = b"250-mx.example.com\r\n250-SIZE 1000\r\n250 STARTTLS\r\n"
INSIDE = b"250-mx.example.com\r\n250 AUTH PLAIN LOGIN\r\n"
READY = b"220 go\r\n"
BYE = b"221 bye\r\n"


def event(kind, body=b"", tenths=1):
    return bytes([kind, tenths, len(body)]) + body


def visit(options, *events):
    return bytes([options]) + b"".join(events)


def said(*lines):
    return b"".join(event(BYTES, line) for line in lines)


IN_TLS = said(GREETING, EHLO, READY) + event(TLS)

CLIENT = {
    "healthy": visit(0, IN_TLS, said(INSIDE, BYE)),
    "plain": visit(NO_STARTTLS, said(GREETING, EHLO, BYE)),
    "submissions": visit(BEGINS_WITH_TLS, event(TLS), said(GREETING, INSIDE, BYE)),
    "auth-plain": visit(WITH_PASSWORD, IN_TLS, said(INSIDE, b"235 ok\r\n", BYE)),
    "auth-login": visit(
        WITH_PASSWORD,
        IN_TLS,
        said(b"250-mx\r\n250 AUTH LOGIN\r\n", b"334 VXNlcm5hbWU6\r\n", b"334 UGFzc3dvcmQ6\r\n", b"535 no\r\n", BYE),
    ),
    "auth-endless": visit(WITH_PASSWORD, IN_TLS, said(INSIDE, b"334 \r\n", b"334 \r\n", BYE)),
    "auth-withheld": visit(WITH_PASSWORD, said(GREETING, EHLO, READY) + event(WITHHOLD) + event(TLS), said(INSIDE, BYE)),
    "helo": visit(0, said(GREETING, b"502 what\r\n", b"250 mx\r\n", BYE)),
    "refused": visit(0, said(b"554-no\r\n554 go away\r\n", BYE)),
    "too-busy": visit(0, said(b"421 later\r\n")),
    "starttls-refused": visit(0, said(GREETING, EHLO, b"454 later\r\n", BYE)),
    "smuggled": visit(0, said(GREETING, EHLO, READY + b"250 evil\r\n") + event(TLS), said(INSIDE)),
    "broken-tls": visit(0, said(GREETING, EHLO, READY) + event(NO_TLS)),
    "reset-at-ehlo": visit(0, said(GREETING) + event(RESET)),
    "unasked": visit(0, event(BYTES | UNHEARD, GREETING + EHLO + READY), event(BYTES, EHLO)),
    "ssh": visit(0, said(b"SSH-2.0-OpenSSH_9.2\r\n")),
    "late": visit(0, event(BYTES, b"220-mx\r\n", 250), event(BYTES, b"220 mx\r\n", 250), event(TIMEOUT, b"", 255)),
}

REPLY = {
    "greeting": GREETING,
    "ehlo": EHLO,
    "codes-differ": b"250-one\r\n251-two\r\n450 three\r\n",
    "bare": b"250\r\n250-\r\n250\n",
    "masked": b"220*****************\r\n",
    "odd": b"\r\nhello\r\n99 no\r\n600 no\r\n250ok\r\n250 ok\r\n",
    "long": b"220 " + b"x" * 5000 + b"\r\n250 ok\r\n",
    "nul": b"220 a\0b\xff\x1b[31m\r\n",
    "carriage-returns": b"\r" * 30 + b"\nhello\r\n220\r\r\n",
    "half": b"250-mx\r\n25",
}


def write(folder, files):
    (FOLDER / folder).mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (FOLDER / folder / name).write_bytes(content)


write("client", CLIENT)
write("reply", {name: bytes([2]) + content for name, content in REPLY.items()})
