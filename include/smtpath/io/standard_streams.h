#pragma once

// Standard input, output and error as a program may rely on them. A caller may start us with any of them closed; the
// next file that is opened would take its number, and what is meant for the stream would end in that file.

namespace smtpath::io {

/// Call it before anything is opened. A closed stream becomes /dev/null: input is empty, errors go nowhere, and
/// standard output cannot be written, so that whoever has something to say there learns of it.
void hold_standard_streams();

}  // namespace smtpath::io
