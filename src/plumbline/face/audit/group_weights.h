// Shares of a population by which groups count in weighted measures.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "plumbline/face/audit/face_options.h"
#include "plumbline/face/input/score_input.h"

namespace plumbline::face {

// Adds the weights of "sex=F=0.52" or "sex=F=0.52,sex=M=0.48"; a comma before a
// space belongs to the name of an intersection. Throws Error(kUsage) for
// another form, a weight that is not above 0, a group that has one already.
void ParseGroupWeights(const std::string& text,
                       std::map<std::string, double>* weights);

// The same of a table with the columns `group` and `weight`. Throws also
// Error(kInvalidInput), with file and row.
void ReadGroupWeights(const std::string& file,
                      std::map<std::string, double>* weights);

// Throws Error(kUsage) for a weight of a group that does not exist, and where a
// grouping has weights for some of its groups that are large enough only.
void CheckGroupWeights(const FaceInput& input, const FaceAuditOptions& options);

// The weights of some groups of a grouping, scaled to a sum of 1. Empty if they
// have none.
std::vector<double> WeightsOf(const FaceInput& input,
                              const FaceAuditOptions& options, int grouping,
                              const std::vector<int>& groups);

}  // namespace plumbline::face
