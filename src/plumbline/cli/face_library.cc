#include "plumbline/cli/face_library.h"

#include "plumbline/base/communicator.h"
#include "plumbline/base/file.h"
#include "plumbline/base/hash.h"
#include "plumbline/base/log.h"
#include "plumbline/base/thread_pool.h"
#include "plumbline/face/audit/library_checks.h"
#include "plumbline/face/library/library_images.h"

namespace plumbline {

OptionGroup FaceLibraryGroup() {
  using enum OptionKind;
  return {
      "A library with NIST's one-to-one interface",
      {
          {"library", kText, "FILE.so",
           "let this library compare all pictures; the input is then a table "
           "of pictures: subject, path and attributes. It runs in a confined "
           "process of its own"},
          {"library-config", kText, "DIR", "its configuration, read-only"},
          {"image", kText, "COLUMN",
           "paths of the pictures (PGM or PPM); below the table's folder",
           "path"},
          {"library-interface", kText, "4|5|face-iris",
           "version of the interface, where the library does not say"},
          {"impostors", kText, "N",
           "impostor comparisons at most; if there are more, so many are drawn "
           "at random",
           "10000000"},
          {"call-limit", kText, "SECONDS",
           "after which a call has failed and its process is ended", "30"},
          {"library-memory", kText, "GB", "memory of each of its processes",
           "8"},
      }};
}

namespace {

face::LibraryOptions ReadLibraryOptions(const Settings& settings,
                                        const face::FaceAuditOptions& audit) {
  face::LibraryOptions options;
  options.host.library = settings.Text("library");
  options.host.config = settings.Text("library-config");
  if (options.host.config.empty()) {
    settings.Fail("library", options.host.library,
                  "needs --library-config DIR, the folder that the vendor "
                  "gave with it (an empty one, if none)");
  }
  for (const char* other :
       {"embeddings", "profile", "subject-table", "distance", "score",
        "assert-independent", "label", "status", "calibrate-on"}) {
    if (settings.Has(other)) {
      settings.Fail(other, settings.Text(other), "does not go with --library");
    }
  }
  options.host.workers = audit.threads > 0 ? audit.threads : DefaultThreads();
  options.host.call_limit_seconds = settings.Number(
      "call-limit", [](double s) { return s >= 0.1 && s <= 86'400; },
      "seconds from 0.1 to 86,400");
  options.host.memory_bytes =
      settings.Integer("library-memory", 1, 4096,
                       "whole gigabytes from 1 to 4,096")
      << 30;
  options.most_impostors =
      settings.Integer("impostors", 1000, 1'000'000'000,
                       "a whole number from 1,000 to 1,000,000,000");
  options.seed = audit.seed;
  if (WorldCommunicator().size() > 1) {
    throw Error(ErrorCode::kUsage,
                "--library starts processes of its own; run it without mpirun "
                "(--threads says how many)");
  }
  const std::string interface = settings.Text("library-interface");
  if (!interface.empty()) {
    settings.Parsed("library-interface",
                    [&] { return face::ParseFrvtInterface(interface); });
  }
  options.host.file =
      face::ReadLibraryFile(MappedFile(options.host.library).bytes(),
                            options.host.library, interface);
  return options;
}

}  // namespace

LibraryAudit AuditFaceLibrary(const Settings& settings,
                              const std::vector<std::string>& inputs,
                              const face::FaceInputColumns& columns,
                              const face::FaceAuditOptions& options,
                              face::FaceInput* input) {
  LibraryAudit audit;
  audit.options = ReadLibraryOptions(settings, options);
  face::LibraryImages images =
      face::ReadLibraryImages(inputs, columns, settings.Text("image"));
  *input = std::move(images.images.input);
  input->profile = "library";
  audit.run = face::ScoreWithLibrary(images, audit.options, columns, input);
  if (!audit.run.first_trouble.empty()) {
    LogWarning("{}: {}", audit.options.host.library, audit.run.first_trouble);
  }
  input->sources.push_back(
      {.file = audit.options.host.library,
       .first_row = 0,
       .rows = 0,
       .sha256 = Sha256OfFile(audit.options.host.library)});
  audit.result = face::AuditFaces(*input, options);
  face::AddEnrolment(*input, images.images.subject_of_row, audit.run, options,
                     &audit.result);
  face::AddTransactions(*input, images.images.subject_of_row, audit.run,
                        columns.failures, options.level, &audit.result);
  face::AddLibraryChecks(audit.run, &audit.result);
  return audit;
}

}  // namespace plumbline
