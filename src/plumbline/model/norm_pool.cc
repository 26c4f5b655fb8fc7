#include "plumbline/model/norm_pool.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>
#include <cmath>

#include "plumbline/stats/target_clones.h"

// g++ 12 vectorises loops of unknown length from this level on.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("O3")
#endif

namespace plumbline {
namespace {

struct Shape {
  int64_t n, channels, height, width;

  int64_t plane() const { return height * width; }
  // Numbers of a channel in the batch.
  double count() const { return static_cast<double>(n * plane()); }
};

Shape ShapeOf(const at::Tensor& x) {
  return {x.size(0), x.size(1), x.size(2), x.size(3)};
}

constexpr int kLanes = 32;  // sums that a processor holds side by side

PLUMBLINE_TARGET_CLONES
double SumOf(const float* x, int64_t size) {
  float sums[kLanes] = {};
  int64_t i = 0;
  for (; i + kLanes <= size; i += kLanes) {
    for (int k = 0; k < kLanes; ++k) sums[k] += x[i + k];
  }
  double sum = 0;
  for (const float part : sums) sum += part;
  for (; i < size; ++i) sum += x[i];
  return sum;
}

PLUMBLINE_TARGET_CLONES
double SquaresAround(const float* x, int64_t size, float mean) {
  float sums[kLanes] = {};
  int64_t i = 0;
  for (; i + kLanes <= size; i += kLanes) {
    for (int k = 0; k < kLanes; ++k) {
      sums[k] += (x[i + k] - mean) * (x[i + k] - mean);
    }
  }
  double sum = 0;
  for (const float part : sums) sum += part;
  for (; i < size; ++i) {
    sum += static_cast<double>(x[i] - mean) * (x[i] - mean);
  }
  return sum;
}

// The largest of each window of 2 x 2, or the smallest for sign -1, times
// `scale` plus `shift`, cut at 0. In training a NaN is in `shift` too, by way
// of the mean, and stays.
PLUMBLINE_TARGET_CLONES
void PoolPlane(const float* x, int64_t height, int64_t width, float sign,
               float scale, float shift, float* y) {
  for (int64_t i = 0; i < height; i += 2) {
    const float* upper = x + i * width;
    const float* lower = upper + width;
    for (int64_t j = 0; j < width / 2; ++j) {
      const float a = sign * upper[2 * j], b = sign * upper[2 * j + 1];
      const float c = sign * lower[2 * j], d = sign * lower[2 * j + 1];
      const float most = std::max(std::max(a, b), std::max(c, d));
      const float value = sign * most * scale + shift;
      y[j] = value < 0 ? 0 : value;
    }
    y += width / 2;
  }
}

struct Sums {
  double gradient = 0;  // of what was not cut
  double product = 0;   // with the input around its mean
};

// Over the windows of a plane.
PLUMBLINE_TARGET_CLONES
Sums SumsOf(const float* x, const float* y, const float* gradient,
            int64_t height, int64_t width, float sign, float mean) {
  constexpr int kHalf = kLanes / 2;
  const int64_t windows = width / 2;
  Sums sums;
  for (int64_t i = 0; i < height; i += 2) {
    const float* upper = x + i * width;
    const float* lower = upper + width;
    float ones[kHalf] = {}, products[kHalf] = {};
    for (int64_t begin = 0; begin < windows; begin += kHalf) {
      const auto size =
          static_cast<int>(std::min<int64_t>(kHalf, windows - begin));
      for (int k = 0; k < size; ++k) {
        const int64_t j = begin + k;
        const float a = sign * upper[2 * j], b = sign * upper[2 * j + 1];
        const float c = sign * lower[2 * j], d = sign * lower[2 * j + 1];
        const float most = sign * std::max(std::max(a, b), std::max(c, d));
        const float g = y[j] > 0 ? gradient[j] : 0;
        ones[k] += g;
        products[k] += g * (most - mean);
      }
    }
    for (int k = 0; k < kHalf; ++k) {
      sums.gradient += ones[k];
      sums.product += products[k];
    }
    y += windows;
    gradient += windows;
  }
  return sums;
}

// dx = factor * (g at the largest of each window) - constant - slope * (x -
// mean). Of equal ones the first is the largest, as in at::max_pool2d.
struct Backward {
  float sign, mean, factor, constant, slope;
};

PLUMBLINE_TARGET_CLONES
void BackwardRows(const float* __restrict upper, const float* __restrict lower,
                  const float* __restrict y, const float* __restrict gradient,
                  int64_t windows, Backward k, float* __restrict to_upper,
                  float* __restrict to_lower) {
  const float begin = k.slope * k.mean - k.constant;
  for (int64_t j = 0; j < windows; ++j) {
    const float a = upper[2 * j], b = upper[2 * j + 1];
    const float c = lower[2 * j], d = lower[2 * j + 1];
    const float sa = k.sign * a, sb = k.sign * b, sc = k.sign * c,
                sd = k.sign * d;
    const float ab = std::max(sa, sb), cd = std::max(sc, sd);
    const float g = y[j] > 0 ? k.factor * gradient[j] : 0;
    // To the upper row unless the lower one is larger; there to the left
    // unless the right one is.
    const float g_upper = ab >= cd ? g : 0, g_lower = ab >= cd ? 0 : g;
    const float ga = sa >= sb ? g_upper : 0, gb = sa >= sb ? 0 : g_upper;
    const float gc = sc >= sd ? g_lower : 0, gd = sc >= sd ? 0 : g_lower;
    to_upper[2 * j] = begin - k.slope * a + ga;
    to_upper[2 * j + 1] = begin - k.slope * b + gb;
    to_lower[2 * j] = begin - k.slope * c + gc;
    to_lower[2 * j + 1] = begin - k.slope * d + gd;
  }
}

void BackwardPlane(const float* x, const float* y, const float* gradient,
                   int64_t height, int64_t width, const Backward& k,
                   float* dx) {
  const int64_t windows = width / 2;
  for (int64_t i = 0; i < height; i += 2) {
    BackwardRows(x + i * width, x + (i + 1) * width, y, gradient, windows, k,
                 dx + i * width, dx + (i + 1) * width);
    y += windows;
    gradient += windows;
  }
}

// Calls work(channel) for all, on LibTorch's threads.
template <typename Work>
void ForEachChannel(const Shape& shape, const Work& work) {
  at::parallel_for(0, shape.channels, 1, [&](int64_t begin, int64_t end) {
    for (int64_t c = begin; c < end; ++c) work(c);
  });
}

struct Statistics {
  at::Tensor mean, inverse;  // of each channel: 1 / sqrt(variance + epsilon)
};

Statistics StatisticsOf(const at::Tensor& x, const BatchNorm& norm) {
  const Shape shape = ShapeOf(x);
  const float* from = x.data_ptr<float>();
  Statistics statistics{at::empty({shape.channels}),
                        at::empty({shape.channels})};
  float* mean = statistics.mean.data_ptr<float>();
  float* inverse = statistics.inverse.data_ptr<float>();
  at::Tensor running_mean = norm.mean(), running_variance = norm.variance();
  float* mean_follows = running_mean.data_ptr<float>();
  float* variance_follows = running_variance.data_ptr<float>();
  const double momentum = norm.momentum();
  ForEachChannel(shape, [&](int64_t c) {
    double sum = 0, squares = 0;
    for (int64_t i = 0; i < shape.n; ++i) {
      sum +=
          SumOf(from + (i * shape.channels + c) * shape.plane(), shape.plane());
    }
    mean[c] = static_cast<float>(sum / shape.count());
    for (int64_t i = 0; i < shape.n; ++i) {
      squares += SquaresAround(from + (i * shape.channels + c) * shape.plane(),
                               shape.plane(), mean[c]);
    }
    inverse[c] = static_cast<float>(
        1 / std::sqrt(squares / shape.count() + norm.epsilon()));
    const auto follow = [momentum](double value, float* running) {
      *running =
          static_cast<float>((1 - momentum) * *running + momentum * value);
    };
    follow(mean[c], &mean_follows[c]);
    follow(squares / (shape.count() - 1), &variance_follows[c]);
  });
  return statistics;
}

struct NormPool : public torch::autograd::Function<NormPool> {
  static at::Tensor forward(torch::autograd::AutogradContext* context,
                            const at::Tensor& x, const at::Tensor& weight,
                            const at::Tensor& bias, const at::Tensor& mean,
                            const at::Tensor& inverse) {
    const Shape shape = ShapeOf(x);
    at::Tensor y =
        at::empty({shape.n, shape.channels, shape.height / 2, shape.width / 2});
    const float *from = x.data_ptr<float>(), *w = weight.data_ptr<float>(),
                *b = bias.data_ptr<float>(), *m = mean.data_ptr<float>(),
                *s = inverse.data_ptr<float>();
    float* to = y.data_ptr<float>();
    ForEachChannel(shape, [&](int64_t c) {
      const float scale = w[c] * s[c];
      for (int64_t i = 0; i < shape.n; ++i) {
        const int64_t plane = i * shape.channels + c;
        PoolPlane(from + plane * shape.plane(), shape.height, shape.width,
                  scale < 0 ? -1.0F : 1.0F, scale, b[c] - m[c] * scale,
                  to + plane * (shape.plane() / 4));
      }
    });
    context->save_for_backward({x, weight, mean, inverse, y});
    return y;
  }

  static torch::autograd::variable_list backward(
      torch::autograd::AutogradContext* context,
      torch::autograd::variable_list gradients) {
    const auto saved = context->get_saved_variables();
    const at::Tensor &x = saved[0], &y = saved[4];
    const at::Tensor gradient = gradients[0].contiguous();
    const Shape shape = ShapeOf(x);
    at::Tensor dx = at::empty_like(x), dw = at::empty({shape.channels}),
               db = at::empty({shape.channels});
    const float *from = x.data_ptr<float>(), *w = saved[1].data_ptr<float>(),
                *m = saved[2].data_ptr<float>(),
                *s = saved[3].data_ptr<float>(), *out = y.data_ptr<float>(),
                *g = gradient.data_ptr<float>();
    float *to = dx.data_ptr<float>(), *to_w = dw.data_ptr<float>(),
          *to_b = db.data_ptr<float>();
    ForEachChannel(shape, [&](int64_t c) {
      const float scale = w[c] * s[c], sign = scale < 0 ? -1.0F : 1.0F;
      Sums all;
      for (int64_t i = 0; i < shape.n; ++i) {
        const int64_t plane = i * shape.channels + c,
                      pooled = shape.plane() / 4;
        const Sums sums =
            SumsOf(from + plane * shape.plane(), out + plane * pooled,
                   g + plane * pooled, shape.height, shape.width, sign, m[c]);
        all.gradient += sums.gradient;
        all.product += sums.product;
      }
      to_b[c] = static_cast<float>(all.gradient);
      to_w[c] = static_cast<float>(all.product * s[c]);
      const Backward k{sign, m[c], scale,
                       static_cast<float>(scale * all.gradient / shape.count()),
                       static_cast<float>(scale * s[c] * s[c] * all.product /
                                          shape.count())};
      for (int64_t i = 0; i < shape.n; ++i) {
        const int64_t plane = i * shape.channels + c,
                      pooled = shape.plane() / 4;
        BackwardPlane(from + plane * shape.plane(), out + plane * pooled,
                      g + plane * pooled, shape.height, shape.width, k,
                      to + plane * shape.plane());
      }
    });
    return {dx, dw, db, at::Tensor(), at::Tensor()};
  }
};

}  // namespace

bool CanNormPool(const at::Tensor& x) {
  return x.is_cpu() && x.scalar_type() == at::kFloat && x.dim() == 4 &&
         x.is_contiguous() && x.size(2) % 2 == 0 && x.size(3) % 2 == 0;
}

at::Tensor NormPoolRelu(const at::Tensor& x, const BatchNorm& norm) {
  Statistics statistics;
  {
    const at::NoGradGuard no_gradient;
    statistics = StatisticsOf(x, norm);
  }
  return NormPool::apply(x, norm.weight(), norm.bias(), statistics.mean,
                         statistics.inverse);
}

at::Tensor PoolRelu(const at::Tensor& x) {
  const Shape shape = ShapeOf(x);
  at::Tensor y =
      at::empty({shape.n, shape.channels, shape.height / 2, shape.width / 2});
  const float* from = x.data_ptr<float>();
  float* to = y.data_ptr<float>();
  at::parallel_for(
      0, shape.n * shape.channels, 1, [&](int64_t begin, int64_t end) {
        for (int64_t plane = begin; plane < end; ++plane) {
          PoolPlane(from + plane * shape.plane(), shape.height, shape.width, 1,
                    1, 0, to + plane * (shape.plane() / 4));
        }
      });
  return y;
}

}  // namespace plumbline
