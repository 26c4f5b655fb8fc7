#include "plumbline/cohort/guess_roles.h"

#include <algorithm>
#include <cctype>
#include <set>

namespace plumbline {
namespace {

// Without capital letters, spaces, underscores and hyphens.
std::string Plain(const std::string& name) {
  std::string plain;
  for (const char c : name) {
    if (c == ' ' || c == '_' || c == '-') continue;
    plain += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return plain;
}

using Names = std::set<std::string>;

const Names kSubject = {"patientid", "subjectid", "personid", "subject",
                        "patient",   "mrn",       "empiid"};
const Names kStudy = {"studyid", "study", "studyinstanceuid", "accession",
                      "accessionnumber"};
const Names kImage = {"image",    "imagepath", "path",      "filename",
                      "filepath", "file",      "dicompath", "imagefile"};
const Names kSplit = {"split", "part", "partition", "subset"};
const Names kSite = {"site", "hospital", "institution", "center", "centre"};
const Names kDevice = {"device", "scanner", "manufacturermodelname"};
const Names kTime = {"year", "date", "studydate", "studyyear"};
const Names kReport = {"report", "reporttext", "reportlength"};
const Names kAttributes = {"sex",
                           "gender",
                           "race",
                           "ethnicity",
                           "age",
                           "agegroup",
                           "insurance",
                           "language",
                           "skintype",
                           "skintone",
                           "fitzpatrick",
                           "group",
                           "fitzpatrickskintype",
                           "primaryrace"};
const Names kCovariates = {"view",         "viewposition",   "projection",
                           "manufacturer", "model",          "kvp",
                           "portable",     "bodypart",       "apppa",
                           "appa",         "frontallateral", "exposure",
                           "spacing",      "modality"};
const Names kLabels = {"atelectasis",
                       "cardiomegaly",
                       "consolidation",
                       "edema",
                       "effusion",
                       "pleuraleffusion",
                       "emphysema",
                       "fibrosis",
                       "hernia",
                       "infiltration",
                       "mass",
                       "nodule",
                       "pleuralthickening",
                       "pneumonia",
                       "pneumothorax",
                       "nofinding",
                       "enlargedcardiomediastinum",
                       "lungopacity",
                       "lunglesion",
                       "pleuralother",
                       "fracture",
                       "supportdevices",
                       "malignant",
                       "melanoma",
                       "label",
                       "target",
                       "diagnosis",
                       "disease"};

bool IsTaken(const std::string& name, const CohortRoles& roles) {
  const auto in = [&](const std::vector<std::string>& names) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  if (in(roles.labels) || in(roles.attributes) || in(roles.covariates)) {
    return true;
  }
  for (const std::string* one :
       {&roles.subject, &roles.study, &roles.image, &roles.split, &roles.site,
        &roles.device, &roles.time, &roles.report}) {
    if (*one == name) return true;
  }
  return false;
}

}  // namespace

std::vector<std::string> GuessRoles(const std::vector<std::string>& header,
                                    CohortRoles* roles) {
  std::vector<std::string> taken;
  const bool no_labels = roles->labels.empty();
  const bool no_attributes = roles->attributes.empty();
  const bool no_covariates = roles->covariates.empty();
  const std::pair<const Names*, std::pair<std::string*, const char*>> single[] =
      {{&kSubject, {&roles->subject, "subject"}},
       {&kStudy, {&roles->study, "study"}},
       {&kImage, {&roles->image, "image"}},
       {&kSplit, {&roles->split, "split"}},
       {&kSite, {&roles->site, "site"}},
       {&kDevice, {&roles->device, "device"}},
       {&kTime, {&roles->time, "time"}},
       {&kReport, {&roles->report, "report"}}};
  for (const std::string& name : header) {
    if (IsTaken(name, *roles)) continue;
    const std::string plain = Plain(name);
    const char* role = nullptr;
    for (const auto& [names, place] : single) {
      if (!names->contains(plain) || !place.first->empty()) continue;
      *place.first = name;
      role = place.second;
      break;
    }
    if (role == nullptr && no_labels &&
        (kLabels.contains(plain) || name.starts_with("y_"))) {
      roles->labels.push_back(name);
      role = "a label";
    } else if (role == nullptr && no_attributes &&
               kAttributes.contains(plain)) {
      roles->attributes.push_back(name);
      role = "an attribute";
      const bool has_bins =
          std::any_of(roles->bins.begin(), roles->bins.end(),
                      [&](const BinRule& rule) { return rule.column == name; });
      if (plain == "age" && !has_bins) {
        roles->bins.push_back({name, {0, 40, 60, 80}});
      }
    } else if (role == nullptr && no_covariates &&
               kCovariates.contains(plain)) {
      roles->covariates.push_back(name);
      role = "a covariate";
    }
    if (role != nullptr) taken.push_back(name + " as " + role);
  }
  return taken;
}

}  // namespace plumbline
