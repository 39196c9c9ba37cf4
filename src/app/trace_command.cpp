#include <algorithm>
#include <optional>
#include <utility>

#include "app/commands.h"
#include "app/complain.h"
#include "app/evidence.h"
#include "app/live_run.h"
#include "app/outputs.h"
#include "app/plan_run.h"
#include "app/progress.h"
#include "app/run_report.h"
#include "smtpath/io/capture.h"
#include "smtpath/io/clock.h"
#include "smtpath/io/interrupt.h"
#include "smtpath/io/privileges.h"
#include "smtpath/io/raw_sender.h"
#include "smtpath/io/routes.h"
#include "smtpath/io/source_ports.h"
#include "smtpath/report/run_status.h"

namespace smtpath::app {

namespace {

/// All that a run holds open. The order of opening is the order of privileges: files and capture as who we are, sockets
/// as the user that firewall rules are to see, and then nothing more for the rest of the run.
struct Opened {
  Outputs outputs;
  std::optional<Evidence> evidence;
  io::Capture capture;
  io::RawSender sender;
  io::SourcePorts source_ports;
  std::string user;
};

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

std::variant<Opened, Failure> open_everything(const TraceOptions& options) {
  auto outputs = Outputs::open(options.output);
  if (!outputs) return Failure{outputs.error(), ExitStatus::OutputFailed};
  std::optional<Evidence> evidence;
  if (options.evidence) {
    auto opened = Evidence::open(*options.evidence);
    if (!opened) return Failure{opened.error(), ExitStatus::OutputFailed};
    evidence.emplace(std::move(opened).value());
  }
  auto capture = io::Capture::open(options.interface);
  if (!capture) return Failure{capture.error(), ExitStatus::NoPermission};
  auto user = io::assume_user(options.user);
  if (!user) return Failure{user.error(), ExitStatus::Usage};
  auto sender = io::RawSender::open(options.interface);
  if (!sender) return Failure{sender.error(), ExitStatus::NoPermission};
  auto source_ports = io::SourcePorts::hold();
  if (!source_ports) return Failure{source_ports.error(), ExitStatus::Internal};
  if (const auto dropped = io::drop_all(); !dropped) return Failure{dropped.error(), ExitStatus::NoPermission};
  return Opened{.outputs = std::move(outputs).value(),
                .evidence = std::move(evidence),
                .capture = std::move(capture).value(),
                .sender = std::move(sender).value(),
                .source_ports = std::move(source_ports).value(),
                .user = std::move(user).value()};
}

ExitStatus finish_outputs(Opened& opened, ExitStatus status) {
  auto written = opened.outputs.finish();
  if (opened.evidence) {
    const auto kept = opened.evidence->finish();
    if (written.ok() && !kept.ok()) written = kept;
  }
  return written.ok() ? status : complain(written.error(), ExitStatus::OutputFailed);
}

ExitStatus give_up(Opened& opened, const Error& error, ExitStatus status) {
  if (opened.evidence) opened.evidence->abandon();
  return complain(error, status);
}

}  // namespace

ExitStatus trace(const TraceOptions& options) {
  if (const auto failure = check_system(options)) return complain(failure->error, failure->status);
  auto result = open_everything(options);
  if (const auto* failure = std::get_if<Failure>(&result)) return complain(failure->error, failure->status);
  Opened& opened = std::get<Opened>(result);

  io::Clock clock;
  const auto plan = plan_run(
      {.options = options, .source_ports = opened.source_ports.ports(), .user = opened.user, .started = clock.now()});
  if (!plan) return give_up(opened, plan.error(), ExitStatus::Internal);
  const std::string filter = capture_filter(plan.value());
  if (const auto set = opened.capture.set_filter(filter); !set) {
    return give_up(opened, set.error(), ExitStatus::Internal);
  }
  auto interrupt = io::Interrupt::open();
  if (!interrupt) return give_up(opened, interrupt.error(), ExitStatus::Internal);
  if (opened.evidence) opened.evidence->begin(plan.value(), opened.capture, filter);

  Progress progress(!options.output.quiet);
  LiveRun run(plan.value(), options.tracer, options.rate,
              {.capture = opened.capture,
               .sender = opened.sender,
               .interrupt = interrupt.value(),
               .clock = clock,
               .evidence = opened.evidence ? &*opened.evidence : nullptr,
               .progress = progress});
  const auto& targets = plan.value().targets;
  const auto done = run.run([&](std::size_t index) {
    const auto target = std::find_if(targets.begin(), targets.end(), [&](const auto& t) { return t.index == index; });
    opened.outputs.write_target(report_target(*target, plan.value(), run.observer()));
  });
  if (!done) return give_up(opened, done.error(), ExitStatus::Internal);

  const report::RunReport report = report_run(plan.value(), run.observer(), report::Mode::Live, run.end());
  opened.outputs.write_run(report);
  const auto status = static_cast<ExitStatus>(report::exit_status_of(report));
  return finish_outputs(opened, run.was_interrupted() ? ExitStatus::Interrupted : status);
}

}  // namespace smtpath::app
