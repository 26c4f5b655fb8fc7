#include "plumbline/audit/slices_json.h"

#include <cmath>

#include "plumbline/base/json.h"

namespace plumbline {
namespace {

Json Half(const SliceHalfSummary& half) {
  return {{"n", half.rows},
          {"subjects", half.subjects},
          {"events", half.errors},
          {"rate", half.rows == 0 ? Json()
                                  : Number(static_cast<double>(half.errors) /
                                           static_cast<double>(half.rows))}};
}

Json IntervalJson(const Interval& interval) {
  return {{"value", Number(interval.value)},
          {"lo", Number(interval.lo)},
          {"hi", Number(interval.hi)}};
}

Json EstimateJson(const SliceEstimate& e, const char* adjustment) {
  Json rest = IntervalJson(e.rest);
  rest["n"] = e.rest_rows;
  rest["events"] = e.rest_errors;
  return {{"n", e.rows},
          {"subjects", e.subjects},
          {"events", e.errors},
          {"design_effect", Number(e.design_effect)},
          {"rate", IntervalJson(e.rate)},
          {"rest", std::move(rest)},
          {"difference", IntervalJson(e.difference)},
          {"excess", IntervalJson(e.excess)},
          {"p", Number(e.p)},
          {"p_beyond_others", Number(e.p_beyond_others)},
          {"p_adjusted", Number(e.p_adjusted)},
          {"adjustment", adjustment},
          {"reason",
           std::isnan(e.difference.value) ? Json("below_minimum") : Json()}};
}

Json Conditions(const FoundSlice& found, const AuditInput& input) {
  Json conditions = Json::object();
  for (const SliceCondition& condition : found.conditions) {
    const CategoricalColumn& column = input.slice_columns[condition.column];
    conditions[column.name] = condition.level == kMissingCode
                                  ? Json()
                                  : Json(column.levels[condition.level]);
  }
  return conditions;
}

Json Search(const SliceResult& slices, const AuditInput& input,
            const AuditOptions& options) {
  const SliceSearchResult& search = slices.search;
  Json found = Json::array();
  for (const FoundSlice& slice : search.found) {
    found.push_back(
        {{"rank", found.size() + 1},
         {"name", SliceName(slice.conditions, input.slice_columns)},
         {"conditions", Conditions(slice, input)},
         {"outcome", slice.confirmed ? "shown" : "insufficient"},
         {"held_out", EstimateJson(slice.held_out, "holm")},
         {"found_on", EstimateJson(slice.found_on, "benjamini_hochberg")}});
  }
  Json detectable = Json::array();
  for (const DetectableSlice& entry : search.detectable) {
    detectable.push_back(
        {{"share", entry.share}, {"difference", Number(entry.difference)}});
  }
  const AuditTarget& target = input.targets[slices.target];
  return {{"target", FindingOf(target)},
          {"model", target.score_column},
          {"metric", slices.metric},
          {"level", options.level},
          {"found_on", Half(search.found_on)},
          {"held_out", Half(search.held_out)},
          {"correlation", Number(search.correlation)},
          {"tested", search.tested},
          {"too_small", search.too_small},
          {"same_as_simpler", search.same_as_simpler},
          {"discoveries", search.discoveries},
          {"redundant", search.redundant},
          {"detectable", std::move(detectable)},
          {"found", std::move(found)}};
}

}  // namespace

Json SlicesJson(const AuditResult& result, const AuditInput& input,
                const AuditOptions& options) {
  Json columns = Json::array();
  for (const CategoricalColumn& column : input.slice_columns) {
    columns.push_back(column.name);
  }
  Json searches = Json::array();
  for (const SliceResult& slices : result.slices) {
    searches.push_back(Search(slices, input, options));
  }
  return {{"columns", std::move(columns)},
          {"depth", options.slices.depth},
          {"fdr", options.slices.fdr},
          {"minimum", options.slices.minimum},
          {"searches", std::move(searches)}};
}

}  // namespace plumbline
