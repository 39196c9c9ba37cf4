#!/usr/bin/env python3
"""Holds the laws "layers" and "purity" of docs/architecture.md.

    tools/check_layers.py [ROOT]

Reads the allowed includes from the ```layers block of ROOT/docs/architecture.md and compares them with every source
under ROOT/include and ROOT/src and with the USES of every src/MODULE/CMakeLists.txt. Comments and strings are not
looked at. Prints one line for each violation (file:line: what, which rule) and exits with 1 if there is any.
"""

import re
import sys
from pathlib import Path
from typing import Iterator, NamedTuple

IMPURE_MODULES = {"io", "app"}

STANDARD_HEADERS = set(
    """
    algorithm any array atomic barrier bit bitset cassert cctype cerrno cfenv cfloat charconv chrono cinttypes climits
    clocale cmath codecvt compare complex concepts condition_variable coroutine csetjmp csignal cstdarg cstddef cstdint
    cstdio cstdlib cstring ctime cuchar cwchar cwctype deque exception execution filesystem format forward_list fstream
    functional future initializer_list iomanip ios iosfwd iostream istream iterator latch limits list locale map memory
    memory_resource mutex new numbers numeric optional ostream queue random ranges ratio regex scoped_allocator
    semaphore set shared_mutex source_location span sstream stack stdexcept stop_token streambuf string string_view
    syncstream system_error thread tuple type_traits typeindex typeinfo unordered_map unordered_set utility valarray
    variant vector version
    """.split()
)

# Headers that bring what the core must not touch.
IMPURE_HEADERS = {
    "sockets": r"(sys|net|netinet|netpacket|arpa|linux|libmnl|pcap)/.*"
    r"|(c?ares|netdb|resolv|ifaddrs|poll|pcap|unbound)\.h"
    r"|tins/(tins|sniffer|packet_sender|packet_writer|network_interface|utils)\.h|openssl/(ssl|bio)\.h",
    "files": r"c?stdio(\.h)?|iostream|fstream|filesystem|syncstream|(fcntl|unistd|dirent|ftw|glob)\.h",
    "threads": r"thread|mutex|shared_mutex|condition_variable|future|atomic|semaphore|latch|barrier|stop_token"
    r"|execution|(pthread|threads|sched)\.h",
    "processes": r"csignal|(signal|spawn|pwd|grp|cap-ng|seccomp)\.h",
    "the clock": r"c?time(\.h)?",
    "random numbers": r"random|openssl/rand\.h",
}
# inet_pton and inet_ntop turn text into numbers: nothing impure in that, and one module is enough for it.
PURE_EXCEPTIONS = {("base", "arpa/inet.h")}

# Calls that do the same without a header of their own. FREE functions may be written bare, but a name after "." or
# "->" is somebody's member; a GLOBAL one is too common a word to be taken for the system's without its "::".
FREE = r"(?<![\w.:>])(?:std\s*::\s*|::\s*)?"
GLOBAL = r"(?<![\w>])::\s*"
STD = r"\bstd\s*::\s*"
IMPURE_CALLS = {
    "sockets": [
        FREE + r"(socket|socketpair|[gs]etsockopt|send(to|m?msg)|recv(from|m?msg)|ioctl|epoll_\w+)\s*\(",
        FREE + r"(getaddrinfo|getnameinfo|gethostby\w+|getifaddrs|if_nametoindex)\s*\(",
        GLOBAL + r"(bind|listen|accept|connect|send|recv|shutdown|p?poll|select)\s*\(",
    ],
    "files": [
        FREE + r"(fopen|fdopen|freopen|tmpfile|mkstemp|opendir|openat|creat|unlink|rename|mmap)\s*\(",
        FREE + r"(v?f?printf|puts|fputs|putchar|fwrite|fread|perror|syslog)\s*\(",
        GLOBAL + r"(open|close|read|write|lseek|stat|fcntl|pipe)\s*\(",
        STD + r"((basic_)?[io]?fstream|filesystem|w?(cout|cerr|clog|cin)|print(ln)?)\b",
        r"\bfmt\s*::\s*print\b",
    ],
    "threads": [
        STD + r"(j?thread|async|(shared_|timed_|recursive_)?mutex|atomic\w*|this_thread)\b",
        r"\bpthread_\w+\s*\(|\bthread_local\b",
    ],
    "processes": [
        FREE + r"(v?fork|exec[lv]\w*|posix_spawnp?|system|popen|kill|raise|signal|sigaction)\s*\(",
        FREE + r"(exit|_exit|_Exit|quick_exit|abort|terminate)\s*\(",
        FREE + r"(secure_getenv|getenv|setenv|putenv|unsetenv)\s*\(",
    ],
    "the clock": [
        r"::\s*now\s*\(",
        FREE + r"(clock_gettime|gettimeofday|timespec_get|localtime(_r)?|mktime)\s*\(",
        FREE + r"(u?sleep|nanosleep|alarm|setitimer)\s*\(",
        f"({STD}|{GLOBAL})" + r"(time|clock)\s*\(",
        FREE + r"time\s*\(\s*(nullptr|NULL|0)\s*\)",
    ],
    "random numbers": [
        r"\brandom_device\b|\b(arc4random\w*|RAND_(priv_)?bytes(_ex)?)\s*\(",
        FREE + r"(s?rand|rand_r|s?random|[delmnj]rand48|getrandom|getentropy)\s*\(",
    ],
}

INCLUDE = re.compile(r"^[ \t]*#[ \t]*include\b[ \t]*(?:<([^>\n]*)>|\"([^\"\n]*)\"|(.*))", re.MULTILINE)
TOKENS = re.compile(
    r"""
      (?P<number>\b\d(?:'?[\w.])*)
    | (?P<comment>//(?:\\\n|[^\n])*|/\*.*?(?:\*/|\Z))
    | (?P<raw>R"(?P<delimiter>[^()\\\s]*)\(.*?(?:\)(?P=delimiter)"|\Z))
    | (?P<string>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')
    """,
    re.VERBOSE | re.DOTALL,
)
MODULE_CALL = re.compile(r"\bsmtpath_module\s*\(([^)]*)\)")


class Violation(NamedTuple):
    file: Path
    line: int
    what: str
    rule: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}, rule {self.rule}"


class BadBlock(Exception):
    """The ```layers block is missing, unreadable or contradicts itself; holds the violation."""


def read_layers(document: Path, shown_as: Path) -> dict[str, set[str]]:
    """What each module may include, itself left out."""

    def refuse(line: int, what: str) -> None:
        raise BadBlock(Violation(shown_as, line, what, "layers"))

    lines = document.read_text(encoding="utf-8").splitlines() if document.is_file() else []
    if "```layers" not in lines:
        refuse(1, "there is no ```layers block")
    first = lines.index("```layers") + 1
    layers: dict[str, set[str]] = {}
    at = {}
    for number, line in enumerate(lines[first:], start=first + 1):
        if line.startswith("```"):
            break
        match = re.fullmatch(r"(\w+):((?:\s+\w+)*)\s*", line)
        if not match or match[1] in layers:
            refuse(number, f'"{line}" is not "module: the modules it may include", once for each module')
        layers[match[1]] = set(match[2].split())
        at[match[1]] = number
    for module, allowed in layers.items():
        for unknown in sorted(allowed - layers.keys()):
            refuse(at[module], f"{module} may include {unknown}, which has no line")
    cycle = find_cycle(layers)
    if cycle:
        refuse(at[cycle[0]], "the modules include each other in a circle: " + " -> ".join(cycle))
    return layers


def find_cycle(layers: dict[str, set[str]]) -> list[str]:
    """A path of modules that ends where it began, or nothing."""
    done: set[str] = set()

    def walk(path: list[str]) -> list[str]:
        module = path[-1]
        if module in path[:-1]:
            return path[path.index(module) :]
        if module in done:
            return []
        for used in sorted(layers[module]):
            cycle = walk([*path, used])
            if cycle:
                return cycle
        done.add(module)
        return []

    return next((cycle for cycle in (walk([module]) for module in layers) if cycle), [])


def blank(text: str, *kinds: str) -> str:
    """The text with tokens of these kinds replaced by spaces; lines keep their numbers."""

    def replace(match: re.Match[str]) -> str:
        kind = "raw" if match["raw"] else match.lastgroup
        return re.sub(r"[^\n]", " ", match[0]) if kind in kinds else match[0]

    return TOKENS.sub(replace, text)


def line_of(text: str, offset: int) -> int:
    return text.count("\n", 0, offset) + 1


class Source(NamedTuple):
    file: Path
    """Relative to the root, as messages show it."""
    text: str
    module: str
    is_public: bool


def check_include(source: Source, layers: dict[str, set[str]], name: str, quoted: bool) -> Iterator[tuple[str, str]]:
    """What is wrong with one include, and which rule says so."""
    shown = f'"{name}"' if quoted else f"<{name}>"
    public = re.fullmatch(r"smtpath/(\w+)/[\w/]+\.h", name)
    private = re.fullmatch(r"(\w+)/[\w/]+\.h", name)
    if quoted or name.startswith("smtpath/"):
        used = public[1] if public else private[1] if private else None
        if used not in layers:
            yield f'include {shown} names no header of a module ("smtpath/MODULE/x.h", "MODULE/x.h")', "layers"
        elif used != source.module and used not in layers[source.module]:
            allowed = " ".join(sorted(layers[source.module])) or "nothing"
            yield f"{source.module} includes {shown} but may include only {allowed}", "layers"
        elif source.is_public and not public:
            yield f"a public header includes the private {shown}", "layers"
        return
    if source.is_public and name not in STANDARD_HEADERS:
        yield f"a public header includes {shown}, which is not of the standard library", "purity"
    if source.module in IMPURE_MODULES or (source.module, name) in PURE_EXCEPTIONS:
        return
    for what, pattern in IMPURE_HEADERS.items():
        if re.fullmatch(pattern, name):
            yield f"{source.module} is core and includes {shown} ({what})", "purity"


def check_source(source: Source, layers: dict[str, set[str]]) -> Iterator[Violation]:
    with_strings = blank(source.text, "comment", "raw")
    for match in INCLUDE.finditer(with_strings):
        line = line_of(with_strings, match.start())
        angled, quoted, computed = match.groups()
        if computed is not None:
            what = f"include {computed.strip()} names no file that can be checked"
            yield Violation(source.file, line, what, "layers")
            continue
        name = angled if quoted is None else quoted
        for what, rule in check_include(source, layers, name, quoted is not None):
            yield Violation(source.file, line, what, rule)
    if source.module in IMPURE_MODULES:
        return
    code = INCLUDE.sub("", blank(source.text, "comment", "raw", "string"))
    for what, patterns in IMPURE_CALLS.items():
        for match in re.finditer("|".join(f"(?:{pattern})" for pattern in patterns), code):
            called = " ".join(match[0].rstrip("( ").split())
            line = line_of(code, match.start())
            yield Violation(source.file, line, f"{source.module} is core and uses {called} ({what})", "purity")


def check_uses(file: Path, text: str, module: str, layers: dict[str, set[str]]) -> Iterator[Violation]:
    """A CMakeLists.txt must not link what the block does not let its module include."""
    text = re.sub(r"#[^\n]*", lambda match: " " * len(match[0]), text)
    for call in MODULE_CALL.finditer(text):
        keyword = ""
        for word in re.finditer(r"\S+", call[1]):
            if word[0] in ("SOURCES", "USES", "PRIVATE"):
                keyword = word[0]
            elif keyword == "USES" and word[0] not in layers[module]:
                line = line_of(text, call.start(1) + word.start())
                yield Violation(file, line, f"{module} uses {word[0]}, which it may not include", "layers")


def check(root: Path) -> list[Violation]:
    shown_as = Path("docs/architecture.md")
    try:
        layers = read_layers(root / shown_as, shown_as)
    except BadBlock as bad:
        return [bad.args[0]]
    found: list[Violation] = []
    for top in (Path("include/smtpath"), Path("src")):
        for path in sorted((root / top.parts[0]).rglob("*")):
            if not path.is_file():
                continue
            file = path.relative_to(root)
            inner = file.relative_to(top) if file.is_relative_to(top) else None
            if inner is not None and str(inner) == "CMakeLists.txt":
                continue
            if inner is None or len(inner.parts) < 2 or inner.parts[0] not in layers:
                found.append(Violation(file, 1, f"the file belongs to no module ({top}/MODULE/)", "layers"))
                continue
            text = path.read_text(encoding="utf-8", errors="replace")
            if path.name == "CMakeLists.txt":
                found += check_uses(file, text, inner.parts[0], layers)
            else:
                found += check_source(Source(file, text, inner.parts[0], top.parts[0] == "include"), layers)
    return sorted(found, key=lambda violation: (violation.file, violation.line))


def main(arguments: list[str]) -> int:
    if len(arguments) > 1:
        print("usage: tools/check_layers.py [ROOT]", file=sys.stderr)
        return 64
    root = Path(arguments[0]) if arguments else Path(__file__).resolve().parent.parent
    found = check(root)
    for violation in found:
        print(violation)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
