#include <fmt/format.h>

#include <optional>
#include <utility>

#include "app/commands.h"
#include "app/complain.h"
#include "app/evidence.h"
#include "app/live_run.h"
#include "app/outputs.h"
#include "app/password_source.h"
#include "app/plan_run.h"
#include "app/progress.h"
#include "app/reporter.h"
#include "app/run_report.h"
#include "app/target_list.h"
#include "smtpath/io/capture.h"
#include "smtpath/io/clock.h"
#include "smtpath/io/interrupt.h"
#include "smtpath/io/local_host.h"
#include "smtpath/io/privileges.h"
#include "smtpath/io/raw_sender.h"
#include "smtpath/io/resolver.h"
#include "smtpath/io/routes.h"
#include "smtpath/io/source_ports.h"
#include "smtpath/io/tls_client.h"
#include "smtpath/report/run_status.h"

namespace smtpath::app {

namespace {

struct Failure {
  Error error;
  ExitStatus status;
};

std::optional<Failure> check_system(const TraceOptions& options) {
  if (!io::has_raw_capability()) {
    return Failure{io::missing_raw_capability("trace"), ExitStatus::NoPermission};
  }
  if (options.interface) {
    const auto index = io::interface_index(*options.interface);
    if (!index) return Failure{index.error(), ExitStatus::Usage};
  }
  if (options.source) {
    const auto source = io::check_source(*options.source);
    if (!source) return Failure{source.error(), ExitStatus::Usage};
  }
  return std::nullopt;
}

Error too_many_for_evidence(std::size_t targets) {
  return {fmt::format("--write: {} targets are too many for an evidence file (at most {})", targets,
                      Evidence::kMostTargets)};
}

struct Files {
  Outputs outputs;
  std::optional<Evidence> evidence;

  void abandon() {
    outputs.abandon();
    if (evidence) evidence->abandon();
  }
};

struct Sockets {
  io::Capture capture;
  io::RawSender sender;
  io::SourcePorts source_ports;
  std::string user;
};

/// All that a run holds open. The order of opening is the order of privileges: files, this host's rules and capture as
/// who we are, sockets as the user that firewall rules are to see, and then nothing more for the rest of the run.
struct Opened {
  Files files;
  io::Resolver resolver;
  facts::LocalHost local_host;
  io::CertificateStore certificates;
  Sockets sockets;
};

Result<Files> open_files(const TraceOptions& options) {
  auto outputs = Outputs::open(options.output);
  if (!outputs) return outputs.error();
  Files files{.outputs = std::move(outputs).value(), .evidence = {}};
  if (!options.evidence) return files;
  auto evidence = Evidence::open(*options.evidence);
  if (!evidence) {
    files.abandon();
    return evidence.error();
  }
  files.evidence.emplace(std::move(evidence).value());
  return files;
}

std::variant<Sockets, Failure> open_sockets(const TraceOptions& options) {
  auto capture = io::Capture::open(options.interface);
  if (!capture) return Failure{capture.error(), ExitStatus::NoPermission};
  auto user = io::assume_user(options.user);
  if (!user) return Failure{user.error(), ExitStatus::Usage};
  auto sender = io::RawSender::open(options.interface);
  if (!sender) return Failure{sender.error(), ExitStatus::NoPermission};
  auto source_ports = io::SourcePorts::hold();
  if (!source_ports) return Failure{source_ports.error(), ExitStatus::Internal};
  if (const auto dropped = io::drop_all(); !dropped) return Failure{dropped.error(), ExitStatus::NoPermission};
  return Sockets{.capture = std::move(capture).value(),
                 .sender = std::move(sender).value(),
                 .source_ports = std::move(source_ports).value(),
                 .user = std::move(user).value()};
}

std::variant<Opened, Failure> open_everything(const TraceOptions& options) {
  auto resolver = io::Resolver::open(options.resolver);
  if (!resolver) return Failure{resolver.error(), ExitStatus::NoInput};
  auto files = open_files(options);
  if (!files) return Failure{files.error(), ExitStatus::OutputFailed};
  facts::LocalHost local_host = io::read_local_host();
  auto certificates = io::CertificateStore::open();
  auto sockets = open_sockets(options);
  if (auto* failure = std::get_if<Failure>(&sockets)) {
    files.value().abandon();
    return std::move(*failure);
  }
  return Opened{.files = std::move(files).value(),
                .resolver = std::move(resolver).value(),
                .local_host = std::move(local_host),
                .certificates = std::move(certificates),
                .sockets = std::get<Sockets>(std::move(sockets))};
}

ExitStatus finish(Files& files, ExitStatus status) {
  auto written = files.outputs.finish();
  if (files.evidence) {
    const auto kept = files.evidence->finish();
    if (written.ok() && !kept.ok()) written = kept;
  }
  return written.ok() ? status : complain(written.error(), ExitStatus::OutputFailed);
}

ExitStatus give_up(Files& files, const Error& error, ExitStatus status) {
  files.abandon();
  return complain(error, status);
}

/// No target has an address that can be traced: says why, one line each, and keeps no evidence of nothing.
ExitStatus report_untraceable(Files& files, const report::RunPlan& plan) {
  for (const report::PlannedTarget& target : plan.targets) complain(Error{target.error->text}, ExitStatus::NoHost);
  if (files.evidence) files.evidence->abandon();
  files.outputs.leave_out_text();
  path::Observer observer(plan.plan);
  report::RunTally tally;
  files.outputs.begin(report_beginning(plan, report::Mode::Live));
  Reporter(plan, observer, files.outputs, tally).report_untried();
  files.outputs.end(tally, report_ending(plan, observer, plan.started));
  return finish(files, ExitStatus::NoHost);
}

}  // namespace

ExitStatus trace(const TraceOptions& options) {
  if (const auto failure = check_system(options)) return complain(failure->error, failure->status);
  const auto listed = read_targets(options);
  if (const auto* failure = std::get_if<TargetListFailure>(&listed)) return complain(failure->error, failure->status);
  const auto& targets = std::get<std::vector<std::string>>(listed);
  if (options.evidence && targets.size() > Evidence::kMostTargets) {
    return complain(too_many_for_evidence(targets.size()), ExitStatus::Usage);
  }
  std::optional<smtp::Credentials> credentials;
  if (options.auth) {
    auto read = read_credentials(*options.auth);
    if (!read) return complain(read.error(), ExitStatus::NoInput);
    credentials = std::move(read).value();
  }
  auto result = open_everything(options);
  if (const auto* failure = std::get_if<Failure>(&result)) return complain(failure->error, failure->status);
  Files& files = std::get<Opened>(result).files;
  Sockets& sockets = std::get<Opened>(result).sockets;

  io::Clock clock;
  const auto plan = plan_run({.options = options,
                              .targets = targets,
                              .resolver = std::get<Opened>(result).resolver,
                              .source_ports = sockets.source_ports.ports(),
                              .user = sockets.user,
                              .local_host = std::get<Opened>(result).local_host,
                              .started = clock.now()});
  if (!plan) return give_up(files, plan.error(), ExitStatus::Internal);
  if (plan.value().plan.targets.empty()) return report_untraceable(files, plan.value());
  const std::string filter = capture_filter(plan.value());
  if (const auto set = sockets.capture.set_filter(filter); !set) {
    return give_up(files, set.error(), ExitStatus::Internal);
  }
  auto interrupt = io::Interrupt::open();
  if (!interrupt) return give_up(files, interrupt.error(), ExitStatus::Internal);
  if (files.evidence) {
    const auto begun = files.evidence->begin(plan.value(), sockets.capture, filter);
    if (!begun) return give_up(files, begun.error(), ExitStatus::Usage);
  }

  path::Observer observer(plan.value().plan);
  report::RunTally tally;
  Reporter reporter(plan.value(), observer, files.outputs, tally);
  HopNames names(std::get<Opened>(result).resolver);
  if (options.has_hop_names) reporter.use(names);
  files.outputs.begin(report_beginning(plan.value(), report::Mode::Live));
  reporter.report_untried();

  Progress progress(!options.output.quiet);
  Evidence* const evidence = files.evidence ? &*files.evidence : nullptr;
  TlsaTable tlsa;
  if (options.visits_mail) tlsa = find_tlsa_records(std::get<Opened>(result).resolver, plan.value());
  const MailPlanner mail({.plan = plan.value(),
                          .options = options,
                          .store = std::get<Opened>(result).certificates,
                          .tlsa = tlsa,
                          .evidence = evidence,
                          .credentials = credentials});
  LiveRun run(plan.value(), options.tracer, options.rate,
              {.capture = sockets.capture,
               .sender = sockets.sender,
               .interrupt = interrupt.value(),
               .clock = clock,
               .observer = observer,
               .reporter = reporter,
               .evidence = evidence,
               .progress = progress,
               .mail = options.visits_mail ? &mail : nullptr});
  run.run();
  if (const auto& failure = run.failure()) {
    complain(Error{failure->message + "; the report tells what was known by then"}, ExitStatus::Inconclusive);
  }
  files.outputs.end(tally, report_ending(plan.value(), observer, run.end()));
  return finish(files, run.was_interrupted() ? ExitStatus::Interrupted : static_cast<ExitStatus>(tally.exit_status()));
}

}  // namespace smtpath::app
