#!/usr/bin/env python3
"""Writes corpus/capture_reader: a tiny file of each format and variant that the capture reader knows.

The same bytes on every run.
"""

import gzip
import pathlib
import struct

FOLDER = pathlib.Path(__file__).parent / "corpus" / "capture_reader"
SECONDS = 1_700_000_000


def pcap(order="<", magic=0xA1B2C3D4, link=1, minor=4, major=2):
    content = struct.pack(order + "IHHiIII", magic, major, minor, 0, 0, 65535, link)
    for number, body in enumerate([b"first", b"", b"the third"]):
        lengths = (len(body) + 40, len(body)) if minor < 4 else (len(body), len(body) + 40)
        content += struct.pack(order + "IIII", SECONDS + number, 999_999, *lengths)
        if magic == 0xA1B2CD34:
            content += struct.pack(order + "IHBB", 3, 0x0800, 4, 0)
        content += body
    return content


def block(order, kind, body):
    length = len(body) + 12
    return struct.pack(order + "II", kind, length) + body + struct.pack(order + "I", length)


def padded(body):
    return body + bytes(-len(body) % 4)


def option(order, code, body):
    return struct.pack(order + "HH", code, len(body)) + padded(body)


def section(order, major=1, comment=b"a comment"):
    body = struct.pack(order + "IHHq", 0x1A2B3C4D, major, 0, -1)
    return block(order, 0x0A0D0D0A, body + option(order, 1, comment) + option(order, 0, b""))


def interface(order, link=1, resolution=9, offset=0, name=b"eth0"):
    body = struct.pack(order + "HHI", link, 0, 262_144) + option(order, 2, name)
    body += option(order, 9, bytes([resolution])) + option(order, 14, struct.pack(order + "q", offset))
    return block(order, 1, body + option(order, 0, b""))


def enhanced(order, number, units, body, comment=b""):
    fields = struct.pack(order + "IIIII", number, units >> 32, units & 0xFFFFFFFF, len(body), len(body) + 9)
    options = option(order, 1, comment) + option(order, 0, b"") if comment else b""
    return block(order, 6, fields + padded(body) + options)


def statistics(order, number, units, received, dropped):
    body = struct.pack(order + "III", number, units >> 32, units & 0xFFFFFFFF) + option(order, 1, b"judged")
    body += option(order, 4, struct.pack(order + "Q", received)) + option(order, 5, struct.pack(order + "Q", dropped))
    return block(order, 5, body + option(order, 0, b""))


def pcapng(order="<"):
    units = SECONDS * 10**9
    content = section(order) + interface(order) + interface(order, 276, 6, -3600, b"any")
    content += interface(order, 101, 0x80 | 20, 0, b"unsent")
    content += enhanced(order, 0, units, b"enhanced") + enhanced(order, 1, units // 1000, b"cooked", b"a remark")
    content += enhanced(order, 2, SECONDS << 20, b"\x45", b"refused: EPERM (1)")
    obsolete = struct.pack(order + "HHIIII", 0, 0xFFFF, units >> 32, units & 0xFFFFFFFF, 4, 60) + b"old!"
    content += block(order, 2, obsolete) + block(order, 3, struct.pack(order + "I", 6) + padded(b"simple"))
    content += block(order, 4, bytes(8)) + block(order, 10, b"TLSK" + bytes(4)) + block(order, 0xBAD, b"custom..")
    return content + statistics(order, 0, units, 7, 2)


def snoop():
    content = b"snoop\0\0\0" + struct.pack(">II", 2, 4)
    for number, body in enumerate([b"first", b"second"]):
        record = len(padded(body)) + 24
        content += struct.pack(">IIIIII", len(body) + 9, len(body), record, number, SECONDS, 5) + padded(body)
    return content


def zstd(body):
    """RFC 8878: a frame of one raw block, with its content size."""
    header = struct.pack("<IBB", 0xFD2FB528, 0x20, len(body))
    return header + struct.pack("<I", len(body) << 3 | 1)[:3] + body


def files():
    yield "pcap", pcap()
    yield "pcap-big-endian", pcap(">", link=101)
    yield "pcap-nanoseconds", pcap(magic=0xA1B23C4D, link=276)
    yield "pcap-modified", pcap(magic=0xA1B2CD34, link=113)
    yield "pcap-lengths-swapped", pcap(minor=2)
    yield "pcap-lengths-doubtful", pcap(minor=3)
    yield "pcap-dgux", pcap(">", major=543, minor=0)
    yield "pcap-4-gib", pcap() + struct.pack("<IIII", 0, 0, 0xFFFFFFFF, 0xFFFFFFFF) + b"more"
    yield "pcap-huge-of-a-bus", pcap(link=249) + struct.pack("<IIII", 0, 0, 300_000, 300_000) + bytes(9)
    yield "pcapng", pcapng()
    yield "pcapng-big-endian", pcapng(">")
    yield "pcapng-sections", pcapng() + section("<", 2) + interface("<") + pcapng(">")
    yield "pcapng-lying-length", section("<") + struct.pack("<II", 6, 0xFFFFFFF0) + bytes(40)
    yield "snoop", snoop()
    yield "gzip", gzip.compress(pcap(), mtime=0)
    yield "gzip-members", gzip.compress(pcap()[:50], mtime=0) + gzip.compress(pcap()[50:], mtime=0) + bytes(16)
    yield "gzip-cut", gzip.compress(pcapng(), mtime=0)[:-20]
    yield "zstd", zstd(pcap())
    yield "zstd-frames", zstd(pcap()[:50]) + struct.pack("<II", 0x184D2A50, 3) + b"..." + zstd(pcap()[50:])


FOLDER.mkdir(parents=True, exist_ok=True)
for name, content in files():
    (FOLDER / name).write_bytes(content)
