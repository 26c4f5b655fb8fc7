#include "plumbline/survey/survey_json.h"

#include "plumbline/base/json.h"
#include "plumbline/base/version.h"
#include "plumbline/survey/survey.h"

namespace plumbline::survey {
namespace {

Json ToJson(const Estimate& e, double level) {
  Json json = {{"value", Number(e.value)},
               {"lo", Number(e.lo)},
               {"hi", Number(e.hi)},
               {"level", level},
               {"n", e.n},
               {"subjects", e.subjects}};
  if (e.events >= 0) json["events"] = e.events;
  json["method"] = e.method;
  json["p"] = Number(e.p);
  json["p_adjusted"] = Number(e.p_adjusted);
  json["reason"] = *e.reason != '\0' ? Json(e.reason) : Json();
  return json;
}

// Null for one that was never computed.
Json OrNull(const Estimate& e, double level) {
  return *e.method == '\0' ? Json() : ToJson(e, level);
}

Json FindingsJson(const SurveyResult& result, double level) {
  Json list = Json::array();
  for (const Finding& f : result.findings) {
    Json about = Json::object();
    for (const auto& [key, text] : {std::pair{"attribute", &f.attribute},
                                    {"group", &f.group},
                                    {"label", &f.label},
                                    {"covariate", &f.covariate}}) {
      if (!text->empty()) about[key] = *text;
    }
    list.push_back({{"code", f.code},
                    {"chapter", f.chapter},
                    {"severity", NameOf(f.severity)},
                    {"text", f.text},
                    {"action", f.action},
                    {"measure", f.measure},
                    {"effect", ToJson(f.effect, level)},
                    {"about", about}});
  }
  return list;
}

Json FlowJson(const SurveyResult& result, double level) {
  Json steps = Json::array();
  for (const FlowCount& step : result.flow) {
    steps.push_back({{"step", step.name},
                     {"column", step.rule},
                     {"rows", step.rows},
                     {"subjects", step.subjects}});
  }
  Json attrition = Json::array();
  for (const Attrition& a : result.attrition) {
    attrition.push_back({{"attribute", a.attribute},
                         {"group", a.group},
                         {"kept", ToJson(a.kept, level)},
                         {"ratio", ToJson(a.ratio, level)}});
  }
  return {{"steps", steps}, {"attrition", attrition}};
}

Json GroupsJson(const SurveyResult& result, double level) {
  Json list = Json::array();
  for (const GroupCount& g : result.groups) {
    list.push_back({{"attribute", g.attribute},
                    {"group", g.group},
                    {"kind", NameOf(g.kind)},
                    {"rows", g.rows},
                    {"subjects", g.subjects},
                    {"images", g.images},
                    {"effective_subjects", Number(g.effective)},
                    {"share", ToJson(g.share, level)},
                    {"population_share", Number(g.reference)},
                    {"ratio", OrNull(g.ratio, level)}});
  }
  return list;
}

Json AttributesJson(const SurveyResult& result) {
  Json list = Json::array();
  for (const AttributeSummary& a : result.attributes) {
    Json values = Json::array();
    for (const auto& [attribute, value] : result.mapped) {
      if (attribute != a.attribute || values.size() >= 200) continue;
      values.push_back({{"raw", value.raw},
                        {"level", value.level},
                        {"kind", NameOf(value.kind)},
                        {"rows", value.rows}});
    }
    list.push_back({{"attribute", a.attribute},
                    {"reference_group", a.reference_group},
                    {"known_subjects", a.known},
                    {"unknown_subjects", a.unknown},
                    {"conflicting_subjects", a.conflicting},
                    {"first_conflict", a.first_conflict},
                    {"conflict_rule", a.conflict_rule},
                    {"divergence", Number(a.divergence)},
                    {"population_source", a.reference_source},
                    {"values", values}});
  }
  return list;
}

Json LabelsJson(const SurveyResult& result, double level) {
  Json prevalence = Json::array();
  for (const Prevalence& p : result.prevalence) {
    prevalence.push_back({{"label", p.label},
                          {"attribute", p.attribute},
                          {"group", p.group},
                          {"rate", ToJson(p.rate, level)},
                          {"design_effect", Number(p.design_effect)},
                          {"icc", Number(p.icc)},
                          {"difference", OrNull(p.difference, level)},
                          {"smd", OrNull(p.smd, level)}});
  }
  Json missing = Json::array();
  for (const Missingness& m : result.missingness) {
    missing.push_back({{"label", m.label},
                       {"attribute", m.attribute},
                       {"group", m.group},
                       {"missing", ToJson(m.missing, level)},
                       {"blank", ToJson(m.blank, level)},
                       {"uncertain", ToJson(m.uncertain, level)},
                       {"not_mentioned", ToJson(m.unmentioned, level)},
                       {"ratio", OrNull(m.ratio, level)}});
  }
  Json information = Json::array();
  for (const MissingAssociation& a : result.missing_association) {
    information.push_back({{"label", a.label},
                           {"attribute", a.attribute},
                           {"bits", Number(a.information)},
                           {"p", Number(a.p)},
                           {"subjects", a.subjects}});
  }
  Json recodings = Json::array();
  for (const Recoding& r : result.recodings) {
    recodings.push_back({{"label", r.label},
                         {"attribute", r.attribute},
                         {"group", r.group},
                         {"left_out", Number(r.excluded)},
                         {"as_negative", Number(r.as_negative)},
                         {"as_positive", Number(r.as_positive)},
                         {"lowest", Number(r.lowest)},
                         {"highest", Number(r.highest)}});
  }
  Json bounds = Json::array();
  for (const LabelBounds& b : result.bounds) {
    bounds.push_back({{"label", b.label},
                      {"attribute", b.attribute},
                      {"group", b.group},
                      {"apparent", Number(b.apparent)},
                      {"lowest", Number(b.lowest)},
                      {"highest", Number(b.highest)}});
  }
  const LittleResult& little = result.little;
  return {{"prevalence", prevalence},
          {"missing", missing},
          {"missing_information", information},
          {"recodings", recodings},
          {"little",
           {{"chi_squared", Number(little.chi_squared)},
            {"degrees", Number(little.degrees)},
            {"p", Number(little.p)},
            {"patterns", little.patterns},
            {"columns", little.columns},
            {"reason", little.reason.empty() ? Json() : Json(little.reason)}}},
          {"bounds", bounds}};
}

Json AcquisitionJson(const SurveyResult& result, double level) {
  Json list = Json::array();
  for (const Acquisition& a : result.acquisition) {
    Json row = {{"covariate", a.covariate},
                {"source", a.source},
                {"attribute", a.attribute},
                {"group", a.group},
                {"smd", ToJson(a.smd, level)}};
    if (a.numeric) {
      row["mean"] = Number(a.mean);
      row["reference_mean"] = Number(a.reference_mean);
    } else {
      row["most_different"] = a.most_different;
      row["share"] = Number(a.share);
      row["reference_share"] = Number(a.reference_share);
    }
    list.push_back(std::move(row));
  }
  return list;
}

Json IntersectionsJson(const SurveyResult& result) {
  constexpr size_t kMostCells = 1000;
  const Intersections& in = result.intersections;
  Json cells = Json::array();
  for (const Cell& cell : in.cells) {
    if (cells.size() >= kMostCells) break;
    Json levels = Json::object();
    for (const auto& [attribute, group] : cell.levels) {
      levels[attribute] = group;
    }
    cells.push_back(
        {{"attributes", levels},
         {"subjects", cell.subjects},
         {"rows", cell.rows},
         {"positives", cell.positive_rows},
         {"half_width", Number(cell.half_width)},
         {"supports", cell.supports},
         {"missing_rate", Number(cell.missing_rate)},
         {"shrunken_missing_rate", Number(cell.shrunken_missing_rate)},
         {"p_adjusted", Number(cell.p_adjusted)},
         {"signs", cell.signs}});
  }
  return {{"order", in.order},
          {"label", in.label},
          {"possible", in.possible},
          {"empty", in.empty},
          {"uncovered", in.uncovered},
          {"cells_in_all", in.cells.size()},
          {"unsupported", in.unsupported},
          {"below_minimum", in.below_minimum},
          {"smallest", in.smallest},
          {"cells", cells}};
}

Json ClusteringJson(const SurveyResult& result) {
  Json list = Json::array();
  for (const Clustering& c : result.clustering) {
    list.push_back({{"attribute", c.attribute},
                    {"group", c.group},
                    {"rows_per_subject", Number(c.images_per_subject)},
                    {"most_rows", c.largest},
                    {"label", c.label},
                    {"design_effect", Number(c.design_effect)},
                    {"icc", Number(c.icc)}});
  }
  return list;
}

Json AssociationsJson(const SurveyResult& result) {
  Json list = Json::array();
  for (const AssociationRow& row : result.associations) {
    const Association& a = row.association;
    list.push_back({{"x", row.x},
                    {"y", row.y},
                    {"subjects", a.n},
                    {"chi_squared", Number(a.chi_squared)},
                    {"degrees", Number(a.degrees)},
                    {"v", Number(a.cramers_v)},
                    {"corrected_v", Number(a.corrected_v.value)},
                    {"lo", Number(a.corrected_v.lo)},
                    {"hi", Number(a.corrected_v.hi)},
                    {"bits", Number(a.information_corrected)},
                    {"y_tells_x", Number(a.u_of_rows)},
                    {"x_tells_y", Number(a.u_of_columns)},
                    {"p", Number(row.p)},
                    {"p_permuted", Number(a.p)},
                    {"p_adjusted", Number(row.p_adjusted)}});
  }
  return list;
}

Json DriversJson(const SurveyResult& result, double level) {
  Json kitagawa = Json::array();
  for (const Decomposition& d : result.decompositions) {
    kitagawa.push_back({{"label", d.label},
                        {"attribute", d.attribute},
                        {"group", d.group},
                        {"reference", d.reference},
                        {"covariate", d.covariate},
                        {"difference", ToJson(d.difference, level)},
                        {"composition", ToJson(d.composition, level)},
                        {"rate", ToJson(d.rate, level)},
                        {"left_out", Number(d.left_out)}});
  }
  Json oaxaca = Json::array();
  for (const Drivers& d : result.drivers) {
    Json factors = Json::array();
    for (size_t f = 0; f < d.by_factor.size(); ++f) {
      factors.push_back({{"covariate", d.factors[f]},
                         {"explained", ToJson(d.by_factor[f], level)},
                         {"shapley", ToJson(d.shapley[f], level)}});
    }
    oaxaca.push_back({{"label", d.label},
                      {"attribute", d.attribute},
                      {"group", d.group},
                      {"reference", d.reference},
                      {"difference", OrNull(d.difference, level)},
                      {"explained", OrNull(d.explained, level)},
                      {"unexplained", OrNull(d.unexplained, level)},
                      {"factors", factors},
                      {"reason", d.reason.empty() ? Json() : Json(d.reason)}});
  }
  Json reversals = Json::array();
  for (const Reversal& r : result.reversals) {
    reversals.push_back({{"label", r.label},
                         {"attribute", r.attribute},
                         {"group", r.group},
                         {"reference", r.reference},
                         {"covariate", r.covariate},
                         {"crude", ToJson(r.crude, level)},
                         {"standardised", ToJson(r.standardised, level)},
                         {"strata_same_sign", r.same_sign},
                         {"strata_other_sign", r.other_sign},
                         {"strong", r.strong}});
  }
  return {{"kitagawa", kitagawa}, {"oaxaca", oaxaca}, {"reversals", reversals}};
}

Json ModelsJson(const SurveyResult& result, double level) {
  Json models = Json::array();
  for (const AttributeModel& m : result.models) {
    models.push_back({{"target", m.target},
                      {"group", m.group},
                      {"features", m.features},
                      {"columns", m.columns},
                      {"auroc", ToJson(m.auroc, level)}});
  }
  Json conditional = Json::array();
  for (const ConditionalRow& c : result.conditional) {
    conditional.push_back(
        {{"covariate", c.covariate},
         {"attribute", c.attribute},
         {"label", c.label},
         {"subjects", c.association.n},
         {"bits", Number(c.association.information_corrected)},
         {"p", Number(c.association.p)},
         {"p_adjusted", Number(c.p_adjusted)}});
  }
  return {{"told_from", models}, {"conditional_information", conditional}};
}

Json SplitJson(const SurveyResult& result, double level) {
  if (!result.has_split) return {};
  const SplitCheck& check = result.split;
  Json parts = Json::array();
  for (size_t p = 0; p < check.parts.size(); ++p) {
    parts.push_back(
        {{"part", check.parts[p]},
         {"rows", check.rows[p]},
         {"subjects", check.subjects[p]},
         {"rows_whose_subject_is_trained_on", check.rows_seen_in_first[p]}});
  }
  Json balance = Json::array();
  for (const SplitBalance& b : result.split_balance) {
    balance.push_back({{"a", b.part_a},
                       {"b", b.part_b},
                       {"what", b.what},
                       {"smd", ToJson(b.smd, level)}});
  }
  return {{"parts", parts},
          {"rows_without_part", check.rows_without_part},
          {"crossing_subjects", check.crossing_subjects},
          {"crossing_rows", check.crossing_rows},
          {"first_crossing", check.first_crossing},
          {"balance", balance}};
}

Json DuplicatesJson(const SurveyResult& result, double level) {
  const Duplicates& d = result.duplicates;
  if (!d.looked) return {};
  constexpr size_t kMostGroups = 500;
  Json groups = Json::array();
  for (const DuplicateGroup& g : d.groups) {
    if (groups.size() >= kMostGroups) break;
    groups.push_back({{"images", g.paths},
                      {"exact", g.exact},
                      {"how", g.how},
                      {"correlation", Number(g.correlation)},
                      {"subjects", g.subjects},
                      {"crosses_split", g.crosses_split},
                      {"labels_differ", g.labels_differ}});
  }
  return {{"images", d.images},
          {"unreadable", d.failed},
          {"groups_in_all", d.groups.size()},
          {"exact_groups", d.exact_groups},
          {"exact_images", d.exact_images},
          {"near_pairs", d.near_pairs},
          {"near_hashes", d.candidates},
          {"several_people", d.different_people},
          {"label_conflicts", d.label_conflicts},
          {"crossing_split", d.crossing},
          {"untrained_rows", d.test_rows},
          {"untrained_with_neighbour", OrNull(d.test_with_neighbour, level)},
          {"groups", groups}};
}

Json PlanJson(const SurveyResult& result) {
  Json list = Json::array();
  for (const PlannedContrast& p : result.plan) {
    list.push_back({{"attribute", p.contrast.attribute},
                    {"group", p.contrast.group},
                    {"reference", p.contrast.reference},
                    {"label", p.contrast.label},
                    {"metric", p.contrast.metric},
                    {"declared", p.declared},
                    {"margin", Number(p.contrast.margin)},
                    {"positives", {p.positives_a, p.positives_b}},
                    {"negatives", {p.negatives_a, p.negatives_b}},
                    {"positive_subjects", {p.subjects_a, p.subjects_b}},
                    {"design_effect", Number(p.design_effect)},
                    {"detectable", Number(p.detectable)},
                    {"detectable_leak", Number(p.detectable_leak)},
                    {"reached", p.reached}});
  }
  return list;
}

}  // namespace

Json ToJson(const SurveyResult& result, const SurveyOptions& options) {
  const double level = options.level;
  Json mix = Json::array();
  for (const MixShift& m : result.mix) {
    mix.push_back({{"attribute", m.attribute},
                   {"by", m.by},
                   {"level", m.level},
                   {"stability_index", Number(m.stability_index)},
                   {"subjects", m.subjects}});
  }
  return {{"schema", "plumbline.survey/1"},
          {"plumbline", kVersion},
          {"title", ""},
          {"rows", result.rows},
          {"subjects", result.subjects},
          {"images", result.images},
          {"has_subjects", result.has_subjects},
          {"options",
           {{"level", level},
            {"alpha", options.alpha},
            {"permutations", options.permutations},
            {"seed", options.seed},
            {"half_width", options.half_width},
            {"sensitivity", options.sensitivity},
            {"specificity", options.specificity},
            {"privacy_minimum", options.privacy_minimum},
            {"model_subjects", options.model_subjects}}},
          {"findings", FindingsJson(result, level)},
          {"limitations", result.limitations},
          {"disparities",
           {{"flow", FlowJson(result, level)},
            {"attributes", AttributesJson(result)},
            {"groups", GroupsJson(result, level)},
            {"labels", LabelsJson(result, level)},
            {"acquisition", AcquisitionJson(result, level)}}},
          {"marginalised",
           {{"intersections", IntersectionsJson(result)},
            {"clustering", ClusteringJson(result)}}},
          {"drivers",
           {{"associations", AssociationsJson(result)},
            {"decompositions", DriversJson(result, level)},
            {"models", ModelsJson(result, level)},
            {"mix", mix},
            {"split", SplitJson(result, level)},
            {"duplicates", DuplicatesJson(result, level)},
            {"plan", PlanJson(result)}}}};
}

}  // namespace plumbline::survey
