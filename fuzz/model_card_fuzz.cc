// The side file of somebody else's model and the card of an own one: refused,
// or understood. A card that was understood, written and read again is the
// same card.
#include <cmath>
#include <cstdlib>
#include <string>

#include "plumbline/base/error.h"
#include "plumbline/infer/model_card.h"

namespace {

using plumbline::Json;
using plumbline::ModelCard;

void Require(bool holds) {
  if (!holds) std::abort();
}

void RequireGood(const ModelCard& card) {
  plumbline::RequireValid(card.preprocessing);
  Require(!card.targets.empty());
  Require(card.outputs() >= static_cast<int64_t>(card.targets.size()));
  Require(static_cast<int64_t>(card.ScoreNames().size()) == card.outputs());
  const Json json = plumbline::ToJson(card);
  Require(plumbline::ToJson(plumbline::ModelCardFromJson(json, "again")) ==
          json);
}

template <typename Read>
void Try(Read read) {
  ModelCard card;
  try {
    card = read();
  } catch (const plumbline::Error&) {
    return;
  }
  RequireGood(card);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  Try([&] { return plumbline::ParseModelSideFile(text, "model.toml"); });
  Try([&] {
    return plumbline::ModelCardFromJson(plumbline::ParseJson(text, "card"),
                                        "model.safetensors");
  });
  return 0;
}
