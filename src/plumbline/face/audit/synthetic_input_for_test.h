// Synthetic faces as the input of an audit.
#pragma once

#include <algorithm>
#include <optional>

#include "plumbline/face/input/score_input.h"
#include "plumbline/face/synth/synthetic_faces.h"

namespace plumbline::face {

inline FaceInput InputOf(const SynthOptions& options) {
  const SyntheticFaces faces = MakeSyntheticFaces(options);
  std::vector<uint32_t> codes(faces.groups.of_subject);
  CategoricalColumn group{
      .name = "group", .levels = {}, .first_row = {}, .codes = {}};
  for (const SynthGroup& entry : options.groups) {
    group.levels.push_back(entry.levels[0]);
    group.first_row.push_back(0);
  }
  group.codes =
      CodeVector::Pack(codes, static_cast<uint32_t>(group.levels.size()));
  FaceInput input;
  input.groups = BuildGroups({group}, {false}, 1);
  input.subjects = faces.groups.subjects();
  input.impostor = faces.impostor;
  input.genuine = faces.genuine;
  input.failed.impostor_of_group.resize(input.groups.groups.size());
  input.failed.genuine_of_group.resize(input.groups.groups.size());
  return input;
}

}  // namespace plumbline::face
