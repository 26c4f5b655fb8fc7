// The survey on page, terminal, Markdown and CSV.
#include "plumbline/report/survey_report.h"

#include <gtest/gtest.h>

#include "plumbline/base/json.h"
#include "plumbline/base/test_support.h"
#include "plumbline/report/markup_checker.h"
#include "plumbline/report/page_writer.h"
#include "plumbline/report/text_table.h"

namespace plumbline::report {
namespace {

constexpr const char* kHostile = "<script>&\"A\"";

Json Estimate(const Json& value, const Json& lo, const Json& hi,
              const Json& reason = nullptr) {
  return {{"value", value},   {"lo", lo},    {"hi", hi},
          {"level", 0.95},    {"n", 1200},   {"subjects", 1000},
          {"method", "test"}, {"p", 0.0001}, {"p_adjusted", 0.0004},
          {"reason", reason}};
}

Json Finding(const std::string& code, int chapter, const std::string& severity,
             const std::string& text) {
  return {{"code", code},
          {"chapter", chapter},
          {"severity", severity},
          {"text", text},
          {"action", "Do something about " + code + "."},
          {"measure", "smd"},
          {"effect", Estimate(0.447, 0.12, 0.76)},
          {"about", {{"attribute", "race"}, {"group", kHostile}}}};
}

Json Group(const std::string& name, const std::string& kind) {
  return {{"attribute", "race"},
          {"group", name},
          {"kind", kind},
          {"rows", 1234},
          {"subjects", 1000},
          {"images", 1200},
          {"effective_subjects", 987.6},
          {"share", Estimate(0.25, 0.2, 0.31)},
          {"population_share", 0.5},
          {"ratio", Estimate(0.5, 0.4, 0.62)}};
}

Json Disparities() {
  const Json about = {
      {"label", "y & z"}, {"attribute", "race"}, {"group", kHostile}};
  const auto with = [&](const Json& members) {
    Json row = about;
    row.update(members);
    return row;
  };
  return {
      {"flow",
       {{"steps",
         {{{"step", "table"},
           {"column", ""},
           {"rows", 1500},
           {"subjects", 1300}},
          {{"step", "adults"},
           {"column", "age"},
           {"rows", 1400},
           {"subjects", 1250}}}},
        {"attrition",
         {{{"attribute", "race"},
           {"group", kHostile},
           {"kept", Estimate(0.6, 0.5, 0.7)},
           {"ratio", Estimate(0.67, 0.6, 0.75)}}}}}},
      {"attributes",
       {{{"attribute", "race"},
         {"reference_group", "B"},
         {"known_subjects", 900},
         {"unknown_subjects", 100},
         {"conflicting_subjects", 3},
         {"first_conflict", "rows 2 and 3"},
         {"conflict_rule", "keep"},
         {"divergence", 0.123},
         {"population_source", "census"},
         {"values",
          {{{"raw", "WHITE - <OTHER>"},
            {"level", "A"},
            {"kind", "group"},
            {"rows", 7}}}}}}},
      {"groups", {Group(kHostile, "group"), Group("declined", "declined")}},
      {"labels",
       {{"prevalence",
         {with({{"rate", Estimate(0.8, 0.69, 0.88)},
                {"design_effect", 1.5},
                {"icc", 0.2},
                {"difference", Estimate(0.2, 0.0524, 0.3339)},
                {"smd", Estimate(0.447, 0.12, 0.76)}})}},
        {"missing",
         {with({{"missing", Estimate(0.4, 0.3, 0.5)},
                {"blank", Estimate(0.2, 0.1, 0.3)},
                {"uncertain", Estimate(0.1, 0.05, 0.2)},
                {"not_mentioned", Estimate(0.1, 0.05, 0.2)},
                {"ratio", Estimate(nullptr, nullptr, nullptr, "no_events")}})}},
        {"missing_information", Json::array()},
        {"recodings",
         {with({{"left_out", 0.0},
                {"as_negative", -0.15},
                {"as_positive", 0.15},
                {"lowest", -0.25},
                {"highest", 0.25}})}},
        {"little",
         {{"chi_squared", 44.3},
          {"degrees", 3.0},
          {"p", 0.02},
          {"patterns", 4},
          {"columns", {"y & z"}},
          {"reason", nullptr}}},
        {"bounds",
         {with({{"apparent", 0.6}, {"lowest", 0.579}, {"highest", 0.75}})}}}},
      {"acquisition",
       {{{"covariate", "exposure"},
         {"source", "table"},
         {"attribute", "race"},
         {"group", kHostile},
         {"smd", Estimate(-2.0, -2.7, -1.3)},
         {"mean", 9.5},
         {"reference_mean", 24.5}},
        {{"covariate", "view"},
         {"source", "header"},
         {"attribute", "race"},
         {"group", kHostile},
         {"smd", Estimate(0.89, 0.6, 1.1)},
         {"most_different", "AP & LL"},
         {"share", 0.6},
         {"reference_share", 0.2}}}}};
}

Json Marginalised() {
  return {{"intersections",
           {{"order", 2},
            {"label", "y & z"},
            {"possible", 6},
            {"empty", 1},
            {"uncovered", {"sex=F and race=<C>"}},
            {"cells_in_all", 5},
            {"unsupported", 2},
            {"below_minimum", 1},
            {"smallest", 4},
            {"cells",
             {{{"attributes", {{"sex", "F"}, {"race", kHostile}}},
               {"subjects", 4},
               {"rows", 5},
               {"positives", 2},
               {"half_width", 0.5544},
               {"supports", false},
               {"missing_rate", 0.5},
               {"shrunken_missing_rate", 0.45},
               {"p_adjusted", 0.001},
               {"signs", {"labels missing"}}}}}}},
          {"clustering",
           {{{"attribute", "race"},
             {"group", kHostile},
             {"rows_per_subject", 3.25},
             {"most_rows", 17},
             {"label", "y & z"},
             {"design_effect", 1.9},
             {"icc", 0.4}}}}};
}

Json Drivers() {
  const Json compared = {{"label", "y & z"},
                         {"attribute", "race"},
                         {"group", kHostile},
                         {"reference", "B"}};
  Json kitagawa = compared, oaxaca = compared, reversal = compared,
       plan = compared;
  kitagawa.update({{"covariate", "view"},
                   {"difference", Estimate(0.08, 0.04, 0.12)},
                   {"composition", Estimate(0.07, 0.05, 0.09)},
                   {"rate", Estimate(0.01, -0.03, 0.05)},
                   {"left_out", 0.0}});
  oaxaca.update({{"difference", Estimate(0.08, 0.04, 0.12)},
                 {"explained", Estimate(0.0657, 0.05, 0.08)},
                 {"unexplained", Estimate(0.0143, -0.02, 0.05)},
                 {"factors",
                  {{{"covariate", "view"},
                    {"explained", Estimate(0.0657, 0.05, 0.08)},
                    {"shapley", Estimate(0.0657, 0.05, 0.08)}}}},
                 {"reason", nullptr}});
  reversal.update({{"covariate", "view"},
                   {"crude", Estimate(-0.0457, -0.06, -0.03)},
                   {"standardised", Estimate(0.054, 0.03, 0.08)},
                   {"strata_same_sign", 0},
                   {"strata_other_sign", 2},
                   {"strong", true}});
  plan.update({{"metric", "fnr"},
               {"declared", true},
               {"margin", 0.05},
               {"positives", {100, 120}},
               {"negatives", {300, 400}},
               {"positive_subjects", {90, 110}},
               {"design_effect", 1.1},
               {"detectable", 0.178},
               {"detectable_leak", 0.07},
               {"reached", false}});
  return {{"associations",
           {{{"x", "race"},
             {"y", "y & z"},
             {"subjects", 140},
             {"chi_squared", 21.1},
             {"degrees", 2},
             {"v", 0.388},
             {"corrected_v", 0.371},
             {"lo", 0.2},
             {"hi", 0.5},
             {"bits", 0.103},
             {"y_tells_x", 0.11},
             {"x_tells_y", 0.07},
             {"p", 0.00003},
             {"p_permuted", 0.001},
             {"p_adjusted", 0.0001}}}},
          {"decompositions",
           {{"kitagawa", {kitagawa}},
            {"oaxaca", {oaxaca}},
            {"reversals", {reversal}}}},
          {"models",
           {{"told_from",
             {{{"target", "race"},
               {"group", kHostile},
               {"features", "acquisition"},
               {"columns", 3},
               {"auroc", Estimate(0.912, 0.88, 0.94)}}}},
            {"conditional_information",
             {{{"covariate", "view"},
               {"attribute", "race"},
               {"label", "y & z"},
               {"subjects", 1000},
               {"bits", 0.05},
               {"p", 0.001},
               {"p_adjusted", 0.002}}}}}},
          {"mix",
           {{{"attribute", "race"},
             {"by", "site"},
             {"level", "S<1>"},
             {"stability_index", 0.68},
             {"subjects", 100}}}},
          {"split",
           {{"parts",
             {{{"part", "train"},
               {"rows", 800},
               {"subjects", 700},
               {"rows_whose_subject_is_trained_on", 800}}}},
            {"rows_without_part", 0},
            {"crossing_subjects", 2},
            {"crossing_rows", 4},
            {"first_crossing", "rows 2 and 3"},
            {"balance",
             {{{"a", "test"},
               {"b", "train"},
               {"what", "race"},
               {"smd", Estimate(1.32, 1.0, 1.6)}}}}}},
          {"duplicates",
           {{"images", 1200},
            {"unreadable", 1},
            {"groups_in_all", 1},
            {"exact_groups", 1},
            {"exact_images", 2},
            {"near_pairs", 0},
            {"near_hashes", 5},
            {"several_people", 1},
            {"label_conflicts", 1},
            {"crossing_split", 1},
            {"untrained_rows", 400},
            {"untrained_with_neighbour", Estimate(0.05, 0.03, 0.08)},
            {"groups",
             {{{"images", {"a<1>.png", "b.png"}},
               {"exact", true},
               {"how", "the same pixels"},
               {"correlation", 1.0},
               {"subjects", 2},
               {"crosses_split", true},
               {"labels_differ", true}}}}}},
          {"plan", {plan}}};
}

Json Survey() {
  return {{"schema", "plumbline.survey/1"},
          {"plumbline", "0.1.0"},
          {"title", ""},
          {"rows", 1234},
          {"subjects", 1000},
          {"images", 1200},
          {"has_subjects", true},
          {"options",
           {{"level", 0.95},
            {"alpha", 0.01},
            {"half_width", 0.05},
            {"sensitivity", 0.8},
            {"specificity", 0.95},
            {"privacy_minimum", 10}}},
          {"findings",
           {Finding("SV305", 3, "high", "It turns round within <view>."),
            Finding("SV104", 1, "medium", "y is labelled more often."),
            Finding("SV204", 2, "info", "A cell is small.")}},
          {"limitations", {"Nothing is known of <others>."}},
          {"unreadable_images", {{{"path", "c<2>.png"}, {"reason", "empty"}}}},
          {"files", {{{"name", "m.csv"}, {"rows", 1234}, {"sha256", "abc"}}}},
          {"disparities", Disparities()},
          {"marginalised", Marginalised()},
          {"drivers", Drivers()}};
}

TEST(SurveyReport, ShowsTheNumbersOfTheDocument) {
  const std::string html = SurveyReportHtml(Survey(), {});
  EXPECT_EQ(MarkupFault(html), "");
  for (const char* part :
       {"Are there disparities?",
        "Which groups are marginalised?",
        "What are the drivers?",
        "SV305",
        "SV104",
        "SV204",
        "1 finding, 1 high",
        "1 finding, 1 medium",
        "Nothing that stands out, 1 note",
        "It turns round within &lt;view&gt;.",
        "Do something about SV104.",
        "standardised difference 0.45 (0.12 to 0.76)",
        "adjusted p &lt;0.001",
        "none in the reference group",
        "20.0\u00a0pp",
        "y &amp; z",
        "AP &amp; LL",
        "WHITE - &lt;OTHER&gt;",
        ">987.6<",
        "chi-squared 44.3 on 3 degrees of freedom",
        "at least 80.0",
        "sex=F and race=&lt;C&gt;",
        "2 of 5 groups and intersections cannot give",
        "Rows with the label",
        "labels missing",
        "Simpson&#39;s reversals",
        "Largest Shapley shares",
        "0.912",
        "2 people are in several parts; the first: ",
        "a&lt;1&gt;.png",
        "the same pixels; in several parts; labels differ; 2 people",
        "90 and 110",
        "17.8\u00a0pp",
        "Nothing is known of &lt;others&gt;.",
        "c&lt;2&gt;.png",
        "m.csv",
        "Nobody has answered the three questions yet."}) {
    EXPECT_NE(html.find(part), std::string::npos) << part;
  }
  EXPECT_EQ(html.find("<script"), std::string::npos);
  EXPECT_EQ(html.find("nan"), std::string::npos);
}

TEST(SurveyReport, PutsTheQuestionsFirstAndInOrder) {
  const std::string html = SurveyReportHtml(Survey(), {});
  const size_t questions = html.find("The three questions");
  const size_t chapter = html.find("<nav");
  ASSERT_NE(questions, std::string::npos);
  ASSERT_NE(chapter, std::string::npos);
  EXPECT_LT(questions, chapter);
  EXPECT_LT(html.find("<li class=\"unknown\"><span class=\"w\">Are there"),
            html.find("<li class=\"none\"><span class=\"w\">Which groups"));
  EXPECT_LT(html.find("<li class=\"none\"><span class=\"w\">Which groups"),
            html.find("<li class=\"shown\"><span class=\"w\">What are"));
}

TEST(SurveyReport, ShowsWhoAnsweredTheQuestions) {
  Json survey = Survey();
  survey["answers"] = {{{"question", "Are there disparities?"},
                        {"answer", "Yes & <known>."},
                        {"owner", "Head of radiology"},
                        {"evidence", {"minutes.pdf", "survey.json"}}}};
  const std::string html = SurveyReportHtml(survey, {});
  EXPECT_EQ(MarkupFault(html), "");
  EXPECT_NE(html.find("Yes &amp; &lt;known&gt;."), std::string::npos);
  EXPECT_NE(html.find("Head of radiology"), std::string::npos);
  EXPECT_NE(html.find("minutes.pdf"), std::string::npos);
  EXPECT_EQ(html.find("Nobody has answered"), std::string::npos);
}

SurveySheet Sheet(size_t bytes) {
  return {"race", kHostile, 16, 1000, 512, 128, std::string(bytes, 'M')};
}

TEST(SurveyReport, HoldsTheSheetsOfPictures) {
  const std::string html = SurveyReportHtml(Survey(), {Sheet(3)});
  EXPECT_EQ(MarkupFault(html), "");
  // "MMM" in base 64.
  EXPECT_NE(html.find("<img src=\"data:image/png;base64,TU1N\" width=\"512\" "
                      "height=\"128\" alt=\"16 images of "),
            std::string::npos);
  EXPECT_NE(html.find("16 of 1,000 people"), std::string::npos);
  EXPECT_EQ(SurveyReportHtml(Survey(), {}).find("<img"), std::string::npos);
}

Json Many(const Json& rows, size_t count) {
  Json many = Json::array();
  for (size_t i = 0; i < count; ++i) {
    many.push_back(rows.at(0));
    for (const char* key : {"group", "covariate", "label"}) {
      if (many.back().contains(key)) {
        many.back()[key] = std::string(60, 'g') + std::to_string(i);
      }
    }
  }
  return many;
}

Json Huge(size_t rows) {
  Json survey = Survey();
  survey["findings"] = Many(survey["findings"], rows);
  Json& disparities = survey["disparities"];
  for (const char* key : {"groups", "acquisition"}) {
    disparities[key] = Many(disparities[key], rows);
  }
  for (const char* key : {"prevalence", "missing", "recodings", "bounds"}) {
    disparities["labels"][key] = Many(disparities["labels"][key], rows);
  }
  Json& cells = survey["marginalised"]["intersections"]["cells"];
  cells = Many(cells, rows);
  Json& drivers = survey["drivers"];
  for (const char* key : {"associations", "mix", "plan"}) {
    drivers[key] = Many(drivers[key], rows);
  }
  for (const char* key : {"kitagawa", "oaxaca", "reversals"}) {
    drivers["decompositions"][key] = Many(drivers["decompositions"][key], rows);
  }
  drivers["duplicates"]["groups"] = Many(drivers["duplicates"]["groups"], rows);
  return survey;
}

TEST(SurveyReport, StaysSmallAndSaysWhatIsLeftOut) {
  const std::string html = SurveyReportHtml(Huge(2000), {Sheet(300'000)});
  EXPECT_EQ(MarkupFault(html), "");
  EXPECT_LE(html.size(), kMostPageBytes);
  EXPECT_GE(Occurrences(html, " more rows are in survey.json."), 8);
  EXPECT_GE(Occurrences(html, "less clear ones are in survey.json."), 2);
  EXPECT_NE(html.find("SV305"), std::string::npos);
}

// As few rows as that fit with their pictures; the pictures are what goes last.
TEST(SurveyReport, LeavesTheSheetsOutWhereNothingElseHelps) {
  const std::string html = SurveyReportHtml(Survey(), {Sheet(900'000)});
  EXPECT_LE(html.size(), kMostPageBytes);
  EXPECT_EQ(html.find("<img"), std::string::npos);
  EXPECT_EQ(MarkupFault(html), "");
  const std::string note =
      "The sheets of pictures would make the page too "
      "large and are left out.";
  EXPECT_NE(html.find(note), std::string::npos);
  EXPECT_EQ(SurveyReportHtml(Survey(), {}).find(note), std::string::npos);
}

TEST(SurveyReport, CopesWithASurveyThatFoundNothing) {
  Json survey = Survey();
  survey["findings"] = Json::array();
  Json& disparities = survey["disparities"];
  disparities["acquisition"] = Json::array();
  for (const char* key : {"prevalence", "missing", "missing_information",
                          "recodings", "bounds"}) {
    disparities["labels"][key] = Json::array();
  }
  Json& in = survey["marginalised"]["intersections"];
  in["cells"] = in["uncovered"] = Json::array();
  in["empty"] = 0;
  in["label"] = "";
  Json& drivers = survey["drivers"];
  drivers["split"] = drivers["duplicates"] = nullptr;
  for (const char* key : {"associations", "mix", "plan"}) {
    drivers[key] = Json::array();
  }
  for (const char* key : {"kitagawa", "oaxaca", "reversals"}) {
    drivers["decompositions"][key] = Json::array();
  }
  drivers["models"] = {{"told_from", Json::array()},
                       {"conditional_information", Json::array()}};
  const std::string html = SurveyReportHtml(survey, {});
  EXPECT_EQ(MarkupFault(html), "");
  EXPECT_EQ(Occurrences(html, "<small>Nothing that stands out</small>"), 3);
  EXPECT_EQ(html.find("Pictures that are there several times"),
            std::string::npos);
  EXPECT_NE(SurveyText(survey).find("Nothing that stands out."),
            std::string::npos);
}

TEST(SurveyDocument, SaysWhatIsWrongWithIt) {
  const auto without = [](const char* key) {
    return ErrorText([&] {
      Json survey = Survey();
      survey.erase(key);
      SurveyReportHtml(survey, {});
    });
  };
  for (const char* key : {"findings", "limitations", "disparities",
                          "marginalised", "drivers", "options", "files"}) {
    EXPECT_EQ(without(key), std::string("3: survey.json: has no \"") + key +
                                "\"; was it written by plumbline survey?");
  }
  Json survey = Survey();
  survey["drivers"]["plan"][0].erase("metric");
  EXPECT_EQ(ErrorText([&] { SurveyReportHtml(survey, {}); }),
            "3: survey.json: drivers.plan[0] has no \"metric\"; was it written "
            "by plumbline survey?");
  survey = Survey();
  survey["subjects"] = "many";
  EXPECT_EQ(ErrorText([&] { SurveyText(survey); }),
            "3: survey.json: subjects is \"many\", expected a whole number or "
            "null");
  survey = Survey();
  survey["findings"] = 3;
  EXPECT_EQ(ErrorText([&] { SurveyFindingsCsv(survey); }),
            "3: survey.json: findings is 3, expected a list");
}

TEST(SurveyText, HasTheQuestionsWithTheirFindings) {
  const std::string text = SurveyText(Survey(), 80);
  for (const char* part :
       {"1,234 rows, 1,000 subjects, 1,200 images.",
        "1. Are there disparities?", "2. Which groups are marginalised?",
        "3. What are the drivers?", "SV104 medium", "SV305 high", "SV204 info",
        "1 finding, 1 medium.", "Do something about SV305.", "25.0 %",
        "Nothing is known of <others>."}) {
    EXPECT_NE(text.find(part), std::string::npos) << part;
  }
  EXPECT_LT(text.find("SV104"), text.find("SV204"));
  EXPECT_LT(text.find("SV204"), text.find("SV305"));
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = text.find('\n', begin);
    EXPECT_LE(DisplayWidth(text.substr(begin, end - begin)), 80);
    begin = end + 1;
  }
}

TEST(SurveyText, SaysHowManyFindingsItLeavesOut) {
  Json survey = Survey();
  survey["findings"] = Many(survey["findings"], 40);
  const std::string text = SurveyText(survey);
  EXPECT_EQ(Occurrences(text, "SV305 high"), 12);
  EXPECT_NE(text.find("28 more; the page and the JSON have all of them."),
            std::string::npos);
}

// Control characters drive terminals.
TEST(SurveyText, CleansWhatStrangersWrote) {
  Json survey = Survey();
  survey["findings"][0]["text"] = "\x1b[31mred";
  survey["disparities"]["groups"][0]["group"] = "\x1b[2J";
  EXPECT_EQ(SurveyText(survey).find('\x1b'), std::string::npos);
  EXPECT_EQ(SurveyMarkdown(survey).find('\x1b'), std::string::npos);
}

TEST(SurveyMarkdown, HasHeadingsAndATable) {
  const std::string text = SurveyMarkdown(Survey());
  EXPECT_NE(text.find("# The data before any modelling"), std::string::npos);
  EXPECT_NE(text.find("## 3. What are the drivers?"), std::string::npos);
  EXPECT_NE(text.find("| Group"), std::string::npos);
  EXPECT_EQ(text.find("<script>"), std::string::npos);
}

TEST(SurveyCsv, HasARowForEachFindingAndGroup) {
  const std::string findings = SurveyFindingsCsv(Survey());
  EXPECT_EQ(Occurrences(findings, "\r\n"), 4);
  EXPECT_NE(findings.find("SV104,medium,1,y is labelled more often.,Do "
                          "something about SV104.,race,\"<script>&\"\"A\"\"\","
                          ",,smd,0.447,0.12,0.76,1200,1000,test,0.0001,0.0004"
                          "\r\n"),
            std::string::npos)
      << findings;
  const std::string groups = SurveyGroupsCsv(Survey());
  EXPECT_EQ(Occurrences(groups, "\r\n"), 3);
  EXPECT_NE(groups.find("race,declined,declined,1234,1000,1200,987.6,0.5,0.25,"
                        "0.2,0.31\r\n"),
            std::string::npos)
      << groups;
}

}  // namespace
}  // namespace plumbline::report
