// The options of `plumbline audit`, and what they mean for its parts.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "plumbline/audit/input.h"
#include "plumbline/audit/options.h"
#include "plumbline/audit/share_plan.h"
#include "plumbline/cli/common_options.h"
#include "plumbline/cli/option.h"
#include "plumbline/cli/settings.h"

namespace plumbline {

OptionGroups AuditOptionGroups();

// Parts that other commands on predictions share: --by, --bins, --cross,
// --reference, --minimum; --at, --tune-on, --tune-on-audited.
OptionGroup GroupOptions();
OptionGroup ThresholdOptions();
// --at.
void ReadThresholdRules(const Settings& settings, AuditOptions* options);
// --at, --tune-on-audited.
void ReadThresholds(const Settings& settings, AuditOptions* options);
// --replicates: 0 or 50 to 1,000,000.
int ReadReplicates(const Settings& settings);
// --reference; `by`: the attributes that it may name.
void ReadReferences(const Settings& settings,
                    const std::vector<std::string>& by, AuditOptions* options);
// --subject, --by, --bins, --cross, --tune-on.
void ReadSubjectAndGroups(const Settings& settings, AuditColumns* columns);

AuditColumns ReadAuditColumns(const Settings& settings);

// `by`: the attributes, which gates and references name.
AuditOptions ReadAuditOptions(const Settings& settings,
                              const std::vector<std::string>& by);

// Nothing without --share.
std::optional<ShareOptions> ReadShareOptions(const Settings& settings);

// Throws Error(kUsage) if a threshold rule names a target that is not audited.
void RequireTargets(const AuditOptions& options, const AuditInput& input);

}  // namespace plumbline
