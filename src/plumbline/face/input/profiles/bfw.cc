// The data table of Balanced Faces in the Wild (Robinson et al. 2020):
// fold,p1,p2,label,id1,id2,att1,att2,<model scores>,a1,a2,g1,g2,e1,e2.
#include <array>

#include "plumbline/base/error.h"
#include "plumbline/base/text.h"
#include "plumbline/face/input/profiles/paired_columns.h"
#include "plumbline/face/input/profiles/profile.h"

namespace plumbline::face {
namespace {

struct BfwAttribute {
  std::string_view name;
  std::string_view stem;  // of the columns <stem>1 and <stem>2
};

constexpr std::array<BfwAttribute, 6> kAttributes = {{{"gender", "g"},
                                                      {"sex", "g"},
                                                      {"ethnicity", "e"},
                                                      {"race", "e"},
                                                      {"subgroup", "a"},
                                                      {"att", "att"}}};

constexpr std::array<std::string_view, 14> kOtherColumns = {
    "fold", "p1", "p2", "label", "id1", "id2", "att1",
    "att2", "a1", "a2", "g1",    "g2",  "e1",  "e2"};

const BfwAttribute* Find(const std::string& name) {
  for (const BfwAttribute& attribute : kAttributes) {
    if (attribute.name == name) return &attribute;
  }
  return nullptr;
}

[[noreturn]] void ThrowNoScore(const std::vector<std::string>& header,
                               const std::string& file) {
  std::vector<std::string> models;
  for (const std::string& column : header) {
    bool is_other = column.empty();
    for (const std::string_view other : kOtherColumns) {
      is_other |= column == other;
    }
    if (!is_other) models.push_back(column);
  }
  throw Error(
      ErrorCode::kUsage, "choose with --score which model of {} is audited: {}",
      file,
      models.empty() ? "it has no score column" : JoinWords(models, "or"));
}

ScoreRoles Roles(const FaceInputColumns& columns,
                 const std::vector<std::string>& header,
                 const std::string& file) {
  if (columns.score.empty()) ThrowNoScore(header, file);
  ScoreRoles roles;
  roles.score = NeedColumn(columns.score, header, file);
  roles.reference = NeedColumn(
      columns.reference_subject.empty() ? "id1" : columns.reference_subject,
      header, file);
  roles.probe =
      NeedColumn(columns.probe_subject.empty() ? "id2" : columns.probe_subject,
                 header, file);
  roles.label =
      NeedColumn(columns.label.empty() ? "label" : columns.label, header, file);
  roles.status = ChosenColumn(columns.status, "status", header, file);
  std::vector<std::string> by = columns.by;
  if (by.empty()) by = {"ethnicity", "gender"};
  for (const std::string& name : by) {
    const BfwAttribute* attribute = Find(name);
    if (attribute == nullptr && !columns.subject_table.empty()) continue;
    if (attribute == nullptr) {
      throw Error(ErrorCode::kUsage,
                  "a BFW table has no attribute \"{}\"; it has gender, "
                  "ethnicity, subgroup and att, and others can come from a "
                  "subject table (--subject-table FILE)",
                  name);
    }
    const std::string stem(attribute->stem);
    if (!columns.subject_table.empty()) {
      ThrowGroupsTwice(file, stem + "1", columns.subject_table);
    }
    roles.attributes.push_back({name, NeedColumn(stem + "1", header, file),
                                NeedColumn(stem + "2", header, file)});
  }
  return roles;
}

}  // namespace

Profile BfwProfile() {
  return {.name = "bfw",
          .what = "the data table of Balanced Faces in the Wild",
          .wants =
              "fold,p1,p2,label,id1,id2,att1,att2,<model scores>,a1,a2,"
              "g1,g2,e1,e2",
          .roles = Roles};
}

}  // namespace plumbline::face
