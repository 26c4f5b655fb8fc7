// Forms of score files, one small file each, by name.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "plumbline/face/input/score_columns.h"
#include "plumbline/face/input/score_text.h"

namespace plumbline::face {

struct Profile {
  std::string_view name;
  std::string_view what;   // whose files these are
  std::string_view wants;  // the columns or lines that it needs

  // Tables (CSV, TSV, Parquet, npy): the parts that columns of this header
  // play. Throws Error(kInvalidInput) for one that is not there, Error(kUsage)
  // for choices that do not fit. Null for forms of text.
  ScoreRoles (*roles)(const FaceInputColumns& columns,
                      const std::vector<std::string>& header,
                      const std::string& file) = nullptr;

  // Text: appends the comparisons of one file. Null for tables.
  void (*read_text)(std::string_view text, const ScoreTextFile& file,
                    ScoreText* scores) = nullptr;

  // Inputs are genuine=FILE or impostor=FILE.
  bool kind_by_file = false;
};

const std::vector<Profile>& Profiles();

// Throws Error(kUsage) that names the nearest, or all.
const Profile& FindProfile(const std::string& name);

// Leaves; each profile is defined in the file of its name.
Profile GenericProfile();
Profile BfwProfile();
Profile BobCsvProfile();
Profile BobTextProfile();
Profile NistLogProfile();
Profile PyeerProfile();

}  // namespace plumbline::face
