#!/usr/bin/env python3
"""check_layers.py against small trees with one violation each."""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

TOOL = Path(__file__).resolve().parents[2] / "tools" / "check_layers.py"
BLOCK = """# Layers
```layers
base:
wire: base
path: base wire
io:   base wire
app:  base wire path io
```
"""


def check(files: dict[str, str]) -> tuple[int, list[str]]:
    """Exit status and lines for a tree of these files; the block is there unless they bring their own."""
    with tempfile.TemporaryDirectory() as root:
        for name, text in {"docs/architecture.md": BLOCK, **files}.items():
            path = Path(root) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        run = subprocess.run([sys.executable, TOOL, root], capture_output=True, text=True, check=False)
    assert run.stderr == "", run.stderr
    return run.returncode, run.stdout.splitlines()


class Case(unittest.TestCase):
    def passes(self, files: dict[str, str]) -> None:
        self.assertEqual(check(files), (0, []))

    def finds(self, files: dict[str, str], *lines: str) -> None:
        self.assertEqual(check(files), (1, list(lines)))


class Layers(Case):
    def test_allowed_includes_pass(self):
        self.passes(
            {
                "include/smtpath/wire/packet.h": '#include <span>\n#include "smtpath/base/time.h"\n',
                "src/path/flow.cpp": '#include "path/flow.h"\n#include "smtpath/wire/packet.h"\n',
                "src/path/key.cpp": "#include <openssl/evp.h>\n",
                "src/io/capture.cpp": "#include <pcap/pcap.h>\n#include <sys/socket.h>\n",
            }
        )

    def test_an_include_that_the_block_does_not_allow_is_found_with_its_line(self):
        self.finds(
            {"src/wire/decode.cpp": '#include <span>\n\n#include "smtpath/path/trace.h"\n'},
            'src/wire/decode.cpp:3: wire includes "smtpath/path/trace.h" but may include only base, rule layers',
        )

    def test_private_headers_of_other_modules_are_held_to_the_block_too(self):
        self.finds(
            {"src/base/address.cpp": '#include "wire/checksum.h"\n'},
            'src/base/address.cpp:1: base includes "wire/checksum.h" but may include only nothing, rule layers',
        )

    def test_angle_brackets_do_not_hide_a_module(self):
        self.finds(
            {"src/io/x.cpp": "#include <smtpath/path/trace.h>\n"},
            "src/io/x.cpp:1: io includes <smtpath/path/trace.h> but may include only base wire, rule layers",
        )

    def test_a_public_header_shows_no_private_one(self):
        self.finds(
            {"include/smtpath/wire/packet.h": '#include "wire/checksum.h"\n'},
            'include/smtpath/wire/packet.h:1: a public header includes the private "wire/checksum.h", rule layers',
        )

    def test_relative_and_unknown_includes_are_refused(self):
        for name in ("checksum.h", "../io/capture.h", "smtpath/packet.h", "nosuch/packet.h"):
            with self.subTest(name):
                status, lines = check({"src/path/x.cpp": f'#include "{name}"\n'})
                self.assertEqual(status, 1)
                self.assertIn(f'src/path/x.cpp:1: include "{name}" names no header of a module', lines[0])

    def test_an_include_by_macro_is_refused(self):
        self.finds(
            {"src/wire/x.cpp": "#include WHATEVER\n"},
            "src/wire/x.cpp:1: include WHATEVER names no file that can be checked, rule layers",
        )

    def test_files_outside_the_modules_are_found(self):
        self.finds(
            {"src/util/x.cpp": "", "src/main.cpp": "", "include/other.h": ""},
            "include/other.h:1: the file belongs to no module (include/smtpath/MODULE/), rule layers",
            "src/main.cpp:1: the file belongs to no module (src/MODULE/), rule layers",
            "src/util/x.cpp:1: the file belongs to no module (src/MODULE/), rule layers",
        )

    def test_a_build_file_that_links_more_than_the_block_allows_is_found(self):
        self.finds(
            {"src/wire/CMakeLists.txt": "smtpath_module(\n  wire\n  SOURCES x.cpp\n  USES base io\n  PRIVATE a::b\n)\n"},
            "src/wire/CMakeLists.txt:4: wire uses io, which it may not include, rule layers",
        )


class Block(Case):
    def test_a_document_without_a_block_is_an_error(self):
        self.finds(
            {"docs/architecture.md": "# Nothing here\n"},
            "docs/architecture.md:1: there is no ```layers block, rule layers",
        )

    def test_a_circle_is_found(self):
        self.finds(
            {"docs/architecture.md": "```layers\nbase:\na: base c\nb: a\nc: b\n```\n"},
            "docs/architecture.md:3: the modules include each other in a circle: a -> c -> b -> a, rule layers",
        )

    def test_a_module_without_a_line_is_found(self):
        self.finds(
            {"docs/architecture.md": "```layers\nbase: wire\n```\n"},
            "docs/architecture.md:2: base may include wire, which has no line, rule layers",
        )

    def test_a_line_that_cannot_be_read_is_found(self):
        status, lines = check({"docs/architecture.md": "```layers\nbase:\nbase: base\n```\n"})
        self.assertEqual(status, 1)
        self.assertIn("docs/architecture.md:3:", lines[0])


class Purity(Case):
    def test_impure_headers_are_found_in_the_core(self):
        for header, what in {
            "sys/socket.h": "sockets",
            "netinet/in.h": "sockets",
            "pcap/pcap.h": "sockets",
            "tins/tins.h": "sockets",
            "unistd.h": "files",
            "fstream": "files",
            "iostream": "files",
            "cstdio": "files",
            "filesystem": "files",
            "thread": "threads",
            "mutex": "threads",
            "ctime": "the clock",
            "random": "random numbers",
        }.items():
            with self.subTest(header):
                self.finds(
                    {"src/wire/x.cpp": f"#include <{header}>\n"},
                    f"src/wire/x.cpp:1: wire is core and includes <{header}> ({what}), rule purity",
                )

    def test_address_text_is_for_base_alone(self):
        include = "#include <arpa/inet.h>\n"
        self.passes({"src/base/address.cpp": include})
        self.finds(
            {"src/path/x.cpp": include},
            "src/path/x.cpp:1: path is core and includes <arpa/inet.h> (sockets), rule purity",
        )

    def test_impure_calls_are_found_in_the_core(self):
        for code, called in {
            "auto t = std::chrono::system_clock::now();": "::now",
            "auto t = steady_clock::now();": "::now",
            "auto t = Clock::now();": "::now",
            "auto t = std::time(nullptr);": "std::time",
            "auto t = time(nullptr);": "time(nullptr)",
            "int n = rand();": "rand",
            "int n = std::rand();": "std::rand",
            "std::random_device device;": "random_device",
            'auto home = getenv("HOME");': "getenv",
            'auto file = fopen("x", "r");': "fopen",
            'int fd = ::open("x", 0);': "::open",
            "int fd = socket(AF_INET, 0, 0);": "socket",
            "::connect(fd, a, n);": "::connect",
            "std::this_thread::sleep_for(1s);": "std::this_thread",
            "std::cerr << 1;": "std::cerr",
            'fmt::print("{}", 1);': "fmt::print",
            "std::exit(1);": "std::exit",
        }.items():
            with self.subTest(code):
                status, lines = check({"src/path/x.cpp": f"// first\n{code}\n"})
                self.assertEqual((status, len(lines)), (1, 1), lines)
                self.assertRegex(lines[0], r"^src/path/x\.cpp:2: path is core and uses .* \(.*\), rule purity$")
                self.assertIn(f"uses {called} (", lines[0])

    def test_the_edge_may_do_all_that(self):
        self.passes(
            {"src/io/x.cpp": "#include <random>\nint fd = ::socket(1, 2, 3);\n", "src/app/x.cpp": "std::exit(1);\n"}
        )

    def test_comments_and_strings_are_not_code(self):
        self.passes(
            {
                "src/path/x.cpp": "\n".join(
                    [
                        '// #include "smtpath/io/capture.h" and rand()',
                        "/* std::chrono::system_clock::now()",
                        "#include <fstream>",
                        "*/",
                        'const char* text = "call socket() or \\" ::open( now";',
                        'const char* raw = R"x(',
                        "#include <random>",
                        'getenv("HOME"))x";',
                        "const int big = 1'000'000; const char quote = '\"'; // rand()",
                    ]
                )
            }
        )

    def test_code_between_digit_separators_and_after_comments_is_still_read(self):
        self.finds(
            {"src/path/x.cpp": "int a = 1'000; int b = rand(); int c = 2'000; /* x */ int d = rand();\n"},
            *["src/path/x.cpp:1: path is core and uses rand (random numbers), rule purity"] * 2,
        )

    def test_members_and_longer_names_are_not_the_systems(self):
        self.passes(
            {
                "src/path/x.cpp": "\n".join(
                    [
                        "tracer.poll_transmit(now); Tracer::poll_transmit(now); network.connect(a); network->send(b);",
                        "auto at = frame.time; Path::open(x); is_random(x); operand(y); reply.exit(z);",
                        "std::chrono::nanoseconds later; Duration time(int hops);",
                    ]
                )
            }
        )

    def test_public_headers_name_only_the_standard_library(self):
        self.passes({"include/smtpath/io/capture.h": "#include <chrono>\n#include <filesystem>\n"})
        for header in ("pcap/pcap.h", "fmt/format.h", "sys/socket.h", "stdint.h"):
            with self.subTest(header):
                self.finds(
                    {"include/smtpath/io/capture.h": f"#include <{header}>\n"},
                    f"include/smtpath/io/capture.h:1: a public header includes <{header}>, "
                    "which is not of the standard library, rule purity",
                )


if __name__ == "__main__":
    unittest.main()
