// Slices on a terminal and as Markdown.
#pragma once

#include "plumbline/report/audit_document.h"
#include "plumbline/report/plain_writer.h"

namespace plumbline::report {

// A heading and one table for each search, at most `most` slices in each;
// nothing for a target without a search.
void WriteSlicesText(const AuditDocument& document, const AuditTarget& target,
                     size_t most, PlainWriter* writer);

}  // namespace plumbline::report
