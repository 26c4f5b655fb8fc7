// What of an audit may leave the house: which counts of which groups are
// hidden so that none of 1 to `minimum` - 1 people is shown or can be worked
// out (stats/suppression.h). docs/share.md has the argument.
#pragma once

#include <cstdint>
#include <vector>

#include "plumbline/audit/input.h"
#include "plumbline/audit/result.h"

namespace plumbline {

struct ShareOptions {
  // Counts of 1 to minimum - 1 people are hidden. 11 is the rule of the US
  // Centers for Medicare & Medicaid Services. At least 2.
  int64_t minimum = 11;
};

// What is shown of a group; each needs the one above it.
enum class ShareLayer {
  kPeople,  // rows and subjects
  kLabels,  // positives and negatives, and everything made of labels and scores
  kMisses,  // false negatives and true positives
  kAlarms,  // false positives and true negatives
};
inline constexpr int kShareLayers = 4;

struct SharePlan {
  int64_t minimum = 11;
  int64_t groups = 0;
  // By target, layer and group: 1 is hidden.
  std::vector<std::vector<std::vector<uint8_t>>> hidden;
  // By target: so few different scores that figures made of labels and scores,
  // such as an AUROC, give misses and false alarms away.
  std::vector<uint8_t> few_scores;
  // By target: rows without label or score may be told.
  std::vector<uint8_t> shows_missing;
  // Subjects of groups may be told: not where the few people who are in several
  // groups would be the difference of two sums.
  bool shows_subjects = true;
  // Rows of attributes' levels may be told: they are those of the groups and
  // the rows that are not audited.
  bool shows_level_rows = true;
  bool shows_duplicates = true;
  // What a multi-class model does with its classes is hidden altogether: they
  // add up to everyone, so that a small class would be what the others leave.
  bool hides_classes = false;
  // Groups in which more is hidden than a rectangle needs: no rectangle
  // protects them, or the target's rows are nearly those of another target.
  bool fell_back = false;

  bool IsShown(int target, ShareLayer layer, int group) const {
    return hidden[target][static_cast<int>(layer)][group] == 0;
  }
  // Pairs of target and group in which the layer is hidden.
  int64_t CountHidden(ShareLayer layer) const;
};

// `result` is Audit(input, ...): its thresholds say who is flagged. Rows of
// weight 0 are not audited; that people's weights differ is not considered.
SharePlan PlanSharing(const AuditInput& input, const AuditResult& result,
                      const ShareOptions& options);

}  // namespace plumbline
