#include <cmath>

#include "plumbline/base/version.h"
#include "plumbline/face/audit/face_result.h"
#include "plumbline/face/audit/face_statistics_json.h"

namespace plumbline::face {
namespace {

Json TextOrNull(const char* text) {
  return text == nullptr ? Json(nullptr) : Json(text);
}

Json RateJson(const FaceRate& rate, double level) {
  const RateEstimate& estimate = rate.rate;
  Json json = {{"value", Number(estimate.value)},
               {"lo", Number(estimate.lo)},
               {"hi", Number(estimate.hi)},
               {"level", level},
               {"n", estimate.n},
               {"subjects", estimate.subjects},
               {"events", estimate.events},
               {"design_effect", Number(estimate.design_effect)},
               {"method", estimate.method},
               {"reason", TextOrNull(rate.reason)}};
  if (!std::isnan(estimate.conservative_hi)) {
    json["conservative_hi"] = estimate.conservative_hi;
  }
  return json;
}

class Writer {
 public:
  Writer(const FaceAuditResult& result, const FaceInput& input,
         const FaceAuditOptions& options)
      : result_(result), input_(input), options_(options) {}

  Json At(int threshold) const { return result_.thresholds[threshold].at.text; }
  Json GroupName(int group) const {
    return group < 0 ? Json(nullptr) : Json(input_.groups.Name(group));
  }
  Json AttributesOf(int grouping) const {
    Json names = Json::array();
    for (const int a : input_.groups.groupings[grouping].attributes) {
      names.push_back(input_.groups.attributes[a].name);
    }
    return names;
  }
  Json LevelsOf(int group) const {
    const Group& entry = input_.groups.groups[group];
    const Grouping& grouping = input_.groups.groupings[entry.grouping];
    Json levels = Json::object();
    for (size_t a = 0; a < grouping.attributes.size(); ++a) {
      const CategoricalColumn& attribute =
          input_.groups.attributes[grouping.attributes[a]];
      levels[attribute.name] = entry.levels[a] == kMissingCode
                                   ? Json(nullptr)
                                   : Json(attribute.levels[entry.levels[a]]);
    }
    return levels;
  }
  Json Rate(const FaceRate& rate) const {
    return RateJson(rate, options_.level);
  }

  Json Thresholds() const {
    Json list = Json::array();
    for (const FaceThreshold& entry : result_.thresholds) {
      list.push_back(
          {{"at", entry.at.text},
           {"target", Number(entry.at.target)},
           {"source", entry.source},
           {"value", Number(entry.fitted.value)},
           {"achieved_fmr", Number(entry.fitted.achieved)},
           {"comparisons", entry.fitted.comparisons},
           {"accepted", entry.fitted.accepted},
           {"reason",
            entry.fitted.reachable ? Json(nullptr) : Json("unreachable")}});
    }
    return list;
  }
  Json Groupings() const {
    Json list = Json::array();
    for (size_t k = 0; k < input_.groups.groupings.size(); ++k) {
      const Grouping& grouping = input_.groups.groupings[k];
      Json levels = Json::array();
      for (int g = 0; g < grouping.group_count; ++g) {
        levels.push_back(GroupName(grouping.first_group + g));
      }
      list.push_back({{"attributes", AttributesOf(static_cast<int>(k))},
                      {"levels", levels}});
    }
    return list;
  }
  Json Groups() const {
    Json list = Json::array();
    for (const FaceGroup& entry : result_.groups) {
      const Group& group = input_.groups.groups[entry.group];
      list.push_back(
          {{"at", At(entry.threshold)},
           {"grouping", AttributesOf(group.grouping)},
           {"name", GroupName(entry.group)},
           {"attributes", LevelsOf(entry.group)},
           {"subjects", group.rows},
           {"fmr", Rate(entry.fmr)},
           {"fnmr", Rate(entry.fnmr)},
           {"own_threshold", Number(entry.own_threshold)},
           {"specification", TextOrNull(entry.specification)},
           {"failed_impostor", input_.failed.impostor_of_group[entry.group]},
           {"failed_genuine", input_.failed.genuine_of_group[entry.group]}});
    }
    return list;
  }
  Json Transactions() const {
    Json list = Json::array();
    for (const FaceTransaction& entry : result_.transactions) {
      const Group& group = input_.groups.groups[entry.group];
      list.push_back({{"at", At(entry.threshold)},
                      {"grouping", AttributesOf(group.grouping)},
                      {"name", GroupName(entry.group)},
                      {"far", Rate(entry.far)},
                      {"frr", Rate(entry.frr)},
                      {"gfar", Rate(entry.gfar)},
                      {"gfrr", Rate(entry.gfrr)}});
    }
    return list;
  }
  Json Enrolment() const {
    Json list = Json::array();
    for (const FaceEnrolment& entry : result_.enrolment) {
      const Group& group = input_.groups.groups[entry.group];
      list.push_back({{"grouping", AttributesOf(group.grouping)},
                      {"name", GroupName(entry.group)},
                      {"subjects", group.rows},
                      {"fte", Rate(entry.fte)},
                      {"fta", Rate(entry.fta)},
                      {"people", Rate(entry.people)}});
    }
    return list;
  }
  Json Cells() const {
    Json list = Json::array();
    for (const FaceCell& entry : result_.cells) {
      list.push_back({{"at", At(entry.threshold)},
                      {"grouping", AttributesOf(entry.grouping)},
                      {"reference", GroupName(entry.reference)},
                      {"probe", GroupName(entry.probe)},
                      {"fmr", Rate(entry.fmr)}});
    }
    return list;
  }
  Json Designs() const {
    Json list = Json::array();
    for (const FaceDesign& entry : result_.designs) {
      list.push_back({{"at", At(entry.threshold)},
                      {"design", entry.design},
                      {"grouping", entry.attributes},
                      {"fmr", Rate(entry.fmr)}});
    }
    return list;
  }
  Json Disparities() const {
    Json list = Json::array();
    for (const FaceDisparity& entry : result_.disparities) {
      list.push_back({{"at", At(entry.threshold)},
                      {"grouping", AttributesOf(entry.grouping)},
                      {"error", entry.error},
                      {"measure", entry.measure},
                      {"label", entry.label},
                      {"value", Number(entry.value)},
                      {"lo", Number(entry.lo)},
                      {"hi", Number(entry.hi)},
                      {"level", options_.level},
                      {"method", entry.method},
                      {"neutral", entry.neutral},
                      {"worst", GroupName(entry.worst)},
                      {"best", GroupName(entry.best)},
                      {"reason", TextOrNull(entry.reason)},
                      {"summary", entry.summary},
                      {"source", entry.source}});
    }
    return list;
  }
  Json Ratios() const {
    Json list = Json::array();
    for (const FaceRatio& entry : result_.ratios) {
      list.push_back(
          {{"at", At(entry.threshold)},
           {"grouping", AttributesOf(entry.grouping)},
           {"error", NameOf(entry.error)},
           {"group", GroupName(entry.group)},
           {"reference", GroupName(entry.reference)},
           {"value", Number(entry.ratio.value)},
           {"lo", Number(entry.ratio.lo)},
           {"hi", Number(entry.ratio.hi)},
           {"level", options_.level},
           {"n", entry.n},
           {"subjects", entry.subjects},
           {"method", "log_normal"},
           {"p", Number(entry.ratio.p)},
           {"p_adjusted", Number(entry.p_adjusted)},
           {"reason",
            std::isnan(entry.ratio.value) ? Json("zero_rate") : Json(nullptr)},
           {"outcome", entry.outcome},
           {"equivalence",
            {{"limit", options_.equivalence_ratio},
             {"p", Number(entry.equivalence.p)},
             {"shown", entry.equivalence.shown}}}});
    }
    return list;
  }
  Json Omnibus() const {
    Json list = Json::array();
    for (const FaceOmnibus& entry : result_.omnibus) {
      list.push_back(
          {{"at", At(entry.threshold)},
           {"grouping", AttributesOf(entry.grouping)},
           {"error", NameOf(entry.error)},
           {"groups", entry.test.groups},
           {"statistic", Number(entry.test.statistic)},
           {"p", Number(entry.test.p)},
           {"method", entry.method},
           {"reason",
            entry.reason == nullptr ? Json(nullptr) : Json(entry.reason)}});
    }
    return list;
  }
  Json Det() const {
    Json list = Json::array();
    for (const FaceDet& entry : result_.det) {
      Json points = Json::array();
      for (const DetPoint& point : entry.curve.points) {
        points.push_back({Number(point.threshold), point.fmr, point.fnmr});
      }
      Json marks = Json::array();
      for (size_t t = 0; t < entry.marks.size(); ++t) {
        marks.push_back({{"at", At(static_cast<int>(t))},
                         {"fmr", Number(entry.marks[t].fmr)},
                         {"fnmr", Number(entry.marks[t].fnmr)}});
      }
      const bool empty = entry.curve.points.empty();
      list.push_back(
          {{"grouping",
            AttributesOf(input_.groups.groups[entry.group].grouping)},
           {"name", GroupName(entry.group)},
           {"points", points},
           {"eer", empty ? Json(nullptr) : Number(entry.curve.eer)},
           {"eer_threshold",
            empty ? Json(nullptr) : Number(entry.curve.eer_threshold)},
           {"marks", marks},
           {"impostor_mean", Number(entry.impostor.mean)},
           {"impostor_sd", Number(entry.impostor.sd)},
           {"genuine_mean", Number(entry.genuine.mean)},
           {"genuine_sd", Number(entry.genuine.sd)},
           {"d_prime", Number(DPrime(entry.impostor, entry.genuine))}});
    }
    return list;
  }
  Json LabelNoise() const {
    Json list = Json::array();
    for (const FaceLabelNoise& entry : result_.label_noise) {
      list.push_back({{"at", At(entry.threshold)},
                      {"name", GroupName(entry.group)},
                      {"removed", entry.removed},
                      {"fmr", Number(entry.fmr)}});
    }
    return list;
  }
  Json SampleSize() const {
    Json list = Json::array();
    for (const FaceNeed& entry : result_.needs) {
      list.push_back(
          {{"at", At(entry.threshold)},
           {"name", GroupName(entry.group)},
           {"design_effect", Number(entry.design_effect)},
           {"smallest_ratio_detectable", Number(entry.smallest_ratio)},
           {"errors_for_30_percent", Number(entry.errors_for_30_percent)},
           {"errors_for_10_percent", Number(entry.errors_for_10_percent)},
           {"errors_seen", entry.errors_seen}});
    }
    return list;
  }
  Json Gates() const {
    Json list = Json::array();
    for (const FaceGate& entry : result_.gates) {
      list.push_back(
          {{"text", entry.text},
           {"outcome", entry.answer == GateAnswer::kMet      ? "met"
                       : entry.answer == GateAnswer::kFailed ? "failed"
                                                             : "cannot_tell"},
           {"sentence", entry.sentence}});
    }
    return list;
  }
  Json Findings() const {
    Json list = Json::array();
    for (const FaceFinding& entry : result_.findings) {
      list.push_back({{"code", entry.code},
                      {"severity", entry.severity},
                      {"sentence", entry.sentence},
                      {"action", entry.action},
                      {"value", Number(entry.value)},
                      {"lo", Number(entry.lo)},
                      {"hi", Number(entry.hi)},
                      {"n", entry.n},
                      {"subjects", entry.subjects}});
    }
    return list;
  }
  Json Limitations() const {
    Json list = Json::array();
    for (const FaceLimitation& entry : result_.limitations) {
      list.push_back({{"code", entry.code}, {"text", entry.text}});
    }
    return list;
  }

 private:
  const FaceAuditResult& result_;
  const FaceInput& input_;
  const FaceAuditOptions& options_;
};

Json FilesJson(const std::vector<TableSource>& sources) {
  Json files = Json::array();
  for (const TableSource& source : sources) {
    files.push_back({{"file", source.file},
                     {"rows", source.rows},
                     {"sha256", source.sha256.empty() ? Json(nullptr)
                                                      : Json(source.sha256)}});
  }
  return files;
}

Json CalibrationJson(const FaceCalibration& calibration) {
  if (!calibration.used) return nullptr;
  return {{"files", FilesJson(calibration.sources)},
          {"subjects", calibration.subjects},
          {"shared_subjects", calibration.shared_subjects},
          {"impostor_comparisons", calibration.impostor_comparisons}};
}

Json InputJson(const FaceAuditResult& result, const FaceInput& input,
               const FaceInputColumns& columns) {
  return {
      {"kind", input.profile == "embeddings" || input.profile == "library"
                   ? input.profile
                   : "scores"},
      {"profile", input.profile},
      {"files", FilesJson(input.sources)},
      {"subjects", input.independent ? Json(nullptr) : Json(input.subjects)},
      {"impostor_comparisons", result.impostor_comparisons},
      {"genuine_comparisons", input.genuine.size()},
      {"failed",
       {{"impostor", input.failed.impostor},
        {"genuine", input.failed.genuine}}},
      {"distance", columns.distance},
      {"independent", input.independent},
      {"calibration", CalibrationJson(result.calibration)}};
}

Json OptionsJson(const FaceInputColumns& columns,
                 const FaceAuditOptions& options) {
  Json at = Json::array();
  for (const OperatingPoint& point : options.at) at.push_back(point.text);
  return {
      {"by", columns.by},
      {"cross", columns.cross},
      {"at", at},
      {"threshold_from",
       options.threshold_group.empty() ? "pooled" : options.threshold_group},
      {"failures", NameOf(columns.failures)},
      {"replicates", options.replicates},
      {"level", options.level},
      {"reference", options.reference},
      {"equivalence_ratio", options.equivalence_ratio},
      {"fmr_weight", options.fmr_weight},
      {"minimum_subjects", options.minimum_subjects},
      {"minimum_comparisons", options.minimum_comparisons},
      {"weights", options.group_weights},
      {"bootstrap", options.two_level ? "two-level" : "vertex"},
      {"permutations", options.permutations},
      {"identify", options.gallery_sizes},
      {"gallery", NameOf(options.gallery)},
      {"rank", options.rank},
      {"seed", options.seed}};
}

// Thresholds of distances as distances besides.
Json WithDistances(Json thresholds, bool distance) {
  for (Json& entry : thresholds) {
    const Json value = entry.at("value");
    entry["distance"] = distance && value.is_number()
                            ? Json(0 - value.get<double>())
                            : Json(nullptr);
  }
  return thresholds;
}

}  // namespace

Json ToJson(const FaceAuditResult& result, const FaceInput& input,
            const FaceInputColumns& columns, const FaceAuditOptions& options) {
  const Writer writer(result, input, options);
  return {{"schema", "plumbline.face/1"},
          {"plumbline", kVersion},
          {"title", ""},
          {"input", InputJson(result, input, columns)},
          {"options", OptionsJson(columns, options)},
          {"thresholds", WithDistances(writer.Thresholds(), columns.distance)},
          {"groupings", writer.Groupings()},
          {"groups", writer.Groups()},
          {"cells", writer.Cells()},
          {"designs", writer.Designs()},
          {"disparities", writer.Disparities()},
          {"ratios", writer.Ratios()},
          {"cross_ratios", CrossRatiosJson(result, input, options)},
          {"omnibus", writer.Omnibus()},
          {"det", writer.Det()},
          {"shifts", ShiftsJson(result, input, options)},
          {"identification", IdentificationJson(result, input, options)},
          {"label_noise", writer.LabelNoise()},
          {"sample_size", writer.SampleSize()},
          {"enrolment", writer.Enrolment()},
          {"transactions", writer.Transactions()},
          {"gates", writer.Gates()},
          {"findings", writer.Findings()},
          {"limitations", writer.Limitations()}};
}

}  // namespace plumbline::face
