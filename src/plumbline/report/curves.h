// ROC, calibration and decision curves of a few groups on common axes.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "plumbline/report/audit_document.h"

namespace plumbline::report {

// A curve under the name it has in the legend; not owned.
struct NamedCurve {
  std::string label;
  const AuditCurve* curve = nullptr;
  // Where the decision threshold lies on the ROC curve.
  std::optional<double> operating_fpr;
  std::optional<double> operating_tpr;
};

// Each takes at most kSeriesStyles curves, everyone first, and gives "" if
// none of them has points.
std::string DrawRoc(const std::string& id, const std::string& title,
                    const std::vector<NamedCurve>& curves);
std::string DrawCalibration(const std::string& id, const std::string& title,
                            const std::vector<NamedCurve>& curves);
// Dotted lines for flagging everyone are drawn for up to kWithTreatAll curves.
inline constexpr size_t kWithTreatAll = 3;
std::string DrawNetBenefit(const std::string& id, const std::string& title,
                           const std::vector<NamedCurve>& curves);

// Sensitivity at a false-positive rate, read off the curve by linear
// interpolation; nothing for an empty curve.
std::optional<double> SensitivityAt(const AuditCurve& curve, double fpr);

}  // namespace plumbline::report
