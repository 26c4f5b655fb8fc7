#include "plumbline/face/audit/face_statistics_json.h"

#include "plumbline/face/audit/grouping_audit.h"

namespace plumbline::face {
namespace {

Json TextOrNull(const char* text) {
  return text == nullptr ? Json(nullptr) : Json(text);
}

}  // namespace

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
