// Small pictures that tests train on.
#pragma once

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <memory>
#include <string>

#include "plumbline/base/file.h"
#include "plumbline/base/random.h"
#include "plumbline/base/test_support.h"
#include "plumbline/cohort/packed/pack.h"
#include "plumbline/image/decode.h"
#include "plumbline/train/train.h"

namespace plumbline::train {

// n pictures of side x side pixels of noise, half of them with a bright square,
// packed in `folder`. The square of a picture lies where its number says.
inline std::shared_ptr<const PackedCohort> SquarePictures(
    const TemporaryFolder& folder, int n, int side = 32) {
  PackInput input{.folder = folder.path(), .table_csv = "image\n"};
  for (int i = 0; i < n; ++i) {
    RandomStream random(1, "picture", i);
    Image picture = MakeImage(side, side, 1, 1);
    for (uint8_t& sample : picture.data) {
      sample = static_cast<uint8_t>(60 + random.NextBelow(60));
    }
    const int at = 4 + static_cast<int>(random.NextBelow(side / 2));
    for (int k = 0; i % 2 == 0 && k < 64; ++k) {
      picture.data[(at + k / 8) * side + at + k % 8] = 220;
    }
    const std::string name = fmt::format("p{}.png", i);
    WriteFile(folder / name, EncodePng(picture, 1));
    input.paths.push_back(name);
  }
  PackOptions options;
  options.side = side;
  PackImages(input, options, folder / "squares.plumb");
  return std::make_shared<const PackedCohort>(folder / "squares.plumb");
}

// Whether there is a square, a target that every third row lacks and a number;
// four fifths of the rows are trained on.
inline TrainInput SquareInput(std::shared_ptr<const PackedCohort> images) {
  constexpr float kNo = std::numeric_limits<float>::quiet_NaN();
  TrainInput input;
  input.preprocessing = {
      .side = images->side(), .channels = 1, .mean = {0.4}, .deviation = {0.2}};
  TargetValues square{{.name = "square"}, {}};
  TargetValues often{{.name = "often"}, {}};
  TargetValues bright{{.name = "brightness",
                       .kind = TargetKind::kContinuous,
                       .scale = 2,
                       .offset = 10},
                      {}};
  GroupCodes third{.attribute = "third", .levels = {"a", "b", "c"}};
  for (int64_t i = 0; i < images->images(); ++i) {
    input.image_of_row.push_back(i);
    input.parts.push_back(i % 5 == 4 ? Part::kTune : Part::kTrain);
    input.table_rows.push_back(i + 2);
    square.values.push_back(i % 2 == 0 ? 1.0F : 0.0F);
    often.values.push_back(i % 3 == 0 ? kNo : i % 7 == 0 ? 1.0F : 0.0F);
    bright.values.push_back(i % 2 == 0 ? 12.0F : 8.0F);
    third.codes.push_back(static_cast<int32_t>(i % 3));
  }
  input.table_file = "squares.csv";
  input.targets = {square, often, bright};
  input.groups = {third};
  input.images = std::move(images);
  return input;
}

}  // namespace plumbline::train
