#include "plumbline/infer/safetensors.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>

#include "plumbline/base/error.h"
#include "plumbline/base/json.h"

namespace plumbline {
namespace {

static_assert(std::endian::native == std::endian::little,
              "safetensors files are read without swapping bytes");

constexpr uint64_t kLargestHeader = 100'000'000;
constexpr const char* kMetadata = "__metadata__";

struct TypeEntry {
  TensorType type;
  const char* name;
  int64_t size;
};
constexpr TypeEntry kTypes[] = {
    {TensorType::kFloat32, "F32", 4}, {TensorType::kFloat64, "F64", 8},
    {TensorType::kFloat16, "F16", 2}, {TensorType::kBFloat16, "BF16", 2},
    {TensorType::kInt64, "I64", 8},   {TensorType::kInt32, "I32", 4},
    {TensorType::kInt16, "I16", 2},   {TensorType::kInt8, "I8", 1},
    {TensorType::kUint8, "U8", 1},    {TensorType::kBool, "BOOL", 1},
};

class Parser {
 public:
  Parser(std::string_view bytes, const std::string& file)
      : bytes_(bytes), file_(file) {}

  TensorFile Parse() {
    const std::string_view header = Header();
    const Json json = ParseJson(header, file_);
    if (!json.is_object()) Fail("its header is not a JSON object");
    for (const auto& [name, value] : json.items()) {
      if (name == kMetadata) {
        AddMetadata(value);
      } else {
        AddTensor(name, value);
      }
    }
    RequireNoGaps();
    for (const Placed& placed : placed_) {
      content_.tensors.push_back(placed.view);
    }
    return std::move(content_);
  }

 private:
  struct Placed {
    uint64_t begin;
    uint64_t end;
    TensorView view;
  };

  template <typename... Args>
  [[noreturn]] void Fail(fmt::format_string<Args...> format, Args&&... args) {
    throw Error(ErrorCode::kInvalidInput, {.file = file_},
                "{}; it is not a safetensors file, or is damaged",
                fmt::vformat(format, fmt::make_format_args(args...)));
  }

  // Leaves the tensors in bytes_.
  std::string_view Header() {
    uint64_t size = 0;
    if (bytes_.size() < sizeof(size)) {
      Fail("it has {} bytes, fewer than the 8 at the beginning of every file",
           bytes_.size());
    }
    if (bytes_.starts_with("PK\x03\x04")) {
      throw Error(ErrorCode::kInvalidInput, {.file = file_},
                  "it is a zip archive, as torch.save writes it; save the "
                  "weights with save_file of Python's safetensors.torch");
    }
    std::memcpy(&size, bytes_.data(), sizeof(size));
    bytes_.remove_prefix(sizeof(size));
    if (size > kLargestHeader) {
      Fail("it announces a header of {} bytes, and {} are the most", size,
           kLargestHeader);
    }
    if (size > bytes_.size()) {
      Fail("it announces a header of {} bytes and has {} after that", size,
           bytes_.size());
    }
    const std::string_view header = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
    if (header.empty() || header[0] != '{') {
      Fail("its header does not begin with a brace");
    }
    return header;
  }

  void AddMetadata(const Json& json) {
    if (!json.is_object()) Fail("{} is not an object", kMetadata);
    for (const auto& [key, value] : json.items()) {
      if (!value.is_string()) Fail("{} \"{}\" is not a text", kMetadata, key);
      content_.metadata[key] = value.get<std::string>();
    }
  }

  void AddTensor(const std::string& name, const Json& json) {
    if (!json.is_object() || json.size() != 3 || !json.contains("dtype") ||
        !json.contains("shape") || !json.contains("data_offsets")) {
      Fail("tensor \"{}\" has not just dtype, shape and data_offsets", name);
    }
    const std::vector<uint64_t> shape = WholeNumbers(name, json, "shape");
    const std::vector<uint64_t> offsets =
        WholeNumbers(name, json, "data_offsets");
    if (offsets.size() != 2 || offsets[0] > offsets[1] ||
        offsets[1] > bytes_.size()) {
      Fail("data_offsets of tensor \"{}\" are no part of the {} bytes of data",
           name, bytes_.size());
    }
    TensorView view{.name = name, .type = TypeOf(name, json.at("dtype"))};
    view.shape.assign(shape.begin(), shape.end());
    const uint64_t size = offsets[1] - offsets[0];
    view.bytes = bytes_.substr(offsets[0], size);
    if (!IsSizeOf(shape, SizeOf(view.type), size)) {
      Fail("tensor \"{}\" is {} of {}, and its data_offsets hold {} bytes",
           name, NameOf(view.type), ShapeText(view.shape), size);
    }
    placed_.push_back({offsets[0], offsets[1], std::move(view)});
  }

  std::vector<uint64_t> WholeNumbers(const std::string& name, const Json& json,
                                     const char* key) {
    const Json& list = json.at(key);
    bool good = list.is_array();
    std::vector<uint64_t> numbers;
    for (size_t i = 0; good && i < list.size(); ++i) {
      good = list[i].is_number_unsigned() &&
             list[i].get<uint64_t>() <= std::numeric_limits<int64_t>::max();
      if (good) numbers.push_back(list[i].get<uint64_t>());
    }
    if (!good) {
      Fail("{} of tensor \"{}\" is not a list of whole numbers", key, name);
    }
    return numbers;
  }

  TensorType TypeOf(const std::string& name, const Json& json) {
    const std::string text = json.is_string() ? json.get<std::string>() : "";
    for (const TypeEntry& entry : kTypes) {
      if (text == entry.name) return entry.type;
    }
    throw Error(ErrorCode::kInvalidInput, {.file = file_},
                "tensor \"{}\" has the type {}, which is not read here; save "
                "it as F32",
                name, json.dump());
  }

  static bool IsSizeOf(const std::vector<uint64_t>& shape, uint64_t element,
                       uint64_t size) {
    uint64_t product = element;
    for (const uint64_t length : shape) {
      if (__builtin_mul_overflow(product, length, &product)) return false;
    }
    return product == size;
  }

  void RequireNoGaps() {
    std::stable_sort(
        placed_.begin(), placed_.end(), [](const Placed& a, const Placed& b) {
          return std::pair(a.begin, a.end) < std::pair(b.begin, b.end);
        });
    uint64_t end = 0;
    for (const Placed& placed : placed_) {
      if (placed.begin != end) {
        Fail(
            "tensor \"{}\" begins at byte {} of the data and the one before "
            "it ends at {}",
            placed.view.name, placed.begin, end);
      }
      end = placed.end;
    }
    if (end != bytes_.size()) {
      Fail("its tensors end at byte {} of the data, which has {}", end,
           bytes_.size());
    }
  }

  std::string_view bytes_;
  const std::string& file_;
  std::vector<Placed> placed_;
  TensorFile content_;
};

}  // namespace

const char* NameOf(TensorType type) {
  for (const TypeEntry& entry : kTypes) {
    if (entry.type == type) return entry.name;
  }
  return "";
}

int64_t SizeOf(TensorType type) {
  for (const TypeEntry& entry : kTypes) {
    if (entry.type == type) return entry.size;
  }
  return 0;
}

std::string ShapeText(const std::vector<int64_t>& shape) {
  if (shape.empty()) return "scalar";
  std::string text;
  for (const int64_t length : shape) {
    if (!text.empty()) text += 'x';
    text += std::to_string(length);
  }
  return text;
}

TensorFile ParseSafetensors(std::string_view bytes, const std::string& file) {
  return Parser(bytes, file).Parse();
}

std::string SafetensorsBytes(const TensorFile& content) {
  Json header = Json::object();
  if (!content.metadata.empty()) header[kMetadata] = content.metadata;
  uint64_t end = 0;
  for (const TensorView& tensor : content.tensors) {
    const uint64_t begin = end;
    end += tensor.bytes.size();
    header[tensor.name] = {{"dtype", NameOf(tensor.type)},
                           {"shape", tensor.shape},
                           {"data_offsets", {begin, end}}};
  }
  std::string text = header.dump();
  // Tensors begin at a multiple of 8, as the reference implementation has it.
  text.resize((text.size() + 7) / 8 * 8, ' ');

  const uint64_t size = text.size();
  std::string bytes(sizeof(size), '\0');
  std::memcpy(bytes.data(), &size, sizeof(size));
  bytes.reserve(sizeof(size) + size + end);
  bytes += text;
  for (const TensorView& tensor : content.tensors) bytes += tensor.bytes;
  return bytes;
}

}  // namespace plumbline
