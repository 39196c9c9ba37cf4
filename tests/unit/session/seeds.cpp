// Writes what the fuzz target of the session module begins with: session_seeds FOLDER. Frames as session_fuzz.cpp reads
// them.

#include <cstdlib>
#include <fstream>
#include <functional>
#include <iostream>
#include <map>
#include <string>

#include "unit/session/exchange.h"

namespace smtpath::test {
namespace {

void put16(std::string& out, std::size_t number) {
  out += static_cast<char>(number >> 8U & 0xFFU);
  out += static_cast<char>(number & 0xFFU);
}

void write(const std::string& path, const Exchange& talk) {
  std::string out;
  Time before = talk.shown().front().first;
  for (const auto& [time, packet] : talk.shown()) {
    put16(out, static_cast<std::size_t>(std::chrono::duration_cast<std::chrono::milliseconds>(time - before).count()));
    put16(out, packet.size());
    for (const std::byte byte : packet) out += static_cast<char>(byte);
    before = time;
  }
  std::ofstream(path, std::ios::binary) << out;
}

void greet(Exchange& talk) {
  talk.connect();
  talk.server_says("220 mx.example.com ESMTP\r\n");
  talk.client_says("EHLO client.example.org\r\n");
  talk.server_says("250-mx.example.com\r\n250 STARTTLS\r\n");
}

void deliver(Exchange& talk) {
  greet(talk);
  talk.client_says("MAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.com>\r\nDATA\r\n");
  talk.server_says("250 Ok\r\n250 Ok\r\n354 Go\r\n");
  talk.client_says("Subject: x\r\n\r\nText\r\n.\r\n");
  talk.server_says("250 Queued\r\n");
  talk.client_says("QUIT\r\n");
  talk.server_says("221 Bye\r\n");
  talk.close();
}

void start_tls(Exchange& talk) {
  greet(talk);
  talk.client_says("STARTTLS\r\n");
  talk.server_says("220 Go\r\n");
  const std::string hello("\x16\x03\x01\x00\x2f\x01\x00\x00\x2b\x03\x03", 11);
  talk.client_says(hello + std::string(41, 'r'));
  talk.server_says(std::string("\x15\x03\x03\x00\x02\x02\x28", 7));
  talk.server_says("421 mx.example.com lost input connection\r\n");
  talk.close();
}

void lose(Exchange& talk) {
  greet(talk);
  const Sent first = talk.says(Side::Client, "MAIL FROM:<a@example.org>\r\n");
  const Sent second = talk.says(Side::Client, "RCPT TO:<b@example.com>\r\n");
  talk.show(second);
  talk.show(second.with_text("RCPT TO:<c@example.com>\r\n").again());
  talk.show(first);
  talk.says(Side::Server, "250 never captured\r\n");
  talk.client_says("DATA\r\n");
  talk.wait(100ms);
  talk.show(talk.ack(Side::Client).again());
  talk.show_cut(talk.says(Side::Server, "354 cut off\r\n"), 4);
  talk.show(talk.rst(Side::Server).with_ttl(44));
  talk.show(talk.ack(Side::Server).with_window(0));
}

void turn_down(Exchange& talk) {
  const Sent syn = talk.syn();
  talk.show(syn);
  talk.show_icmp(syn, {.type = 3, .code = 13});
  talk.wait(1s);
  talk.show(syn.again());
  talk.show(talk.rst(Side::Server).with_sequence(0));
  talk.begin_anew({.client_isn = 77, .server_isn = 0xFFFFFFF0});
  greet(talk);
  talk.begin_anew({.client_port = Port{40002}, .server_port = Port{2599}});
  talk.connect();
  talk.server_says("220 ready\r\n");
  talk.client_says("EHLO there\r\n");
}

int run(const std::string& folder) {
  const std::map<std::string, std::function<void(Exchange&)>> seeds{
      {"deliver", deliver}, {"lose", lose}, {"start_tls", start_tls}, {"turn_down", turn_down}};
  for (const auto& [name, play] : seeds) {
    for (const Family family : {Family::Ipv4, Family::Ipv6}) {
      if (name == "turn_down" && family == Family::Ipv6) continue;
      Exchange talk({.family = family});
      play(talk);
      write(folder + "/" + name + "_" + std::string(to_string(family)), talk);
    }
  }
  return EXIT_SUCCESS;
}

}  // namespace
}  // namespace smtpath::test

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: session_seeds FOLDER\n";
    return EXIT_FAILURE;
  }
  return smtpath::test::run(argv[1]);
}
