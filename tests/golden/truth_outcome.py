"""Which outcomes the facts of a truth file allow, in the words and the order of DESIGN section 7.

A second opinion on the judge, made from that page alone. Where the page leaves two readings, both are allowed; where
the facts of the truth file cannot tell two outcomes apart (its times are coarse), so are they.
"""

LONG_WAIT_S = 10
TIME_EXCEEDED = {11}


def refuses(codes: list) -> bool:
    return any(code is not None and code >= 400 for code in codes)


def accepts(codes: list) -> bool:
    return any(code is not None and 200 <= code < 300 for code in codes)


def message_outcome(c: dict) -> set[str]:
    if accepts(c["end_of_data_codes"]):
        return {"delivered"}
    if refuses(c["mail_from_codes"] + c["rcpt_codes"] + c["data_codes"] + c["end_of_data_codes"]):
        return {"message-refused"}
    if "BDAT" in c["commands"] and refuses(c["reply_codes"]):
        return {"message-refused", "completed", "closed"}  # the truth files match no reply to a chunk that is not the last
    codes = c["auth_result_codes"]
    if codes and codes[-1] is not None and codes[-1] >= 400 and not accepts(c["mail_from_codes"]):
        return {"auth-failed"}
    return set()


def has_helo_answer(c: dict) -> bool:
    return accepts(c["ehlo_codes"]) or accepts([c["helo_code"]])


def completion(c: dict) -> set[str]:
    """An orderly end after EHLO; of TLS and its refusal the page says more further down."""
    if c["tls_client_hello"] or not (c["quit"] or (c["fin"] and has_helo_answer(c))):
        return set()
    result = {"completed"}
    if c["starttls_reply_code"] and c["starttls_reply_code"] >= 400:
        result.add("starttls-refused")
    if c["starttls_keyword_masked"]:
        result.add("starttls-stripped")
    if not c["quit"] and "server" in c["fin_from"][:1]:
        result.add("closed")
    if (c["banner_code"] or 0) >= 500:
        result.add("greeting-refused")
    elif (c["banner_code"] or 0) >= 400:
        result.add("greeting-temporary")
    if c["rst_phase"] in ("mid", "before_data"):
        result.add("reset")
    return result


def tls_outcome(c: dict) -> set[str]:
    if c["tls_client_plaintext_server"] or c["plaintext_after_starttls_220"]:
        return {"tls-failed", "protocol-error"}
    if c["tls_client_hello"] and c["tls_server_hello"]:
        fatal = any(alert["desc"] != "encrypted" for alert in c["tls_alert"] or [])
        if fatal and not c["tls_app_bytes"]:
            return {"tls-failed"}
        return {"encrypted"} if c["tls_app_bytes"] or c["tls_ccs"] else {"encrypted", "tls-failed", *the_end(c)}
    if c["starttls_keyword_masked"]:
        return {"starttls-stripped"}
    if c["starttls_reply_code"] and c["starttls_reply_code"] >= 400:
        return {"starttls-refused"}
    if c["tls_client_hello"]:
        if c["tls_alert"]:
            return {"tls-failed"}
        if c["rst_phase"] in ("mid", "before_data"):
            return {"tls-failed", "tls-stalled", "reset"}
        if c["fin"]:
            return {"tls-failed", "tls-stalled"}
        return {"tls-stalled"} if c["duration"] >= LONG_WAIT_S else {"tls-stalled", *the_end(c)}
    return set()


def greeting_outcome(c: dict) -> set[str]:
    code = c["banner_code"]
    if code is not None:
        return {"greeting-refused"} if code >= 500 else {"greeting-temporary"} if code >= 400 else set()
    if not c["synack_seen"]:
        return set()
    if c["server_payload_captured"] > 0:
        # What the script took for no reply may be the middle of a stream, or TLS.
        return {"protocol-error", *the_end(c)} if not c["gaps"] else {"protocol-error", "partial", *the_end(c)}
    if c["server_payload"] > 0:
        return {"protocol-error", "no-greeting", "partial", *the_end(c)}
    if not c["handshake_complete"]:
        return set()
    if "server" in c["fin_from"]:
        return {"closed"} if c["fin_from"][0] == "server" else {"closed", "no-greeting"}
    if c["rst_from"] in ("server", "both"):
        return {"reset", "closed", "no-greeting"}
    return {"no-greeting", *the_end(c)} if c["duration"] < LONG_WAIT_S or c["rst_count"] else {"no-greeting"}


def the_end(c: dict) -> set[str]:
    """How it ends where nothing in the dialogue says so."""
    if c["rst_count"] and c["rst_phase"] in ("mid", "before_data"):
        return {"reset"}
    if c["syn_seen"] and not c["synack_seen"]:
        if c["rst_phase"] == "refused" and c["rst_from"] in ("server", "both"):
            return {"refused"}
        # Time exceeded is a traceroute's answer.
        if c["icmp_error"] and c["icmp_error"]["type"] not in TIME_EXCEEDED:
            return {"rejected"}
        if c["rst_from"] == "client":
            return {"reset", "dropped", "unfinished"}
        return {"dropped"} if c["syn_count"] > 1 else {"dropped", "unfinished"}
    result = {"stalled", "unfinished"}
    if c["fin"] and c["banner_code"] is None:
        result |= {"closed"}
    elif c["fin"]:
        result |= {"completed"}
    if not c["syn_seen"]:
        result.add("partial")
    return result


def outcomes(c: dict) -> set[str]:
    for found in (message_outcome(c), completion(c), tls_outcome(c)):
        if found:
            return found | ({"partial"} if c["one_sided"] else set())
    greeting = greeting_outcome(c) if c["syn_seen"] or c["banner_code"] else set()
    return greeting or the_end(c)
