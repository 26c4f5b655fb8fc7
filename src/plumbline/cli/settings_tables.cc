#include "plumbline/cli/settings_tables.h"

#include "plumbline/cli/audit_settings.h"
#include "plumbline/cli/commands.h"
#include "plumbline/cli/compare_settings.h"
#include "plumbline/cli/face_commands.h"
#include "plumbline/cli/monitor_settings.h"
#include "plumbline/cli/power_settings.h"
#include "plumbline/cli/train_settings.h"

namespace plumbline {

OptionTables AllOptionTables() {
  return {{"audit", AuditOptionGroups()},
          {"compare", CompareOptionGroups()},
          {"doctor", DoctorOptionGroups()},
          {"face-algorithms", FaceAlgorithmsOptionGroups()},
          {"face-audit", FaceAuditOptionGroups()},
          {"face-synth", FaceSynthOptionGroups()},
          {"monitor", MonitorOptionGroups()},
          {"pack", PackOptionGroups()},
          {"phantom", PhantomOptionGroups()},
          {"power", PowerOptionGroups()},
          {"predict", PredictOptionGroups()},
          {"split", SplitOptionGroups()},
          {"survey", SurveyOptionGroups()},
          {"train", TrainOptionGroups()}};
}

}  // namespace plumbline
