// Named pairing designs: any two people, or two who are alike in sex, in sex
// and age, and so on.
//
// Source: NIST FRVT Part 3 report cards (any, same sex, same age, both).
#include <algorithm>

#include "plumbline/face/audit/grouping_audit.h"

namespace plumbline::face {
namespace {

std::string NameOfDesign(const std::vector<std::string>& attributes) {
  if (attributes.empty()) return "any";
  std::string name = "same";
  for (const std::string& attribute : attributes) name += "_" + attribute;
  return name;
}

}  // namespace

std::vector<std::string> AttributesOf(const FaceInput& input, int grouping) {
  std::vector<std::string> names;
  for (const int a : input.groups.groupings[grouping].attributes) {
    names.push_back(input.groups.attributes[a].name);
  }
  return names;
}

void AddDesign(const AuditContext& context,
               const std::vector<std::string>& attributes, int threshold,
               const FalseMatchRates& rates, FaceAuditResult* result) {
  result->designs.push_back(
      {.threshold = threshold,
       .design = NameOfDesign(attributes),
       .attributes = attributes,
       .fmr = Guarded(attributes.empty() ? rates.any : rates.within,
                      context.input.subjects, context.options)});
}

AllAlike MakeAllAlike(const AuditContext& context) {
  const GroupIndex& index = context.input.groups;
  const size_t attributes = index.attributes.size();
  AllAlike all;
  for (const Grouping& grouping : index.groupings) {
    if (grouping.attributes.size() == attributes) return all;
  }
  for (const CategoricalColumn& attribute : index.attributes) {
    all.attributes.push_back(attribute.name);
  }
  all.data.groups = {.groups = static_cast<int>(index.cells),
                     .of_subject = index.cell_of_row};
  all.data.counts = context.evidence.Count(all.data.groups);
  all.data.hits = context.evidence.Hits(context.cut, all.data.groups);
  return all;
}

void AddAllAlike(const AuditContext& context, const AllAlike& all_alike,
                 int threshold, FaceAuditResult* result) {
  if (all_alike.attributes.empty()) return;
  const GroupingData& data = all_alike.data;
  const FalseMatchRates rates = EstimateFalseMatchRates(
      data.counts, data.groups,
      AtOrAbove(data.hits, result->thresholds[threshold].fitted.value),
      context.options.level);
  AddDesign(context, all_alike.attributes, threshold, rates, result);
}

}  // namespace plumbline::face
