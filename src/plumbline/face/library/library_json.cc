#include "plumbline/face/library/library_json.h"

#include <fmt/format.h>

#include <filesystem>

namespace plumbline::face {
namespace {

Json CountsJson(const TemplateCounts& counts) {
  Json refused = Json::object();
  for (const auto& [code, count] : counts.refused) {
    refused[std::to_string(code)] = count;
  }
  return {{"attempts", counts.attempts},
          {"made", counts.made},
          {"crashed", counts.crashed},
          {"timed_out", counts.timed_out},
          {"refused", refused}};
}

Json VersionJson(int major, int minor) {
  if (major < 0) return nullptr;
  return minor < 0 ? fmt::format("{}", major)
                   : fmt::format("{}.{}", major, minor);
}

Json LayersJson(uint32_t layers) {
  constexpr std::pair<HostLayer, const char*> kNames[] = {
      {kNamespaces, "namespaces"},
      {kLandlock, "landlock"},
      {kSeccomp, "seccomp"},
      {kLimits, "limits"}};
  Json names = Json::array();
  for (const auto& [layer, name] : kNames) {
    if ((layers & layer) != 0) names.push_back(name);
  }
  return names;
}

}  // namespace

Json ToJson(const LibraryRun& run, const LibraryOptions& options) {
  return {
      {"name", std::filesystem::path(options.host.library).filename().string()},
      {"interface", NameOf(run.file.interface)},
      {"api_version", VersionJson(run.report.api_major, run.report.api_minor)},
      {"structs_version",
       VersionJson(run.report.structs_major, run.report.structs_minor)},
      {"strings", run.file.new_strings ? "new" : "old"},
      {"methods_verified", run.report.slots_verified},
      {"confinement", LayersJson(run.report.layers)},
      {"enrolment", CountsJson(run.enrolment)},
      {"verification", CountsJson(run.verification)},
      {"template_bytes", {run.smallest_template, run.largest_template}},
      {"matches", run.matches},
      {"match_failures", run.match_failures},
      {"match_crashes", run.match_crashes},
      {"match_time_outs", run.match_time_outs},
      {"invalid_scores", run.invalid_scores},
      {"valid_scores", run.valid_scores},
      {"different_scores", run.different_scores},
      {"repeated", run.repeated},
      {"repeated_otherwise", run.repeated_otherwise},
      {"impostor_pairs", run.impostor_pairs},
      {"sampled", run.sampled},
      {"first_trouble", run.first_trouble}};
}

Json SecondsOf(const LibraryRun& run) {
  return {{"templates_in_library", run.seconds_of_templates},
          {"matches_in_library", run.seconds_of_matches},
          {"matches_wall", run.wall_seconds_of_matches}};
}

}  // namespace plumbline::face
