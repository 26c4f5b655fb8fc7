#include "plumbline/cli/settings_tables.h"

#include "plumbline/cli/audit_settings.h"
#include "plumbline/cli/compare_settings.h"

namespace plumbline {

OptionTables AllOptionTables() {
  return {{"audit", AuditOptionGroups()}, {"compare", CompareOptionGroups()}};
}

}  // namespace plumbline
