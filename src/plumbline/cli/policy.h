// A policy file: what was fixed before the audit, by whom, and the hash that
// shows it has not been changed since.
//
//   [policy]
//   name = "Release of the chest model"
//   version = "3"
//   owner = "Imaging AI committee"
//   approved = "2026-05-04"
//
//   [audit]
//   by = ["sex", "age"]
//   gate = ["fnr gap by sex <= 0.05"]
//
// Every command that has the options of PolicyOptions() can be given one; the
// keys of its table are the command's own options.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "plumbline/cli/option.h"
#include "plumbline/cli/settings_file.h"

namespace plumbline {

struct Policy {
  std::string file;    // as given
  std::string sha256;  // of its bytes, lower-case hexadecimal
  // Free text; "" if not given.
  std::string name;
  std::string version;
  std::string owner;
  std::string approved;
  // What it fixes for the command, by option name.
  std::map<std::string, FileSetting> settings;
};

// --policy and --policy-hash.
OptionGroup PolicyOptions();

// Reads the table of `command`; tables of other commands in `tables` may be
// there, too. Options of where and how results are written are no part of a
// policy and unknown in it. `expected_hash`: "" or a SHA-256, with or without
// "sha256:" before it.
// Throws Error(kUsage): a file that cannot be read, a wrong key with the
// nearest name, another hash than expected.
Policy ReadPolicy(const std::string& file, const std::string& expected_hash,
                  const std::string& command, const OptionTables& tables);

// {file, sha256, name, version, owner, approved, settings: [names], gates},
// without the folder of the file.
nlohmann::ordered_json PolicyJson(const Policy& policy);

}  // namespace plumbline
