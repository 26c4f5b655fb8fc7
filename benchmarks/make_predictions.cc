// Writes a table of predictions with planted bias: the same bytes for the same
// rows, seed and share of missing values on every machine, without any random
// library. Every value is a pure function of (seed, row, stream) through
// splitmix64.
//
// Columns: id, sex (2 levels), age_band (5), race (5), device (6), site (12),
// y_true, score in [0, 1] with 6 decimals (so that scores tie).
// Planted truth:
//   - positives with sex F and race Black have their logit lowered by 0.7;
//   - device D6 adds 0.6 to everybody's logit;
//   - age band 80+ has less signal: 1.5 in place of 2.4.
#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace {

constexpr std::string_view kUsage =
    "usage: make_predictions [--rows N] [--seed S] [--missing P] [--out FILE]\n"
    "  --rows     rows (default 1000000)\n"
    "  --seed     seed (default 20240601)\n"
    "  --missing  share of empty race and device cells (default 0)\n"
    "  --out      file (default predictions_1e6.csv); - is standard output\n";

struct Options {
  int64_t rows = 1000000;
  uint64_t seed = 20240601;
  double missing = 0;
  std::string out = "predictions_1e6.csv";
};

// Uniform in (0, 1), 53 bits.
double Uniform(uint64_t seed, int64_t row, int stream) {
  constexpr uint64_t kGolden = 0x9E3779B97F4A7C15u;
  uint64_t x = static_cast<uint64_t>(row) * 16 + static_cast<uint64_t>(stream) +
               seed * kGolden;
  x = x * kGolden + kGolden;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
  x ^= x >> 31;
  return (static_cast<double>(x >> 11) + 0.5) / 9007199254740992.0;
}

struct Attribute {
  std::vector<std::string> levels;
  std::vector<double> cuts;  // cumulative shares without the last

  Attribute(std::vector<std::string> names, const std::vector<double>& shares)
      : levels(std::move(names)) {
    double sum = 0;
    for (size_t i = 0; i + 1 < shares.size(); ++i) {
      cuts.push_back(sum += shares[i]);
    }
  }

  size_t Level(double uniform) const {
    size_t level = 0;
    while (level < cuts.size() && cuts[level] <= uniform) ++level;
    return level;
  }
};

std::vector<Attribute> Attributes() {
  std::vector<std::string> sites;
  for (int i = 1; i <= 12; ++i) sites.push_back(fmt::format("S{:02}", i));
  return {
      {{"F", "M"}, {0.47, 0.53}},
      {{"18-39", "40-59", "60-69", "70-79", "80+"},
       {0.14, 0.27, 0.24, 0.22, 0.13}},
      {{"White", "Black", "Asian", "Other", "Unknown"},
       {0.61, 0.18, 0.11, 0.07, 0.03}},
      {{"D1", "D2", "D3", "D4", "D5", "D6"},
       {0.35, 0.25, 0.15, 0.12, 0.09, 0.04}},
      {std::move(sites), std::vector<double>(12, 1.0 / 12)},
  };
}

class Generator {
 public:
  explicit Generator(const Options& options) : options_(options) {}

  void AppendRow(int64_t row, fmt::memory_buffer& text) const {
    std::array<size_t, 5> level;
    for (size_t a = 0; a < level.size(); ++a) {
      level[a] = attributes_[a].Level(U(row, static_cast<int>(a)));
    }
    const auto [sex, age, race, device, site] = level;
    const double prevalence = 0.05 + 0.015 * static_cast<double>(age) +
                              0.01 * (sex == 1) + 0.02 * (race == 1);
    const bool y = U(row, 8) < prevalence;
    const double u = U(row, 9);
    const double noise = std::log(u) - std::log1p(-u);
    const double signal = age == 4 ? 1.5 : 2.4;
    double z = -1.6 + signal * y + noise * 0.9;
    z = z - 0.7 * (y && sex == 0 && race == 1) + 0.6 * (device == 5);
    // Ties to even, as rounding to 6 decimals in the usual libraries.
    const auto micros = static_cast<int64_t>(
        std::nearbyint(1.0 / (1.0 + std::exp(-z)) * 1000000.0));
    const bool no_race = options_.missing > 0 && U(row, 10) < options_.missing;
    const bool no_device =
        options_.missing > 0 && U(row, 11) < options_.missing;
    fmt::format_to(
        std::back_inserter(text), "P{:07},{},{},{},{},{},{:d},{}.{:06}\n", row,
        attributes_[0].levels[sex], attributes_[1].levels[age],
        no_race ? "" : attributes_[2].levels[race],
        no_device ? "" : attributes_[3].levels[device],
        attributes_[4].levels[site], y, micros / 1000000, micros % 1000000);
  }

 private:
  double U(int64_t row, int stream) const {
    return Uniform(options_.seed, row, stream);
  }

  Options options_;
  std::vector<Attribute> attributes_ = Attributes();
};

// A file and the SHA-256 of what went into it.
class HashedFile {
 public:
  explicit HashedFile(const std::string& path)
      : path_(path),
        file_(path == "-" ? stdout : std::fopen(path.c_str(), "wb")),
        digest_(EVP_MD_CTX_new(), EVP_MD_CTX_free) {
    if (file_ == nullptr) Fail();
    EVP_DigestInit_ex(digest_.get(), EVP_sha256(), nullptr);
  }

  void Write(std::string_view bytes) {
    EVP_DigestUpdate(digest_.get(), bytes.data(), bytes.size());
    if (std::fwrite(bytes.data(), 1, bytes.size(), file_) != bytes.size()) {
      Fail();
    }
  }

  // The digest in hexadecimal.
  std::string Close() {
    if (std::fclose(file_) != 0) Fail();
    std::array<unsigned char, EVP_MAX_MD_SIZE> bytes;
    unsigned int size = 0;
    EVP_DigestFinal_ex(digest_.get(), bytes.data(), &size);
    std::string hex;
    for (unsigned int i = 0; i < size; ++i) {
      hex += fmt::format("{:02x}", bytes[i]);
    }
    return hex;
  }

 private:
  [[noreturn]] void Fail() const {
    std::perror(path_.c_str());
    std::exit(6);
  }

  std::string path_;
  std::FILE* file_;
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> digest_;
};

// False if an option is unknown or has no value.
bool ParseOptions(int argc, char** argv, Options& options) {
  for (int i = 1; i < argc; i += 2) {
    const std::string_view name = argv[i];
    if (i + 1 == argc) return false;
    const char* value = argv[i + 1];
    char* end = nullptr;
    if (name == "--rows") {
      options.rows = std::strtoll(value, &end, 10);
    } else if (name == "--seed") {
      options.seed = std::strtoull(value, &end, 10);
    } else if (name == "--missing") {
      options.missing = std::strtod(value, &end);
    } else if (name == "--out") {
      options.out = value;
    } else {
      return false;
    }
    if (end != nullptr && (end == value || *end != '\0')) return false;
  }
  return options.rows >= 0 && options.missing >= 0 && options.missing <= 1;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  if (!ParseOptions(argc, argv, options)) {
    fmt::print(stderr, "{}", kUsage);
    return 2;
  }
  const Generator generator(options);
  HashedFile file(options.out);
  file.Write("id,sex,age_band,race,device,site,y_true,score\n");
  constexpr size_t kBlock = 1 << 20;  // bytes
  fmt::memory_buffer text;
  for (int64_t row = 0; row < options.rows; ++row) {
    generator.AppendRow(row, text);
    if (text.size() >= kBlock) {
      file.Write({text.data(), text.size()});
      text.clear();
    }
  }
  file.Write({text.data(), text.size()});
  fmt::print(stderr, "rows {} sha256 {}\n", options.rows, file.Close());
  return 0;
}
