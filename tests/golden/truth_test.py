#!/usr/bin/env python3
"""Holds what `smtpath analyze` says of real captures to the truth files that came with them.

Each disagreement is one line: the file, the connection, the field, what is true and what was said.
"""

import csv
import json
import unittest
from collections import defaultdict
from pathlib import Path

from analysis import NOT_HERE, SHARED, analyze, ends_of
from truth_outcome import outcomes


# Where the truth files are mistaken, or say another thing than a report: file, what the line begins with, why.
EXPLAINED = (
    ("ctfs_write-ups-2017__TheGreatEscape.pcapng", ("retransmissions", "packets"),
     "each frame was seen up to four times, on all interfaces of a host that translates addresses; copies with the same IP ID "
     "and another TTL or order are taken for repetitions there"),
    ("OISF_suricata-verify__bug-5437-02_input.pcap", ("packets",), "FINs seen twice, same IP ID and TTL less one, are counted twice there"),
    ("blitz_tcptrace__discard.solaris.dmp", ("retransmissions", "packets"),
     "each segment was seen twice, same IP ID, 6 ms apart; copies of repeated segments are taken for repetitions there"),
    ("lgandx_PCredz__old_realistic_network_traffic.pcap", ("ehlo", "retransmissions"),
     "made by a script: sequence numbers jump to and fro by 1,000; EHLO is in frame 124 all the same"),
    ("idaholab_Malcolm-Test-Artifacts__backscatter.trace", ("true 1 connections",),
     "answers hours apart to SYNs that somebody forged; there they are one connection because the ports are the same"),
    ("idaholab_Malcolm-Test-Artifacts__eternalromance-success-2008r2.pcap", ("icmp", "outcome"),
     "errors that came before a second SYN with the same ports are put down to that second one there"),
    ("nfstream_nfstream__skype_no_unknown.pcap", ("tls", "outcome"), "no mail and no TLS: bytes that pass for a hello of SSL 2"),
    ("zeek_zeek__syn-then-stuff-then-rst.pcap", ("outcome",), "its server acknowledges a SYN without one of its own"),
)

# What other services than mail can be held to: whether the connection came about.
HANDSHAKE_OUTCOMES = {"refused", "rejected", "dropped", "unfinished"}


def is_explained(file: str, line: str) -> bool:
    return any(file == name and line.startswith(beginnings) for name, beginnings, _ in EXPLAINED)


def retransmissions(c: dict, side: str) -> set[int]:
    """The truth files count keep-alives of one byte, which neither tshark counts nor we do."""
    count = c["retransmitted"][side]
    is_seen_by_tshark = any("retransmission" in kind for kind in c["tshark_analysis"])
    return {count} if is_seen_by_tshark or not count else {count, 0}


def tls_version(name: str | None) -> str | None:
    return name.replace("TLS", "TLSv").replace("SSL", "SSLv") if name else None


def reset_by(c: dict) -> set:
    """A reset after FIN matters to nobody; a forged one counts as its apparent sender's in the truth files."""
    if c["rst_from"] == "none" or c["rst_phase"] == "after_fin":
        return {None}
    who = {"client", "server"} if c["rst_from"] == "both" else {c["rst_from"]}
    # A client that resets a handshake of its own (a scanner) did not end a dialogue.
    return who | {"path"} if "server" in who else who | {None}


def closed_by(c: dict) -> set:
    order = c["fin_from"]
    if not order:
        return {None}
    return {order[0]} if len(order) == 1 else {order[0], "both"}


def expected_facts(c: dict, is_ambiguous: bool) -> dict:
    """Field (dotted) to the set of values that are right."""
    icmp = c["icmp_error"]
    facts = {
        "syn_sent": {c["syn_count"]},
        "syn_ack": {c["synack_seen"]},
        "reset_by": reset_by(c),
        "closed_by": closed_by(c),
        "greeting.code": {c["banner_code"]},
        "ehlo": {c["ehlo_seen"], c["ehlo_seen"] or c["helo_seen"]},
        "starttls.offered": {bool(c["starttls_offered"])},
        "starttls.asked": {c["starttls_sent"]},
        "starttls.code": {c["starttls_reply_code"]},
        "tls.client_hello": {c["tls_client_hello"]},
        "tls.server_hello": {c["tls_server_hello"]},
        "tls.version": {tls_version(c["tls_version"])},
        "tls.sni": {c["tls_sni"], c["tls_sni"] or ""} if not c["tls_sni"] else {c["tls_sni"]},
        "auth.tried": {c["auth_attempted"]},
        "quit": {c["quit"]},
        "retransmissions.client": retransmissions(c, "client"),
        "retransmissions.server": retransmissions(c, "server"),
        "icmp.type": {icmp["type"] if icmp else None},
        "icmp.code": {icmp["code"] if icmp else None},
        "icmp.from": {icmp["from"] if icmp else None},
    }
    if not is_ambiguous:
        facts |= {
            "auth.code": {c["auth_result_code"]},
            "mail_from": {c["mail_from_count"]},
            "rcpt_to": {c["rcpt_count"]},
            "accepted": {sum(1 for code in c["end_of_data_codes"] if code and 200 <= code < 300)},
        }
    return facts


def value_of(connection: dict, field: str):
    for name in field.split("."):
        if connection is None:
            return None
        connection = connection.get(name)
    return connection


def alert_disagreements(c: dict, said: dict) -> list[str]:
    named = [alert["desc"] for alert in c["tls_alert"] or [] if alert["desc"] != "encrypted"]
    alert = value_of(said, "tls.alert")
    if named and (alert is None or named[0] not in json.dumps(alert)):
        return [f"tls.alert: true {named[0]}, said {alert}"]
    return []


def packet_disagreements(c: dict, said: dict) -> list[str]:
    packets = sum(said["packets"].values())
    lines = []
    if packets != c["packets"] - c["duplicate_frames"] and packets != c["packets"]:
        lines.append(f"packets: true {c['packets']} ({c['duplicate_frames']} twice), said {said['packets']}")
    for side in ("client", "server"):
        if c["retransmitted"][side] or c["duplicate_frames"] or c["gaps"]:
            continue  # the truth files count each byte of the stream once, the report each that was sent
        if said["bytes"][side] != c[f"{side}_payload"]:
            lines.append(f"bytes.{side}: true {c[f'{side}_payload']}, said {said['bytes'][side]}")
    return lines


def disagreements(c: dict, said: dict, is_ambiguous: bool) -> list[str]:
    lines = []
    for field, right in expected_facts(c, is_ambiguous).items():
        value = value_of(said, field)
        if value not in right:
            lines.append(f"{field}: true {' or '.join(map(str, right))}, said {value}")
    lines += alert_disagreements(c, said) + packet_disagreements(c, said)
    allowed = outcomes(c)
    can_be_held = c["speaks_smtp"] or c["smtp_port_role"] == "server_port" or allowed <= HANDSHAKE_OUTCOMES
    if said["outcome"] not in allowed and can_be_held and not is_ambiguous:
        lines.append(f"outcome: {' or '.join(sorted(allowed))} follows from the facts, said {said['outcome']}")
    return lines


def by_ends(connections: list, ends) -> dict:
    found = defaultdict(list)
    for connection in connections:
        found[ends(connection)].append(connection)
    return found


def truth_ends(c: dict) -> tuple:
    return c["client"], c["client_port"], c["server"], c["server_port"]


def compare(truth: dict, report: dict, is_ambiguous: bool) -> list[str]:
    said = by_ends(sorted(report["connections"], key=lambda each: each["started"]), ends_of)
    # A mail port as a client's own port makes no connection to a mail port of it.
    connections = [c for c in truth["connections"] if c["smtp_port_role"] != "client_port_only"]
    true = by_ends(sorted(connections, key=lambda each: each["start"]), truth_ends)
    lines = []
    for ends in sorted(set(said) | set(true), key=str):
        name = f"{ends[0]}:{ends[1]} > {ends[2]}:{ends[3]}"
        if len(said.get(ends, [])) != len(true.get(ends, [])):
            found = [f"true {len(true.get(ends, []))} connections, said {len(said.get(ends, []))}"]
        else:
            found = [line for pair in zip(true[ends], said[ends]) for line in disagreements(*pair, is_ambiguous)]
        lines += [f"{name}: {line}" for line in found if not is_explained(truth["file"], line)]
    return lines


def ambiguous_files() -> set[str]:
    with open(SHARED / "INDEX.tsv", encoding="utf-8") as index:
        return {Path(row["file"]).name for row in csv.DictReader(index, delimiter="\t") if row["ambiguous"] == "yes"}


@unittest.skipUnless(SHARED.is_dir(), NOT_HERE)
class TruthTest(unittest.TestCase):
    maxDiff = None

    def check(self, ending: str, folder: str, options) -> None:
        ambiguous = ambiguous_files()
        found = []
        for path in sorted((SHARED / "truth").glob(f"*{ending}")):
            name = path.name[: -len(ending)]
            if not (SHARED / folder / name).is_file():
                continue
            truth = json.loads(path.read_text(encoding="utf-8"))
            report = analyze(SHARED / folder / name, *options(truth))
            found += [f"{name}: {line}" for line in compare(truth, report, name in ambiguous)]
        for line in found:
            print(line)
        self.assertEqual(len(found), 0, f"{len(found)} disagreements, printed above")

    def test_facts_and_outcomes_of_mail_connections_are_those_of_the_truth_files(self):
        self.check(".json", "smtp", lambda truth: ())

    def test_facts_of_any_tcp_connection_are_those_of_the_truth_files_when_its_port_is_asked_for(self):
        def ports(truth: dict) -> tuple:
            numbers = sorted({c["server_port"] for c in truth["connections"]})
            return ("-p", ",".join(map(str, numbers))) if numbers else ()

        self.check(".all.json", "other", ports)


if __name__ == "__main__":
    unittest.main(verbosity=2)
