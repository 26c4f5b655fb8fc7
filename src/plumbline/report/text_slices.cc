#include "plumbline/report/text_slices.h"

#include <fmt/format.h>

#include <algorithm>

#include "plumbline/base/text.h"
#include "plumbline/report/audit_words.h"
#include "plumbline/report/number_text.h"
#include "plumbline/report/utf8.h"

namespace plumbline::report {
namespace {

constexpr int kNameColumns = 60;

using Align = TextTable::Align;

void WriteTable(const AuditSliceSearch& search, const std::string& level,
                size_t most, PlainWriter* writer) {
  TextTable table;
  table.AddColumn("Slice", Align::kLeft);
  table.AddColumn("n", Align::kRight);
  table.AddColumn("Rate", Align::kRight);
  table.AddColumn("Rest", Align::kRight, 1);
  table.AddColumn("Difference (" + level + ')', Align::kRight);
  table.AddColumn("p adj.", Align::kRight);
  table.AddColumn("Excess", Align::kRight, 2);
  table.AddColumn("Outcome", Align::kRight);
  for (size_t i = 0; i < std::min(most, search.found.size()); ++i) {
    const AuditSlice& slice = search.found[i];
    const SliceNumbers& numbers = slice.held_out;
    SliceInterval excess;
    excess.value = numbers.excess.value;
    table.AddRow({Shorten(slice.name, kNameColumns), CountText(numbers.n),
                  OptionalText(numbers.rate.value, NumberKind::kPercent),
                  OptionalText(numbers.rest.value, NumberKind::kPercent),
                  SliceDifferenceText(numbers.difference),
                  ProbabilityText(numbers.p_adjusted), SliceExcessText(excess),
                  slice.shown ? "shown" : "cannot tell"});
  }
  writer->Table(table);
}

}  // namespace

void WriteSlicesText(const AuditDocument& document, const AuditTarget& target,
                     size_t most, PlainWriter* writer) {
  const std::string of_target = document.targets.size() > 1
                                    ? Shorten(target.name, kNameColumns) + ": "
                                    : "";
  for (const AuditSliceSearch& search : target.slices) {
    writer->Heading("Slices: " + of_target + SliceMetricWords(search.metric));
    writer->Paragraph(SliceSearchWords(search, document.slice_options));
    if (!search.found.empty()) {
      WriteTable(search, LevelText(document.options.level), most, writer);
    }
    std::string more;
    if (search.found.size() > most) {
      more = fmt::format("{} more are in slices.csv. ",
                         search.found.size() - most);
    }
    writer->Paragraph(more + SliceDetectableWords(search));
  }
}

}  // namespace plumbline::report
