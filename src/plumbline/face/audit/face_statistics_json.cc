#include "plumbline/face/audit/face_statistics_json.h"

#include <cmath>

#include "plumbline/face/audit/grouping_audit.h"

namespace plumbline::face {
namespace {

Json TextOrNull(const char* text) {
  return text == nullptr ? Json(nullptr) : Json(text);
}

Json SearchRateJson(const IdentificationRate& rate, double level) {
  return {{"value", Number(rate.value)},
          {"lo", Number(rate.lo)},
          {"hi", Number(rate.hi)},
          {"level", level},
          {"n", rate.n},
          {"subjects", rate.subjects},
          {"method", rate.method},
          {"reason", TextOrNull(rate.reason)}};
}

}  // namespace

Json CrossRatiosJson(const FaceAuditResult& result, const FaceInput& input,
                     const FaceAuditOptions& options) {
  Json list = Json::array();
  for (const FaceCrossRatio& entry : result.cross_ratios) {
    const RatioEstimate& ratio = entry.ratio;
    list.push_back({{"at", result.thresholds[entry.threshold].at.text},
                    {"grouping", AttributesOf(input, entry.grouping)},
                    {"kind", entry.kind},
                    {"reference", input.groups.Name(entry.reference)},
                    {"probe", input.groups.Name(entry.probe)},
                    {"over_reference", input.groups.Name(entry.over_reference)},
                    {"over_probe", input.groups.Name(entry.over_probe)},
                    {"value", Number(ratio.value)},
                    {"lo", Number(ratio.lo)},
                    {"hi", Number(ratio.hi)},
                    {"level", options.level},
                    {"n", entry.n},
                    {"method", "log_normal"},
                    {"correlation", Number(entry.correlation)},
                    {"p", Number(ratio.p)},
                    {"p_adjusted", Number(entry.p_adjusted)},
                    {"reason", std::isnan(ratio.value) ? Json("zero_rate")
                                                       : Json(nullptr)}});
  }
  return list;
}

Json IdentificationJson(const FaceAuditResult& result, const FaceInput& input,
                        const FaceAuditOptions& options) {
  Json list = Json::array();
  for (const FaceIdentification& entry : result.identification) {
    const GroupIdentification& searches = entry.searches;
    list.push_back(
        {{"at", result.thresholds[entry.threshold].at.text},
         {"grouping", AttributesOf(input, entry.grouping)},
         {"name", input.groups.Name(entry.group)},
         {"gallery", NameOf(options.gallery)},
         {"size", searches.size},
         {"rank", options.rank},
         {"incomplete_subjects", searches.incomplete},
         {"fpir", SearchRateJson(searches.fpir, options.level)},
         {"fnir", SearchRateJson(searches.fnir, options.level)},
         {"selectivity", SearchRateJson(searches.selectivity, options.level)},
         {"independent_fpir", Number(searches.independent_fpir)}});
  }
  return list;
}

Json ShiftsJson(const FaceAuditResult& result, const FaceInput& input,
                const FaceAuditOptions& options) {
  Json list = Json::array();
  for (const FaceShift& entry : result.shifts) {
    const ScoreShift& shift = entry.shift;
    Json quantiles = Json::array();
    for (const QuantileShift& quantile : shift.quantiles) {
      quantiles.push_back({{"probability", quantile.probability},
                           {"score", Number(quantile.value)},
                           {"reference_score", Number(quantile.reference)},
                           {"shift", Number(quantile.shift)},
                           {"lo", Number(quantile.lo)},
                           {"hi", Number(quantile.hi)}});
    }
    list.push_back({{"grouping", AttributesOf(input, entry.grouping)},
                    {"name", input.groups.Name(entry.group)},
                    {"reference", input.groups.Name(entry.reference)},
                    {"kind", entry.kind},
                    {"n", shift.n},
                    {"reference_n", shift.reference_n},
                    {"subjects", shift.subjects},
                    {"ks", Number(shift.ks)},
                    {"ks_by_chance", Number(shift.ks_by_chance)},
                    {"p", Number(shift.p)},
                    {"p_adjusted", Number(entry.p_adjusted)},
                    {"quantiles", quantiles},
                    {"level", options.level},
                    {"method", "vertex_bootstrap"},
                    {"reason", TextOrNull(entry.reason)}});
  }
  return list;
}

}  // namespace plumbline::face
