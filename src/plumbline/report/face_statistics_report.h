// Sections of the page of a face audit: shifts of scores, pairing designs.
#pragma once

#include "plumbline/report/json_place.h"
#include "plumbline/report/page_writer.h"

namespace plumbline::report {

// How far each group's scores lie from others'.
void WriteShifts(const JsonPlace& face, PageWriter* page);

// False-match rates when any two people are compared, and people alike in some
// attributes, at one threshold.
void WriteDesigns(const JsonPlace& face, const std::string& at,
                  PageWriter* page);
// "any two people", "same sex and race".
std::string DesignText(const JsonPlace& design);

// Cells between groups over those within, and the two directions of a pair.
void WriteCrossRatios(const JsonPlace& face, const std::string& at,
                      PageWriter* page);

// One-to-many searches at one threshold, where they were asked for.
void WriteIdentification(const JsonPlace& face, const std::string& at,
                         PageWriter* page);

// "0.041 (-0.02 to 0.10)", "-": the shift of a quantile of an entry of shifts.
std::string ShiftText(const JsonPlace& entry, double probability);

}  // namespace plumbline::report
