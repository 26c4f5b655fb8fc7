#include "plumbline/cli/run_record.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <ctime>

#include "plumbline/base/thread_pool.h"
#include "plumbline/base/version.h"
#include "plumbline/cli/policy.h"

namespace plumbline {

Json RunRecord(const Run& run, const std::string& schema,
               const Settings& settings,
               const std::vector<TableSource>& sources,
               std::optional<uint64_t> seed, int threads) {
  Json files = Json::array();
  for (const TableSource& source : sources) {
    files.push_back({{"file", source.file},
                     {"rows", source.rows},
                     {"sha256", source.sha256}});
  }
  const double seconds = std::chrono::duration<double>(
                             std::chrono::steady_clock::now() - run.begin)
                             .count();
  Json record = {
      {"schema", "plumbline.run/1"},
      {"command", run.command},
      {"arguments", run.arguments},
      {"settings", settings.ToJson()},
      {"input", files},
      {"versions",
       {{"plumbline", kVersion},
        {"schema", schema},
        {"compiler", __VERSION__}}},
      {"seed", seed ? Json(*seed) : Json()},
      {"started", fmt::format("{:%Y-%m-%dT%H:%M:%SZ}",
                              fmt::gmtime(std::chrono::system_clock::to_time_t(
                                  run.started)))},
      {"timing",
       {{"seconds", Number(seconds)},
        {"threads", threads > 0 ? threads : DefaultThreads()}}}};
  if (settings.policy()) record["policy"] = PolicyJson(*settings.policy());
  return record;
}

Json SharedRunRecord(Json record) {
  for (const char* key : {"arguments", "settings", "input"}) record.erase(key);
  return record;
}

}  // namespace plumbline
