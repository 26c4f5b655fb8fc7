#include "plumbline/infer/predict.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <numeric>
#include <stdexcept>

#include "plumbline/base/file.h"
#include "plumbline/base/test_support.h"
#include "plumbline/image/decode.h"
#include "plumbline/infer/batch_feed.h"
#include "plumbline/infer/saliency.h"
#include "plumbline/table/csv.h"

namespace plumbline {
namespace {

// Two scores: the mean of the picture and its largest sample; the embedding is
// its first three samples.
class MeanScorer : public Scorer {
 public:
  MeanScorer() {
    card_.preprocessing.side = 8;
    card_.targets = {{.name = "mean"}, {.name = "largest"}};
    card_.activation = Activation::kNone;
  }
  const ModelCard& card() const override { return card_; }
  int64_t embedding_size() const override { return gives_embeddings ? 3 : 0; }
  ScoredBatch Score(std::span<const float> input, int64_t n,
                    bool with_embeddings) override {
    batches.push_back(n);
    if (fail_at == static_cast<int64_t>(batches.size())) {
      throw std::runtime_error("the model fails");
    }
    ScoredBatch batch;
    for (int64_t i = 0; i < n; ++i) {
      const auto picture = input.subspan(i * 64, 64);
      batch.scores.push_back(
          std::accumulate(picture.begin(), picture.end(), 0.0F) / 64);
      batch.scores.push_back(*std::max_element(picture.begin(), picture.end()));
      if (with_embeddings) {
        batch.embeddings.insert(batch.embeddings.end(), picture.begin(),
                                picture.begin() + 3);
      }
    }
    return batch;
  }

  bool can_explain() const override { return true; }
  // The right half, whatever is asked.
  std::vector<float> Saliency(std::span<const float>, int64_t,
                              int64_t) override {
    std::vector<float> map(64);
    for (int i = 0; i < 64; ++i) map[i] = i % 8 < 4 ? 0.0F : 1.0F;
    return map;
  }

  std::vector<int64_t> batches;
  bool gives_embeddings = true;
  int64_t fail_at = 0;

 private:
  ModelCard card_;
};

// Five pictures: p<i>.png is a grey of 40 * i with one white corner; the fifth
// is no picture. Rows name them out of order, twice, or not at all.
class Predict : public testing::Test {
 protected:
  Predict() {
    PackInput input{.folder = folder_.path(), .table_csv = "image\n"};
    for (int i = 0; i < 5; ++i) {
      Image picture = MakeImage(16, 16, 1, 1);
      std::fill(picture.data.begin(), picture.data.end(), 40 * i);
      picture.data[255] = 255;
      const std::string name = fmt::format("p{}.png", i);
      WriteFile(folder_ / name, i == 4 ? "no picture" : EncodePng(picture, 1));
      input.paths.push_back(name);
    }
    PackOptions options;
    options.side = 16;
    PackImages(input, options, folder_ / "x.plumb");
    packed_ = std::make_unique<PackedCohort>(folder_ / "x.plumb");
    CohortRoles roles;
    roles.image = "image";
    const std::string csv =
        "image,y\np3.png,1\np1.png,0\np3.png,1\n,1\np4.png,0\np0.png,1\n"
        "elsewhere.png,0\np4.png,1\n";
    cohort_ = MakeCohort(
        ReadCsvText(csv, "t.csv", {{.name = "image"}, {.name = "y"}}), roles,
        {});
    rows_.resize(cohort_.rows);
    std::iota(rows_.begin(), rows_.end(), 0);
  }

  TemporaryFolder folder_;
  std::unique_ptr<PackedCohort> packed_;
  Cohort cohort_;
  std::vector<int64_t> rows_;
  MeanScorer scorer_;
};

TEST_F(Predict, ScoresEachImageOnceAndEveryRowOfIt) {
  const Predictions result =
      plumbline::Predict(&scorer_, *packed_, cohort_, rows_, {.batch = 2});
  EXPECT_EQ(scorer_.batches, (std::vector<int64_t>{2, 1}));
  EXPECT_EQ(result.rows, 8);
  EXPECT_EQ(result.images, 3);
  EXPECT_EQ(result.image_of_row,
            (std::vector<int64_t>{3, 1, 3, -1, -1, 0, -1, -1}));
  EXPECT_EQ(result.Score(0, 0), result.Score(2, 0));
  // 63 samples of grey, and the corner, a mean of its own.
  EXPECT_NEAR(result.Score(0, 0), 120.0 / 255, 0.02);
  EXPECT_NEAR(result.Score(1, 0), 40.0 / 255, 0.02);
  EXPECT_NEAR(result.Score(5, 0), 0, 0.02);
  EXPECT_NEAR(result.Score(5, 1), 0.18, 0.01);
}

TEST_F(Predict, ListsImagesThatCannotBeUsedAndGivesTheirRowsNoScore) {
  const Predictions result =
      plumbline::Predict(&scorer_, *packed_, cohort_, rows_, {});
  ASSERT_EQ(result.failed.size(), 2);
  EXPECT_EQ(result.failed[0].path, "p4.png");
  EXPECT_NE(result.failed[0].reason, "");
  EXPECT_EQ(result.failed[1].path, "elsewhere.png");
  EXPECT_EQ(result.failed[1].reason, "is not in the packed file");
  EXPECT_EQ(result.rows_without_image, 1);
  for (const int64_t row : {3, 4, 6, 7}) {
    EXPECT_TRUE(std::isnan(result.Score(row, 0)));
    EXPECT_TRUE(std::isnan(result.Score(row, 1)));
  }
}

TEST_F(Predict, GivesEmbeddingsByRow) {
  const Predictions result =
      plumbline::Predict(&scorer_, *packed_, cohort_, rows_,
                         {.batch = 1, .with_embeddings = true});
  EXPECT_EQ(result.embedding_size, 3);
  ASSERT_EQ(result.embeddings.size(), 8 * 3);
  EXPECT_FLOAT_EQ(result.embeddings[0 * 3 + 2], 120.0F / 255);
  EXPECT_FLOAT_EQ(result.embeddings[1 * 3 + 2], 40.0F / 255);
  EXPECT_FLOAT_EQ(result.embeddings[2 * 3], 120.0F / 255);
  EXPECT_TRUE(std::isnan(result.embeddings[4 * 3]));

  scorer_.gives_embeddings = false;
  EXPECT_EQ(ErrorText([&] {
              plumbline::Predict(&scorer_, *packed_, cohort_, rows_,
                                 {.with_embeddings = true});
            }),
            "2: the model gives no embeddings; name its output of features in "
            "the side file (embedding = \"features\"), or leave them out");
}

TEST_F(Predict, LooksAtTheRowsThatAreAskedForAlone) {
  const std::vector<int64_t> rows = {5, 1};
  const Predictions result =
      plumbline::Predict(&scorer_, *packed_, cohort_, rows, {});
  EXPECT_EQ(result.rows, 2);
  EXPECT_EQ(result.images, 2);
  EXPECT_TRUE(result.failed.empty());
  EXPECT_LT(result.Score(0, 0), result.Score(1, 0));
  EXPECT_EQ(plumbline::Predict(&scorer_, *packed_, cohort_, {}, {}).images, 0);
}

TEST_F(Predict, EndsWithTheModelsFailure) {
  scorer_.fail_at = 2;
  EXPECT_THROW(
      plumbline::Predict(&scorer_, *packed_, cohort_, rows_, {.batch = 1}),
      std::runtime_error);
}

TEST_F(Predict, SaysThatPixelsAreDamaged) {
  std::string bytes = ReadFile(folder_ / "x.plumb");
  bytes[4096 + 256 + 5] ^= 1;  // of the second image
  WriteFile(folder_ / "damaged.plumb", bytes);
  const PackedCohort damaged(folder_ / "damaged.plumb");
  const std::string text = ErrorText([&] {
    plumbline::Predict(&scorer_, damaged, cohort_, rows_, {.batch = 1});
  });
  EXPECT_NE(text.find("does not fit its checksum"), std::string::npos) << text;
  // The image before it was scored.
  EXPECT_EQ(scorer_.batches.size(), 1);
}

TEST_F(Predict, ShowsWhatTheModelLookedAtOverThePicture) {
  const Image overlay = Explain(&scorer_, *packed_, 1, 0);
  EXPECT_EQ(overlay.width, 256);  // of 8
  EXPECT_EQ(overlay.channels, 3);
  const std::vector<uint8_t> left = {40, 40, 40};
  const std::vector<uint8_t> right = {169, 169, 16};  // 0.6 of it is yellow
  EXPECT_TRUE(std::equal(left.begin(), left.end(), overlay.data.begin()));
  EXPECT_TRUE(
      std::equal(right.begin(), right.end(), overlay.data.begin() + 3 * 255));
}

TEST_F(Predict, FeedMayBeLeftBeforeItsEnd) {
  const std::vector<int64_t> images = {0, 1, 2, 3};
  BatchFeed feed(*packed_, scorer_.card().preprocessing, images, 1);
  EXPECT_EQ(feed.Next().size(), 64);
}

}  // namespace
}  // namespace plumbline
