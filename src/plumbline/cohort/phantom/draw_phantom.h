// The pictures of a phantom cohort.
#pragma once

#include <cstdint>

#include "plumbline/cohort/phantom/phantom_plan.h"
#include "plumbline/image/image.h"

namespace plumbline {

// 8 bits; grey for chest, colour for skin. The same plan and row give the same
// picture, in any thread and order.
Image DrawPhantom(const PhantomPlan& plan, int64_t row);

// --- The two kinds (draw_chest.cc, draw_skin.cc)
// ------------------------------

// What a picture is drawn from; copies are changed afterwards.
struct PhantomScene {
  const PhantomOptions& options;
  const PhantomSubject& subject;
  const PhantomRow& row;
  int64_t original;  // row that it is the picture of
};

Image DrawChest(const PhantomScene& scene);
Image DrawSkin(const PhantomScene& scene);

}  // namespace plumbline
