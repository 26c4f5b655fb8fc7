#include "plumbline/model/score_images.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <algorithm>

#include "plumbline/base/error.h"
#include "plumbline/base/thread_pool.h"
#include "plumbline/model/device.h"

namespace plumbline {

at::Device PrepareScoring(const ScorerOptions& options) {
  at::set_num_threads(options.threads > 0 ? options.threads : DefaultThreads());
  return FindDevice(options.device);
}

at::Tensor ImagesOf(std::span<const float> input, int64_t n,
                    const Preprocessing& preprocessing,
                    const at::Device& device) {
  if (static_cast<int64_t>(input.size()) != n * preprocessing.input_size()) {
    throw Error(ErrorCode::kInternal, "{} numbers are not {} images of {}",
                input.size(), n, preprocessing.input_size());
  }
  return at::from_blob(const_cast<float*>(input.data()),
                       {n, preprocessing.channels, preprocessing.side,
                        preprocessing.side})
      .to(device);
}

void Append(const at::Tensor& values, std::vector<float>* to) {
  const at::Tensor floats =
      values.detach().to(at::kCPU, at::kFloat).contiguous();
  const float* from = floats.data_ptr<float>();
  to->insert(to->end(), from, from + floats.numel());
}

ScoredBatch ScoreImages(
    std::span<const float> input, int64_t n, const ModelCard& card, int batch,
    const at::Device& device,
    const std::function<RawScores(const at::Tensor&)>& run) {
  const at::NoGradGuard no_gradient;
  const int64_t size = card.preprocessing.input_size();
  const int64_t step = std::max(batch, 1);
  ScoredBatch result;
  for (int64_t begin = 0; begin < n; begin += step) {
    const int64_t count = std::min(step, n - begin);
    const RawScores raw =
        run(ImagesOf(input.subspan(begin * size, count * size), count,
                     card.preprocessing, device));
    Append(raw.outputs, &result.scores);
    if (raw.features.defined()) Append(raw.features, &result.embeddings);
  }
  Activate(card, n, &result.scores);
  return result;
}

}  // namespace plumbline
