// People drawn with replacement within their groups: the weights of a bootstrap
// over people.
#pragma once

#include <cstdint>
#include <vector>

#include "plumbline/base/random.h"
#include "plumbline/face/comparisons/comparisons.h"

namespace plumbline::face {

class SubjectDraws {
 public:
  explicit SubjectDraws(const SubjectGroups& groups)
      : subjects_(groups.of_subject.size()), members_(groups.groups) {
    for (size_t i = 0; i < subjects_; ++i) {
      members_[groups.of_subject[i]].push_back(static_cast<uint32_t>(i));
    }
  }

  // How often each subject is drawn: a pure function of its arguments.
  void Draw(uint64_t seed, uint64_t replicate, std::vector<uint32_t>* weights,
            const char* purpose = "vertex bootstrap") const {
    weights->assign(subjects_, 0);
    RandomStream random(seed, purpose, replicate);
    for (const std::vector<uint32_t>& members : members_) {
      for (size_t i = 0; i < members.size(); ++i) {
        ++(*weights)[members[random.NextBelow(members.size())]];
      }
    }
  }
  std::vector<uint32_t> Weights(uint64_t seed, uint64_t replicate) const {
    std::vector<uint32_t> weights;
    Draw(seed, replicate, &weights);
    return weights;
  }

 private:
  size_t subjects_;
  std::vector<std::vector<uint32_t>> members_;  // of each group
};

}  // namespace plumbline::face
