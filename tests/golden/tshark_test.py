#!/usr/bin/env python3
"""Holds what `smtpath analyze` says of the project's captures to what tshark says of them.

The same connections, reply codes, TLS versions and names. Retransmissions by this rule: a segment with data counts when
tshark calls it a retransmission (fast and spurious ones included) and it is not a keep-alive. tshark calls a segment
out of order, not retransmitted, when it fills a hole; so do we. A SYN that is repeated is no retransmission in either:
those have a count of their own (syn_sent).
"""

import os
import subprocess
import unittest
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from analysis import CAPTURES, analyze, ends_of

FIELDS = (
    "tcp.stream", "ip.src", "ipv6.src", "tcp.srcport", "ip.dst", "ipv6.dst", "tcp.dstport", "tcp.flags.syn", "tcp.flags.ack",
    "tcp.len", "smtp.response.code", "tcp.analysis.retransmission", "tcp.analysis.spurious_retransmission",
    "tcp.analysis.keep_alive", "tls.handshake.type", "tls.handshake.extensions_server_name",
    "tls.handshake.extensions.supported_version", "tls.handshake.version", "icmp.type", "icmpv6.type",
)
VERSIONS = {"0x0304": "TLSv1.3", "0x0303": "TLSv1.2", "0x0302": "TLSv1.1", "0x0301": "TLSv1.0"}

# Where the two see different things, and why.
TWICE_SEEN = {"two-interfaces.pcapng"}  # each frame twice: tshark takes the second for a retransmission
TRACES = {"open.pcap", "drop-after-at-3.pcap", "rst-forged-after-at-3.pcap"}  # SYNs of a traceroute are no connections


def inner(value: str) -> str:
    """Of a tunnelled packet the last address is the inner one."""
    return value.split(",")[-1]


def frames_of(capture: Path) -> list[dict]:
    command = ["tshark", "-r", str(capture), "-T", "fields", "-E", "separator=/t", "-d", "tcp.port==10025,smtp", "-d",
               "tcp.port==465,tls", "-d", "tcp.port==587,smtp", "-Y", "tcp and not icmp and not icmpv6"]
    for field in FIELDS:
        command += ["-e", field]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    rows = [line.split("\t") for line in done.stdout.splitlines()]
    return [dict(zip(FIELDS, row)) for row in rows if len(row) == len(FIELDS)]


class Stream:
    def __init__(self, first: dict):
        source = (inner(first["ipv6.src"] or first["ip.src"]), int(first["tcp.srcport"]))
        target = (inner(first["ipv6.dst"] or first["ip.dst"]), int(first["tcp.dstport"]))
        # Mail ports are below every client's port in these captures.
        self.client, self.server = (source, target) if source[1] > target[1] else (target, source)
        self.replies: list[int] = []
        self.retransmissions = {"client": 0, "server": 0}
        self.version = None
        self.sni = None

    def add(self, frame: dict) -> None:
        source = (inner(frame["ipv6.src"] or frame["ip.src"]), int(frame["tcp.srcport"]))
        side = "client" if source == self.client else "server"
        is_again = frame["tcp.analysis.retransmission"] or frame["tcp.analysis.spurious_retransmission"]
        if is_again and int(frame["tcp.len"] or 0) > 0 and not frame["tcp.analysis.keep_alive"]:
            self.retransmissions[side] += 1
        if not is_again:
            self.replies += [int(code) for code in frame["smtp.response.code"].split(",") if code]
        types = frame["tls.handshake.type"].split(",")
        if "1" in types and frame["tls.handshake.extensions_server_name"]:
            self.sni = frame["tls.handshake.extensions_server_name"]
        if "2" in types:
            version = frame["tls.handshake.extensions.supported_version"] or frame["tls.handshake.version"]
            self.version = VERSIONS.get(version.split(",")[0])


def streams_of(capture: Path) -> dict:
    streams: dict[str, Stream] = {}
    for frame in frames_of(capture):
        streams.setdefault(frame["tcp.stream"], Stream(frame)).add(frame)
    found = defaultdict(list)
    for stream in streams.values():
        found[stream.client + stream.server].append(stream)
    return found


def distinct(codes: list[int]) -> list[int]:
    """tshark gives a reply of many lines a code a line."""
    return [code for at, code in enumerate(codes) if at == 0 or codes[at - 1] != code]


def disagreements(stream: Stream, said: dict, is_seen_twice: bool) -> list[str]:
    lines = []
    # On port 465 tshark is told to look for TLS, and looks for nothing else.
    if stream.server[1] != 465 and distinct(stream.replies) != distinct(said["replies"]):
        lines.append(f"replies: tshark {stream.replies}, we {said['replies']}")
    if not is_seen_twice and stream.retransmissions != said["retransmissions"]:
        lines.append(f"retransmissions: tshark {stream.retransmissions}, we {said['retransmissions']}")
    if stream.version != said["tls"]["version"]:
        lines.append(f"TLS version: tshark {stream.version}, we {said['tls']['version']}")
    if (stream.sni or None) != (said["tls"]["sni"] or None):
        lines.append(f"SNI: tshark {stream.sni}, we {said['tls']['sni']}")
    return lines


def compare(capture: Path) -> list[str]:
    streams = streams_of(capture)
    said = defaultdict(list)
    for connection in analyze(capture)["connections"]:
        said[ends_of(connection)].append(connection)
    lines = []
    for ends in sorted(set(streams) | set(said)):
        if len(streams.get(ends, [])) != len(said.get(ends, [])):
            lines.append(f"{ends}: tshark {len(streams.get(ends, []))} connections, we {len(said.get(ends, []))}")
            continue
        for stream, connection in zip(streams[ends], said[ends]):
            lines += [f"{ends}: {line}" for line in disagreements(stream, connection, capture.name in TWICE_SEEN)]
    return lines


class TsharkTest(unittest.TestCase):
    def test_connections_replies_retransmissions_and_tls_are_those_that_tshark_sees(self):
        found = []
        captures = [path for path in sorted(CAPTURES.iterdir()) if ".pcap" in path.name and path.name not in TRACES]
        self.assertTrue(captures)
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            for capture, lines in zip(captures, pool.map(compare, captures)):
                found += [f"{capture.name}: {line}" for line in lines]
        for line in found:
            print(line)
        self.assertEqual(len(found), 0, f"{len(found)} disagreements, printed above")


if __name__ == "__main__":
    unittest.main()
