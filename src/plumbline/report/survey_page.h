// The chapters of the survey's page (survey_report.cc puts them together).
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "plumbline/report/forest.h"
#include "plumbline/report/json_place.h"
#include "plumbline/report/page_writer.h"
#include "plumbline/report/survey_report.h"

namespace plumbline::report {

// How many of each thing the page may hold. What is left out is counted on the
// page, with the file that has it.
struct SurveyLimits {
  size_t rows = 60;         // of a table
  size_t forest_rows = 24;  // of one drawing
  bool sheets = true;

  // Takes half of everything away. False if there is nothing left to take.
  bool Shrink();
};

void WriteSurveyDisparities(const JsonPlace& survey,
                            const std::vector<SurveySheet>& sheets,
                            const SurveyLimits& limits, PageWriter* page);
void WriteSurveyMarginalised(const JsonPlace& survey,
                             const SurveyLimits& limits, PageWriter* page);
void WriteSurveyDrivers(const JsonPlace& survey, const SurveyLimits& limits,
                        PageWriter* page);
// Parts of the chapter on drivers that are about the data set as a whole: the
// split, pictures that are there several times, what can be shown.
void WriteSurveyPlan(const JsonPlace& survey, const SurveyLimits& limits,
                     PageWriter* page);

// --- Shared ------------------------------------------------------------------

// A table of at most so many rows; the first column and those of `text_heads`
// are HTML, the others are escaped here. Nothing without rows.
void WriteSurveyTable(std::string_view caption, std::string_view label,
                      const std::vector<std::string>& text_heads,
                      const std::vector<std::string>& number_heads,
                      const std::vector<std::vector<std::string>>& rows,
                      size_t most, PageWriter* page);

// One line of a drawing from an estimate.
ForestRow SurveyForestRow(const JsonPlace& estimate, std::string label,
                          NumberKind kind);
// Draws the rows that are clearest of the plot's line, those whose interval
// stays farthest away from it first; nothing if there are none.
void WriteSurveyForest(std::vector<ForestRow> rows, ForestPlot plot,
                       std::string_view caption, size_t most, PageWriter* page);

}  // namespace plumbline::report
