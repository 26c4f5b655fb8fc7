// Any text is a settings file of `plumbline audit` or an Error(kUsage). What it
// sets, shown by --show-settings and read again, is the same.
#include <cstdlib>
#include <string>
#include <string_view>

#include "plumbline/base/error.h"
#include "plumbline/cli/audit_settings.h"
#include "plumbline/cli/settings.h"
#include "plumbline/cli/settings_file.h"

namespace {

using plumbline::Option;
using plumbline::OptionGroup;
using plumbline::OptionKind;
using plumbline::Settings;

void Require(bool holds) {
  if (!holds) std::abort();
}

Settings Read(std::string_view text, const plumbline::OptionTables& tables) {
  auto read = plumbline::ParseSettingsFile(text, "input", tables);
  return Settings(tables.at("audit"), "input", read["audit"], {}, {});
}

void RequireEqual(const Settings& a, const Settings& b, const Option& option) {
  switch (option.kind) {
    case OptionKind::kFlag:
      Require(a.Flag(option.name) == b.Flag(option.name));
      break;
    case OptionKind::kText:
      Require(a.Text(option.name) == b.Text(option.name));
      break;
    case OptionKind::kList:
    case OptionKind::kRepeated:
      Require(a.List(option.name) == b.List(option.name));
      break;
  }
}

void RequireSameWhenShown(const Settings& settings,
                          const plumbline::OptionTables& tables) {
  const std::string shown = settings.ToToml("audit");
  const Settings again = Read(shown, tables);
  for (const OptionGroup& group : tables.at("audit")) {
    for (const Option& option : group.options) {
      const std::string_view name = option.name;
      if (name == "config" || name == "show-settings") continue;
      RequireEqual(settings, again, option);
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const plumbline::OptionTables kTables = {
      {"audit", plumbline::AuditOptionGroups()}};
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    const Settings settings = Read(text, kTables);
    // Outside the reach of the handler: what is shown must be readable.
    [&]() noexcept { RequireSameWhenShown(settings, kTables); }();
    plumbline::ReadAuditOptions(settings,
                                plumbline::ReadAuditColumns(settings).by);
  } catch (const plumbline::Error& error) {
    Require(error.code() == plumbline::ErrorCode::kUsage);
    Require(error.what()[0] != '\0');
  }
  return 0;
}
