// Whose images a matrix of embeddings holds.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "plumbline/face/input/score_input.h"

namespace plumbline::face {

struct ImageSubjects {
  FaceInput input;  // subjects and groups; no comparisons yet
  std::vector<uint32_t> subject_of_row;
};

// A table with one row for each image, in the order of the embeddings:
// `subject,<attributes>`. The subject column is columns.reference_subject, else
// "subject". Throws as ReadScores.
ImageSubjects ReadImageSubjects(const std::vector<std::string>& inputs,
                                const FaceInputColumns& columns);

// The pure part.
ImageSubjects MakeImageSubjects(const Table& table,
                                const FaceInputColumns& columns);

}  // namespace plumbline::face
