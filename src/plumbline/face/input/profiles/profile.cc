#include "plumbline/face/input/profiles/profile.h"

#include <algorithm>
#include <array>

#include "plumbline/base/error.h"
#include "plumbline/base/text.h"
#include "plumbline/face/input/profiles/paired_columns.h"

namespace plumbline::face {
namespace {

// What follows a prefix and is no attribute.
constexpr std::array<std::string_view, 10> kNoAttributes = {
    "subject", "subject_id", "image", "template", "template_id",
    "id",      "key",        "path",  "file",     "session"};

// Every X of ref_X beside probe_X.
std::vector<std::string> AttributesIn(const PairedNames& names,
                                      const std::vector<std::string>& header) {
  std::vector<std::string> attributes;
  for (const std::string& column : header) {
    if (!column.starts_with(names.reference)) continue;
    const std::string name = column.substr(names.reference.size());
    const bool is_attribute =
        !name.empty() && std::find(kNoAttributes.begin(), kNoAttributes.end(),
                                   name) == kNoAttributes.end();
    if (is_attribute && HasColumn(header, std::string(names.probe) + name)) {
      attributes.push_back(name);
    }
  }
  return attributes;
}

std::vector<std::string> ChosenAttributes(const FaceInputColumns& columns,
                                          const std::vector<std::string>& there,
                                          const std::string& file) {
  if (!columns.by.empty() || there.empty()) return columns.by;
  if (HasColumn(there, "group")) return {"group"};
  throw Error(ErrorCode::kUsage,
              "choose with --by which attributes of {} make the groups: {}",
              file, JoinWords(there, "or"));
}

void AddAttributes(const PairedNames& names, const FaceInputColumns& columns,
                   const std::vector<std::string>& header,
                   const std::string& file, ScoreRoles* roles) {
  const std::vector<std::string> there = AttributesIn(names, header);
  if (!columns.subject_table.empty()) {
    const std::vector<std::string>& used =
        columns.by.empty() ? there : columns.by;
    for (const std::string& name : used) {
      const std::string column = std::string(names.reference) + name;
      if (HasColumn(header, column)) {
        ThrowGroupsTwice(file, column, columns.subject_table);
      }
    }
    return;
  }
  for (const std::string& name : ChosenAttributes(columns, there, file)) {
    roles->attributes.push_back(
        {name, NeedColumn(std::string(names.reference) + name, header, file),
         NeedColumn(std::string(names.probe) + name, header, file)});
  }
}

}  // namespace

bool HasColumn(const std::vector<std::string>& header, std::string_view name) {
  return std::find(header.begin(), header.end(), name) != header.end();
}

std::string NeedColumn(const std::string& name,
                       const std::vector<std::string>& header,
                       const std::string& file) {
  if (!HasColumn(header, name)) ThrowNoSuchColumn(file, name, header);
  return name;
}

std::string ChosenColumn(const std::string& chosen, std::string_view otherwise,
                         const std::vector<std::string>& header,
                         const std::string& file) {
  if (!chosen.empty()) return NeedColumn(chosen, header, file);
  return HasColumn(header, otherwise) ? std::string(otherwise) : "";
}

void ThrowGroupsTwice(const std::string& file, const std::string& column,
                      const std::string& subject_table) {
  throw Error(ErrorCode::kUsage,
              "{} has the groups of its subjects (\"{}\"), and the subject "
              "table {} has them too; give one of them",
              file, column, subject_table);
}

ScoreRoles PairedRoles(const PairedNames& names,
                       const FaceInputColumns& columns,
                       const std::vector<std::string>& header,
                       const std::string& file) {
  ScoreRoles roles;
  roles.score =
      NeedColumn(columns.score.empty() ? "score" : columns.score, header, file);
  const std::string subject(names.subject);
  const std::string reference = std::string(names.reference) + subject;
  const std::string probe = std::string(names.probe) + subject;
  roles.reference =
      ChosenColumn(columns.reference_subject, reference, header, file);
  roles.probe = ChosenColumn(columns.probe_subject, probe, header, file);
  if (roles.reference.empty() != roles.probe.empty()) {
    NeedColumn(roles.reference.empty() ? reference : probe, header, file);
  }
  roles.label = ChosenColumn(columns.label, "label", header, file);
  roles.status = ChosenColumn(columns.status, "status", header, file);
  AddAttributes(names, columns, header, file, &roles);
  return roles;
}

const std::vector<Profile>& Profiles() {
  static const std::vector<Profile> profiles = {
      GenericProfile(), BfwProfile(),     BobCsvProfile(),
      BobTextProfile(), NistLogProfile(), PyeerProfile()};
  return profiles;
}

const Profile& FindProfile(const std::string& name) {
  std::vector<std::string> names;
  for (const Profile& profile : Profiles()) {
    if (profile.name == name) return profile;
    names.emplace_back(profile.name);
  }
  throw Error(ErrorCode::kUsage,
              "there is no profile \"{}\"{} The profiles are {}.", name,
              DidYouMean(name, names).empty() ? "." : DidYouMean(name, names),
              JoinWords(names));
}

}  // namespace plumbline::face
