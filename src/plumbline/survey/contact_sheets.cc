#include "plumbline/survey/contact_sheets.h"

#include <algorithm>

#include "plumbline/base/random.h"
#include "plumbline/image/resize.h"

namespace plumbline::survey {
namespace {

constexpr int kGap = 2;  // pixels between pictures
constexpr uint8_t kWhite = 255;

struct Candidates {
  std::string attribute, group;
  std::vector<int64_t> images;
};

// Of each level, the images of the sampled rows that can be shown.
std::vector<Candidates> CandidatesOf(const SurveyInput& input,
                                     const PackedCohort& packed) {
  std::vector<Candidates> all;
  for (const CohortAttribute& attribute : input.cohort->attributes) {
    std::vector<Candidates> levels(attribute.levels.size());
    for (size_t l = 0; l < levels.size(); ++l) {
      levels[l].attribute = attribute.name;
      levels[l].group = attribute.levels[l];
    }
    for (const int64_t row : input.sample) {
      const int64_t image = input.image_of_row[row];
      if (image < 0 || packed.record(image).status != PackStatus::kDecoded) {
        continue;
      }
      levels[attribute.codes[row]].images.push_back(image);
    }
    for (Candidates& level : levels) {
      if (!level.images.empty()) all.push_back(std::move(level));
    }
  }
  return all;
}

// The first `count` of a shuffle (Fisher and Yates).
void Draw(size_t count, RandomStream* random, std::vector<int64_t>* images) {
  for (size_t i = 0; i < count; ++i) {
    std::swap((*images)[i],
              (*images)[i + random->NextBelow(images->size() - i)]);
  }
  images->resize(count);
}

void Paste(const Image& picture, int left, int top, Image* sheet) {
  const size_t row = static_cast<size_t>(picture.width) * picture.channels;
  for (int y = 0; y < picture.height; ++y) {
    std::copy_n(
        &picture.data[y * row], row,
        &sheet->data[(static_cast<size_t>(top + y) * sheet->width + left) *
                     sheet->channels]);
  }
}

Image Assemble(const std::vector<int64_t>& images, const PackedCohort& packed,
               const ContactSheetOptions& options) {
  const int columns =
      std::min(options.columns, static_cast<int>(images.size()));
  const int rows = (static_cast<int>(images.size()) + columns - 1) / columns;
  const int step = options.thumbnail + kGap;
  Image sheet = MakeImage(columns * step - kGap, rows * step - kGap,
                          packed.channels(), 1);
  std::fill(sheet.data.begin(), sheet.data.end(), kWhite);
  for (size_t i = 0; i < images.size(); ++i) {
    const auto at = static_cast<int>(i);
    Paste(ToUint8(Resize(packed.ImageAt(images[i]), options.thumbnail,
                         ResizeMode::kFit)),
          at % columns * step, at / columns * step, &sheet);
  }
  return sheet;
}

}  // namespace

std::vector<ContactSheet> MakeContactSheets(
    const SurveyInput& input, const PackedCohort& packed,
    const ContactSheetOptions& options) {
  if (input.image_of_row.empty()) return {};
  std::vector<Candidates> groups = CandidatesOf(input, packed);
  if (groups.empty()) return {};
  const int64_t picture_bytes = static_cast<int64_t>(options.thumbnail) *
                                options.thumbnail * packed.channels();
  const int64_t pictures = options.most_bytes / picture_bytes;
  const auto sheets =
      static_cast<size_t>(std::max<int64_t>(1, pictures / options.columns));
  if (groups.size() > sheets) {
    std::stable_sort(groups.begin(), groups.end(),
                     [](const Candidates& a, const Candidates& b) {
                       return a.images.size() > b.images.size();
                     });
    groups.resize(sheets);
  }
  const int64_t each =
      std::clamp<int64_t>(pictures / static_cast<int64_t>(groups.size()) /
                              options.columns * options.columns,
                          options.columns, options.most_pictures);
  std::vector<ContactSheet> result;
  for (size_t g = 0; g < groups.size(); ++g) {
    Candidates& group = groups[g];
    ContactSheet sheet;
    sheet.attribute = group.attribute;
    sheet.group = group.group;
    sheet.of = static_cast<int64_t>(group.images.size());
    sheet.shown = std::min(each, sheet.of);
    RandomStream random(options.seed, "contact sheet", g);
    Draw(static_cast<size_t>(sheet.shown), &random, &group.images);
    sheet.image = Assemble(group.images, packed, options);
    result.push_back(std::move(sheet));
  }
  return result;
}

}  // namespace plumbline::survey
