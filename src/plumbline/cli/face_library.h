// plumbline face audit --library: settings of a library that is audited.
#pragma once

#include <string>
#include <vector>

#include "plumbline/cli/option.h"
#include "plumbline/cli/settings.h"
#include "plumbline/face/audit/face_audit.h"
#include "plumbline/face/library/library_scores.h"

namespace plumbline {

OptionGroup FaceLibraryGroup();

struct LibraryAudit {
  face::LibraryOptions options;
  face::LibraryRun run;
  face::FaceAuditResult result;
};

// Reads the pictures, lets the library score them, audits the scores.
LibraryAudit AuditFaceLibrary(const Settings& settings,
                              const std::vector<std::string>& inputs,
                              const face::FaceInputColumns& columns,
                              const face::FaceAuditOptions& options,
                              face::FaceInput* input);

}  // namespace plumbline
