// Public weights into a network.
#include <ATen/ATen.h>

#include <cmath>
#include <map>
#include <set>

#include "plumbline/base/error.h"
#include "plumbline/base/file.h"
#include "plumbline/infer/architectures.h"
#include "plumbline/model/network.h"
#include "plumbline/model/tensor_views.h"

namespace plumbline {
namespace {

struct Renaming {
  const char* from;
  const char* to;
};

// Of torchvision's VisionTransformer, and of the files of DenseNet that
// torchvision offers for download, to the names used here.
constexpr Renaming kRenamings[] = {
    {"class_token", "cls_token"},
    {"encoder.pos_embedding", "pos_embed"},
    {"conv_proj.", "patch_embed.proj."},
    {"encoder.layers.encoder_layer_", "blocks."},
    {".ln_1.", ".norm1."},
    {".self_attention.in_proj_", ".attn.qkv."},
    {".self_attention.out_proj.", ".attn.proj."},
    {".ln_2.", ".norm2."},
    {".mlp.linear_1.", ".mlp.fc1."},  // before torchvision 0.14
    {".mlp.linear_2.", ".mlp.fc2."},
    {".mlp.0.", ".mlp.fc1."},
    {".mlp.3.", ".mlp.fc2."},
    {"encoder.ln.", "norm."},
    {"heads.head.", "head."},
    {".norm.1.", ".norm1."},
    {".norm.2.", ".norm2."},
    {".conv.1.", ".conv1."},
    {".conv.2.", ".conv2."},
};

std::string NameHere(std::string name) {
  for (const Renaming& renaming : kRenamings) {
    const size_t at = name.find(renaming.from);
    // Beginnings are of whole names; what begins with a dot is anywhere.
    if (at == std::string::npos || (renaming.from[0] != '.' && at != 0)) {
      continue;
    }
    name.replace(at, std::string(renaming.from).size(), renaming.to);
  }
  return name;
}

bool IsOfLastLayer(const std::string& name) {
  return name == "head.weight" || name == "head.bias";
}

// A tensor of the network, where it comes from, and the values it will have.
struct Match {
  at::Tensor to;
  const TensorView* from;
};

enum class Fit { kNone, kAsItIs, kChannels, kPositions };

bool SameButChannels(at::IntArrayRef a, at::IntArrayRef b) {
  return a.size() == 4 && b.size() == 4 && a[0] == b[0] && a[2] == b[2] &&
         a[3] == b[3];
}

int64_t GridOf(int64_t tokens) {
  const auto grid =
      static_cast<int64_t>(std::lround(std::sqrt(static_cast<double>(tokens))));
  return grid * grid == tokens ? grid : 0;
}

Fit FitOf(const std::string& name, at::IntArrayRef from, at::IntArrayRef to) {
  if (from == to) return Fit::kAsItIs;
  if (SameButChannels(from, to) &&
      ((from[1] == 3 && to[1] == 1) || (from[1] == 1 && to[1] == 3))) {
    return Fit::kChannels;
  }
  if (name == "pos_embed" && from.size() == 3 && from[0] == 1 &&
      from[2] == to[2] && from[1] > 1 && GridOf(from[1] - 1) > 0) {
    return Fit::kPositions;
  }
  return Fit::kNone;
}

// A grey image is one whose three channels are equal.
at::Tensor OfOtherChannels(const at::Tensor& from, int64_t channels) {
  if (channels == 1) return from.sum(1, /*keepdim=*/true);
  return from.expand({-1, channels, -1, -1}) / static_cast<double>(channels);
}

// The class token's stays; the others are a picture that changes its size, as
// in timm's resample_abs_pos_embed.
at::Tensor OfOtherGrid(const at::Tensor& from, int64_t tokens) {
  const int64_t width = from.size(2);
  const int64_t old_grid = GridOf(from.size(1) - 1), grid = GridOf(tokens - 1);
  const at::Tensor picture =
      from.slice(1, 1).transpose(1, 2).reshape({1, width, old_grid, old_grid});
  const at::Tensor resized = at::_upsample_bicubic2d_aa(
      picture, {grid, grid}, /*align_corners=*/false);
  return at::cat({from.slice(1, 0, 1), resized.flatten(2).transpose(1, 2)}, 1);
}

at::Tensor Adapted(Fit fit, const at::Tensor& from, at::IntArrayRef to) {
  switch (fit) {
    case Fit::kChannels:
      return OfOtherChannels(from, to[1]);
    case Fit::kPositions:
      return OfOtherGrid(from, to[1]);
    default:
      return from;
  }
}

std::string AdaptedText(Fit fit, const TensorView& view, at::IntArrayRef to) {
  if (fit == Fit::kPositions) {
    const int64_t before = GridOf(view.shape[1] - 1), after = GridOf(to[1] - 1);
    return fmt::format(
        "{}: positions interpolated from {} x {} patches to {} x {}", view.name,
        before, before, after, after);
  }
  return to[1] == 1 ? fmt::format("{}: 3 channels summed to 1", view.name)
                    : fmt::format("{}: 1 channel spread over 3, a third each",
                                  view.name);
}

// What of a file fits one network.
class Matching {
 public:
  Matching(const TensorFile& content, const Network& network) {
    std::map<std::string, const TensorView*> by_name;
    for (const TensorView& view : content.tensors) {
      by_name[NameHere(view.name)] = &view;
    }
    std::set<const TensorView*> used;
    const std::string last = network.backbone().last_layer() + ".";
    for (const NamedTensor& named : network.weights().tensors()) {
      auto found = by_name.find(named.name);
      if (IsOfLastLayer(named.name) && found == by_name.end()) {
        found = by_name.find(last + named.name.substr(5));
      }
      const TensorView* view = found == by_name.end() ? nullptr : found->second;
      if (view != nullptr) used.insert(view);
      Add(named, view);
    }
    for (const TensorView& view : content.tensors) {
      if (!used.contains(&view)) report_.unexpected.push_back(view.name);
    }
  }

  const WeightsReport& report() const { return report_; }
  // Of the backbone's tensors, those that the file has; 0 to 1.
  double share() const { return matched_ / of_backbone_; }
  // The same among all tensors of either: 1 only for the same network.
  double likeness() const {
    return matched_ /
           (of_backbone_ + static_cast<double>(report_.unexpected.size()));
  }

  void Copy() const {
    const at::NoGradGuard no_gradient;
    for (const auto& [to, from] : matches_) {
      at::Tensor out = to;
      const at::Tensor values = TensorOf(*from).to(out.scalar_type());
      out.copy_(Adapted(FitOf(NameHere(from->name), values.sizes(), to.sizes()),
                        values, to.sizes()));
    }
  }

 private:
  void Add(const NamedTensor& named, const TensorView* view) {
    // Batch norm's counter tells nothing, and older files do not have it.
    const bool counter = named.tensor.scalar_type() == at::kLong;
    const bool backbone = !counter && !IsOfLastLayer(named.name);
    of_backbone_ += backbone;
    if (view == nullptr) {
      if (!counter) report_.missing.push_back(named.name);
      return;
    }
    const Fit fit = FitOf(named.name, view->shape, named.tensor.sizes());
    if (fit == Fit::kNone) {
      report_.other_shape.push_back(
          fmt::format("{}: {} in the file, {} here", view->name,
                      ShapeText(view->shape), ShapeText(named.tensor)));
      return;
    }
    if (fit != Fit::kAsItIs) {
      report_.adapted.push_back(AdaptedText(fit, *view, named.tensor.sizes()));
    }
    if (!counter) report_.matched.push_back(view->name);
    matched_ += backbone;
    matches_.push_back({named.tensor, view});
  }

  WeightsReport report_;
  std::vector<Match> matches_;
  double matched_ = 0, of_backbone_ = 0;
};

// The other network that a file fits best, and how well.
std::pair<std::string, double> BestOther(const TensorFile& content,
                                         const Network& network) {
  std::pair<std::string, double> best{"", 0};
  for (const Architecture& architecture : Architectures()) {
    if (architecture.name == network.card().architecture) continue;
    ModelCard card = network.card();
    card.architecture = architecture.name;
    card.preprocessing.side = architecture.side;
    const double likeness =
        Matching(content, Network(card, std::nullopt)).likeness();
    if (likeness > best.second) best = {architecture.name, likeness};
  }
  return best;
}

// A file without a doubt of one network.
constexpr double kSurelyLike = 0.9;

void RequireItsArchitecture(const TensorFile& content, const std::string& file,
                            const Network& network, const Matching& matching) {
  if (matching.likeness() >= kSurelyLike) return;
  const std::string& here = network.card().architecture;
  const auto [other, likeness] = BestOther(content, network);
  if (likeness >= kSurelyLike) {
    throw Error(ErrorCode::kInvalidInput, {.file = file},
                "these are the weights of {0}, not of {1}; train with "
                "--network {0}",
                other, here);
  }
  if (matching.share() >= 0.5) return;
  throw Error(
      ErrorCode::kInvalidInput, {.file = file},
      "these are the weights of another architecture: {} of the {} "
      "tensors of {} are in it, under torchvision's or timm's names "
      "and with their shapes{}",
      matching.report().matched.size(),
      matching.report().matched.size() + matching.report().missing.size() +
          matching.report().other_shape.size(),
      here,
      content.tensors.empty()
          ? ""
          : fmt::format("; its first is \"{}\", {}", content.tensors[0].name,
                        ShapeText(content.tensors[0].shape)));
}

}  // namespace

WeightsReport LoadWeights(const std::string& file, Network* network) {
  const MappedFile mapped(file);
  const TensorFile content = ParseSafetensors(mapped.bytes(), file);
  const Matching matching(content, *network);
  RequireItsArchitecture(content, file, *network, matching);
  matching.Copy();
  return matching.report();
}

}  // namespace plumbline
