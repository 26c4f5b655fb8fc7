// Roles by the usual names of columns, where nobody says anything.
#pragma once

#include <string>
#include <vector>

#include "plumbline/cohort/roles.h"

namespace plumbline {

// Fills the roles that are empty from columns whose names are in general use
// ("patient_id", "sex", "ViewPosition", the findings of CheXpert and NIH),
// capital letters, spaces and underscores ignored. Columns that have a role
// already are left alone. Returns what was taken, "sex as an attribute", in the
// order of the header.
std::vector<std::string> GuessRoles(const std::vector<std::string>& header,
                                    CohortRoles* roles);

}  // namespace plumbline
