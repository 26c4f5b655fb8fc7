// The options that say what a cohort is, and the cohort that they make.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "plumbline/cli/option.h"
#include "plumbline/cli/settings.h"
#include "plumbline/cohort/cohort.h"
#include "plumbline/cohort/packed/pack.h"
#include "plumbline/cohort/packed/packed_cohort.h"

namespace plumbline {

// --label, --by, --subject, --image, ...
OptionGroup CohortOptions();
// --side, --depth, --colour, --resize, --window.
OptionGroup PackingOptions();

struct CohortSource {
  CohortRoles roles;
  std::map<std::string, AttributeMap> maps;
  std::string mapping_toml;
  Table table;
  Cohort cohort;
  // The columns whose roles were guessed, "sex as an attribute".
  std::vector<std::string> guessed;
  // If the input is a packed file.
  std::shared_ptr<const PackedCohort> packed;
};

// COHORT is cohort.toml, a packed file, or tables; options win over what the
// file says. `whole_table`: all columns are read, to be written again.
CohortSource ReadCohort(const Settings& settings,
                        const std::vector<std::string>& inputs,
                        bool whole_table);

// `standard`: what holds where an option is not given.
PackOptions ReadPackOptions(const Settings& settings,
                            const PackOptions& standard = {});

// What of the source is packed. Needs the whole table. Throws Error(kUsage) if
// it has no images.
PackInput ToPackInput(const CohortSource& source);

}  // namespace plumbline
