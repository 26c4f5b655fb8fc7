#include "plumbline/report/slices_document.h"

#include <fmt/format.h>

#include "plumbline/base/text.h"
#include "plumbline/report/number_text.h"

namespace plumbline::report {
namespace {

SliceInterval ReadInterval(const JsonPlace& place, const char* key) {
  const JsonPlace at = place.At(key);
  return {at.Number("value"), at.Number("lo"), at.Number("hi")};
}

SliceNumbers ReadNumbers(const JsonPlace& place) {
  SliceNumbers numbers;
  numbers.n = place.Count("n");
  numbers.subjects = place.Count("subjects");
  numbers.rate = ReadInterval(place, "rate");
  numbers.rest = ReadInterval(place, "rest");
  numbers.difference = ReadInterval(place, "difference");
  numbers.excess = ReadInterval(place, "excess");
  numbers.p_adjusted = place.Number("p_adjusted");
  return numbers;
}

std::string WithInterval(const SliceInterval& interval, NumberKind kind) {
  if (!interval.value) return "-";
  std::string text = NumberText(*interval.value, kind);
  if (interval.lo && interval.hi) {
    text += " (" + RangeText(*interval.lo, *interval.hi, kind) + ')';
  }
  return text;
}

}  // namespace

AuditSliceOptions ReadSliceOptions(const JsonPlace& place) {
  AuditSliceOptions options;
  place.ForEach("columns", [&](const JsonPlace& column) {
    options.columns.push_back(column.AsText());
  });
  options.depth = place.Count("depth");
  options.fdr = place.Number("fdr");
  options.minimum = place.Count("minimum");
  return options;
}

AuditSliceSearch ReadSliceSearch(const JsonPlace& place) {
  AuditSliceSearch search;
  search.metric = place.Text("metric");
  search.found_on_n = place.At("found_on").Count("n");
  search.held_out_n = place.At("held_out").Count("n");
  search.tested = place.Count("tested");
  search.too_small = place.Count("too_small");
  search.discoveries = place.Count("discoveries");
  search.redundant = place.Count("redundant");
  place.ForEach("detectable", [&](const JsonPlace& entry) {
    search.detectable.push_back(
        {entry.Number("share").value_or(0), entry.Number("difference")});
  });
  place.ForEach("found", [&](const JsonPlace& entry) {
    AuditSlice slice;
    slice.name = entry.Text("name");
    entry.At("conditions")
        .ForEachMember(
            [&](const std::string&, const JsonPlace&) { ++slice.conditions; });
    slice.shown = entry.Text("outcome") == "shown";
    slice.held_out = ReadNumbers(entry.At("held_out"));
    slice.found_on = ReadNumbers(entry.At("found_on"));
    search.found.push_back(std::move(slice));
  });
  return search;
}

std::string SliceMetricWords(const std::string& metric) {
  if (metric == "fnr") return "misses among positives";
  if (metric == "fpr") return "false alarms among negatives";
  return metric;
}

std::string SliceDifferenceText(const SliceInterval& difference) {
  return WithInterval(difference, NumberKind::kPoints);
}

std::string SliceRateText(const SliceInterval& rate) {
  return WithInterval(rate, NumberKind::kPercent);
}

std::string SliceExcessText(const SliceInterval& excess) {
  if (!excess.value) return "-";
  std::string text = fmt::format("{:.0f}", *excess.value);
  if (excess.lo && excess.hi) {
    text += fmt::format(" ({:.0f} to {:.0f})", *excess.lo, *excess.hi);
  }
  return text;
}

std::string SliceSearchWords(const AuditSliceSearch& search,
                             const AuditSliceOptions& options) {
  std::string text = fmt::format(
      "{} slices of up to {} conditions on {} were tested in one half of the "
      "subjects ({} rows)",
      CountText(search.tested), CountText(options.depth),
      JoinWords(options.columns), CountText(search.found_on_n));
  if (search.too_small.value_or(0) > 0) {
    text += fmt::format("; {} were too small", CountText(search.too_small));
  }
  text += '.';
  if (options.fdr && search.discoveries.value_or(0) > 0) {
    text += fmt::format(
        " At a false-discovery rate of {:g}, {} stood out; {} of these {} "
        "explained by those listed. The numbers come from the other half "
        "({} rows).",
        *options.fdr, CountText(search.discoveries),
        CountText(search.redundant), search.redundant == 1 ? "is" : "are",
        CountText(search.held_out_n));
  } else {
    text += " None stood out.";
  }
  return text;
}

std::string SliceDetectableWords(const AuditSliceSearch& search) {
  std::vector<std::string> parts;
  for (const AuditSliceSearch::Detectable& entry : search.detectable) {
    if (!entry.difference) continue;
    parts.push_back(fmt::format(
        "{} in a slice of {:g} % of the rows",
        NumberText(*entry.difference, NumberKind::kPoints), 100 * entry.share));
  }
  if (parts.empty()) return "No excess in any slice could have been seen.";
  return "Smallest excess that would have been seen in 4 of 5 audits: " +
         JoinWords(parts) + '.';
}

}  // namespace plumbline::report
