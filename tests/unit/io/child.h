#pragma once

// Runs part of a test where it can change what a process cannot change back: its user, its capabilities, its network.
// Failed expectations in there are printed there and fail the test here. Needs root; fails without.

#include <functional>
#include <string>

namespace smtpath::test {

void in_child(const std::function<void()>& body);

/// With a network namespace of its own that has nothing but the loopback interface, which is up.
void in_new_network(const std::function<void()>& body);

/// Commands of ip(8), one a line.
void ip(const std::string& commands);

/// A command line that must succeed.
void run(const std::string& command);

/// All that a command line prints on standard output.
std::string output_of(const std::string& command);

}  // namespace smtpath::test
