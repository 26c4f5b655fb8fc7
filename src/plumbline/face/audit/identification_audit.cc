#include "plumbline/face/audit/grouping_audit.h"

namespace plumbline::face {

void AddIdentification(const AuditContext& context, const GroupingData& data,
                       int threshold, FaceAuditResult* result) {
  const FaceAuditOptions& options = context.options;
  if (options.gallery_sizes.empty()) return;
  // The composition of a balanced or homogeneous gallery is that of a grouping.
  if (data.groups.groups < 2 && options.gallery != Gallery::kAsSupplied) return;
  const double value = result->thresholds[threshold].fitted.value;
  const std::vector<GroupIdentification> searches = Identify(
      data.groups, context.evidence.ComparedWithAll(context.input.subjects),
      AtOrAbove(data.hits, value), context.input.genuine,
      {.sizes = options.gallery_sizes,
       .gallery = options.gallery,
       .rank = options.rank,
       .threshold = value,
       .minimum_subjects = options.minimum_subjects,
       .minimum_comparisons = options.minimum_comparisons,
       .replicates = options.replicates,
       .level = options.level,
       .seed = options.seed,
       .threads = options.threads});
  for (const GroupIdentification& entry : searches) {
    result->identification.push_back(
        {.threshold = threshold,
         .grouping = data.grouping,
         .group = GroupId(context.input, data, entry.group),
         .searches = entry});
  }
}

}  // namespace plumbline::face
