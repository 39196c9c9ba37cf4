#include "app/password_source.h"

#include <fmt/format.h>

#include <utility>

#include "smtpath/io/password_input.h"
#include "smtpath/report/escape.h"

namespace smtpath::app {

namespace {

Result<Secret> ask(const std::string& user) {
  auto answer = io::ask_password(fmt::format("Password of {}: ", report::escaped(user)));
  if (answer) return answer;
  return Error{answer.error().message + " (or name --auth-password-file or --auth-password-fd)"};
}

Result<Secret> read_password(const AuthOptions& options) {
  if (options.password_descriptor) return io::read_password(*options.password_descriptor);
  if (options.password_file) return io::read_password_file(*options.password_file);
  return ask(options.user);
}

}  // namespace

Result<smtp::Credentials> read_credentials(const AuthOptions& options) {
  auto password = read_password(options);
  if (!password) return Error{"--auth: " + password.error().message};
  return smtp::Credentials{.user = options.user, .password = std::move(password).value()};
}

}  // namespace smtpath::app
