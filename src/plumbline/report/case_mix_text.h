// Gaps after standardising, in the parts that are drawn from the result.
#pragma once

#include "plumbline/report/audit_document.h"
#include "plumbline/report/plain_writer.h"
#include "plumbline/report/report_page.h"

namespace plumbline::report {

// A table for each attribute of the first few targets, and what the weights
// rest on. Nothing without --adjust.
void WriteCaseMixText(const AuditDocument& document, PlainWriter* writer);

// The same as a section of the page, with a forest of crude, standardised and
// weighted gaps, the balance before and after weighting, and shares.
void WriteCaseMix(ReportPage* page);

}  // namespace plumbline::report
