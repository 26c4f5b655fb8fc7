#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <limits>
#include <numeric>
#include <optional>

#include "plumbline/base/communicator.h"
#include "plumbline/base/error.h"
#include "plumbline/base/file.h"
#include "plumbline/base/interrupt.h"
#include "plumbline/base/progress.h"
#include "plumbline/base/random.h"
#include "plumbline/base/text.h"
#include "plumbline/base/thread_pool.h"
#include "plumbline/infer/batch_feed.h"
#include "plumbline/model/device.h"
#include "plumbline/model/network.h"
#include "plumbline/train/augment.h"
#include "plumbline/train/batches.h"
#include "plumbline/train/checkpoint.h"
#include "plumbline/train/compute_mode.h"
#include "plumbline/train/flat_weights.h"
#include "plumbline/train/losses.h"
#include "plumbline/train/optimiser.h"
#include "plumbline/train/progress_record.h"
#include "plumbline/train/simsiam.h"
#include "plumbline/train/step_plan.h"
#include "plumbline/train/tensor_descent.h"
#include "plumbline/train/train.h"
#include "plumbline/train/tune_scores.h"

namespace plumbline::train {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

double SecondsSince(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start)
      .count();
}

BatchNormPolicy PolicyOf(BatchNormMode mode) {
  switch (mode) {
    case BatchNormMode::kFrozen:
      return BatchNormPolicy::kFrozen;
    case BatchNormMode::kSynchronised:
      return BatchNormPolicy::kSynchronised;
    case BatchNormMode::kBatch:
      break;
  }
  return BatchNormPolicy::kBatch;
}

ModelCard CardOf(const TrainInput& input, const TrainOptions& options) {
  ModelCard card;
  card.architecture = options.architecture;
  card.preprocessing = input.preprocessing;
  for (const TargetValues& target : input.targets) {
    card.targets.push_back(target.target);
  }
  card.training = input.training;
  return card;
}

// The weights that are best so far.
struct Best {
  int epoch = 0;
  double metric = kNaN;
  std::vector<float> weights, statistics;
  std::vector<float> tune_outputs;  // tuning rows x outputs
};

class Trainer {
 public:
  Trainer(const TrainInput& input, const TrainOptions& options,
          Communicator* processes)
      : input_(input),
        options_(options),
        processes_(*processes),
        device_(FindDevice(options.device)),
        run_(IdentityOf(input, options)),
        network_(CardOf(input, options), options.seed),
        losses_(input, options),
        plan_(input, options, processes->rank(), processes->size()),
        tune_rows_(RowsOf(input, Part::kTune)) {
    if (options.batch_norm == BatchNormMode::kSynchronised &&
        processes->size() > 1 && !device_.is_cpu()) {
      // Its sums would be taken on a thread of LibTorch's, and MPI wants one.
      throw Error(ErrorCode::kUsage,
                  "--batch-norm synchronised works on CPUs alone; use batch or "
                  "frozen with --run-on {}",
                  options.device);
    }
    if (!tune_rows_.empty() && options.metric != "last") {
      RequireTellable(input, tune_rows_, options.metric);
    }
    LoadStart();
    if (options.simsiam) {
      simsiam_.emplace(&network_.weights(), network_.backbone().feature_size());
    }
    flat_.emplace(network_.weights(), device_);
    if (device_.is_cpu()) {
      descent_.emplace(options, flat_->size());
    } else {
      tensor_descent_.emplace(options, flat_->values());
    }
    if (options.ema > 0) ema_ = flat_->Values();
  }

  TrainResult Run();

 private:
  void LoadStart();
  bool Resume();
  void Choose();
  BatchPlan NextPiece();
  at::Tensor ToTensor(std::span<const float> images) const;
  void TrainStep(int64_t step, BatchLoader* loader);
  double AddGradients(int64_t step, BatchLoader* loader);
  at::Tensor LossOf(const Batch& batch, size_t rows_of_step,
                    std::span<const double> weight_sums);
  void AverageStatistics();
  void RequireFinite(double loss, double norm, int64_t step);
  void EndEpoch(int epoch, int64_t step, Progress* progress);
  void Evaluate(Epoch* epoch);
  std::vector<float> TuneOutputs();
  void KeepIfBest(const Epoch& epoch);
  bool Exhausted() const;
  OptimiserState StateOfDescent() const;
  Checkpoint ToCheckpoint(int64_t step) const;
  void MaybeWriteCheckpoint(int64_t step, bool now);
  TrainResult Finish();

  const TrainInput& input_;
  TrainOptions options_;
  Communicator& processes_;
  at::Device device_;
  const std::map<std::string, std::string> run_;
  Network network_;
  Losses losses_;
  StepPlan plan_;
  std::vector<int64_t> tune_rows_;
  std::optional<SimSiam> simsiam_;
  std::optional<FlatWeights> flat_;
  std::optional<GradientDescent> descent_;       // on the CPU
  std::optional<TensorDescent> tensor_descent_;  // elsewhere
  std::vector<float> ema_;
  ComputeMode compute_;
  ForwardMode mode_;
  std::vector<float> tune_outputs_;  // of the last epoch
  double spread_ = 0;                // of SimSiam's last step
  bool interrupted_ = false;         // some process was asked to stop
  Best best_;
  TrainResult result_;

  // What the loader's threads make next.
  std::optional<StepPlan> loader_plan_;
  int64_t loader_step_ = 0;
  std::vector<BatchPlan> loader_pieces_;
  size_t loader_piece_ = 0;

  std::chrono::steady_clock::time_point start_ =
      std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point checkpoint_time_ = start_;
};

void Trainer::LoadStart() {
  if (options_.weights.empty()) return;
  const WeightsReport report = LoadWeights(options_.weights, &network_);
  const auto list = [&](const char* what,
                        const std::vector<std::string>& names) {
    if (names.empty()) return;
    constexpr size_t kMost = 6;
    std::vector<std::string> first(
        names.begin(),
        names.begin() + static_cast<ptrdiff_t>(std::min(kMost, names.size())));
    if (names.size() > kMost) {
      first.push_back(fmt::format("{} more", names.size() - kMost));
    }
    result_.notes.push_back(fmt::format("{}: {}", what, JoinWords(first)));
  };
  result_.notes.push_back(fmt::format("{} tensors taken from {}",
                                      report.matched.size(), options_.weights));
  list("made to fit", report.adapted);
  list("not in the file, begin at random", report.missing);
  list("of another shape, begin at random", report.other_shape);
  list("in the file, not used", report.unexpected);
}

at::Tensor Trainer::ToTensor(std::span<const float> images) const {
  const Preprocessing& preprocessing = input_.preprocessing;
  return at::from_blob(
             const_cast<float*>(images.data()),
             {static_cast<int64_t>(images.size()) / preprocessing.input_size(),
              preprocessing.channels, preprocessing.side, preprocessing.side})
      .to(device_);
}

// The first process chooses for all.
void Trainer::Choose() {
  std::string words;
  ComputeMode mode;
  if (processes_.rank() == 0) {
    const std::vector<BatchPlan> pieces = plan_.PiecesOf(0);
    std::vector<int64_t> images;
    for (const int64_t row : pieces[0].rows) {
      images.push_back(input_.image_of_row[row]);
    }
    BatchFeed feed(*input_.images, input_.preprocessing, images,
                   static_cast<int64_t>(images.size()));
    mode = ChooseComputeMode(options_, network_, ToTensor(feed.Next()), &words);
  }
  const std::string bytes = processes_.AllGather(std::string{
      mode.bfloat16 ? '1' : '0', mode.channels_last ? '1' : '0'})[0];
  compute_ = {bytes[0] == '1', bytes[1] == '1'};
  result_.measured = words;
}

BatchPlan Trainer::NextPiece() {
  while (loader_piece_ == loader_pieces_.size()) {
    if (loader_step_ == loader_plan_->steps()) return {};
    loader_pieces_ = loader_plan_->PiecesOf(loader_step_++);
    loader_piece_ = 0;
  }
  return std::move(loader_pieces_[loader_piece_++]);
}

at::Tensor Trainer::LossOf(const Batch& batch, size_t rows_of_step,
                           std::span<const double> weight_sums) {
  const at::Tensor images = ToTensor(batch.input);
  if (!simsiam_) {
    return losses_.Loss(OutputsIn(compute_, network_, images, mode_),
                        batch.rows, weight_sums);
  }
  const auto n = static_cast<int64_t>(batch.rows.size());
  const SimSiam::Similarity similarity = simsiam_->Compare(
      FeaturesIn(compute_, network_, images.narrow(0, 0, n), mode_),
      FeaturesIn(compute_, network_, images.narrow(0, n, n), mode_), mode_);
  spread_ = similarity.spread;
  return similarity.loss *
         (static_cast<double>(n) / static_cast<double>(rows_of_step));
}

// Leaves the sum of the gradients of all processes; returns that of the losses.
double Trainer::AddGradients(int64_t step, BatchLoader* loader) {
  at::Tensor gradients = flat_->gradients();
  gradients.zero_();
  const std::vector<int64_t> rows = plan_.RowsOfStep(step);
  const std::vector<double> sums = losses_.WeightSums(rows);
  double loss = 0;
  for (int piece = 0; piece < options_.accumulate; ++piece) {
    Batch batch = loader->Next();
    const at::Tensor part = LossOf(batch, rows.size(), sums);
    if (part.requires_grad()) part.backward();
    loss += part.item<double>();
    loader->Recycle(std::move(batch));
  }
  interrupted_ = InterruptSignal() != 0;
  if (processes_.size() == 1) return loss;
  at::Tensor all = gradients.to(at::kCPU);
  float* numbers = all.data_ptr<float>();
  numbers[flat_->size()] = static_cast<float>(loss);
  // All stop after the same step.
  numbers[flat_->size() + 1] = InterruptSignal() != 0 ? 1 : 0;
  processes_.Sum({numbers, static_cast<size_t>(all.numel())});
  interrupted_ = numbers[flat_->size() + 1] > 0;
  if (!device_.is_cpu()) gradients.copy_(all);
  return numbers[flat_->size()];
}

// Every process saw other images; from here on all have the same statistics, so
// that one of them can write the checkpoint.
void Trainer::AverageStatistics() {
  if (processes_.size() == 1 || mode_.batch_norm != BatchNormPolicy::kBatch) {
    return;
  }
  std::vector<float> statistics = flat_->Statistics();
  processes_.Sum(statistics);
  Scale(1.0 / processes_.size(), statistics);
  flat_->SetStatistics(statistics);
}

void Trainer::RequireFinite(double loss, double norm, int64_t step) {
  if (std::isfinite(loss) && std::isfinite(norm)) return;
  constexpr size_t kMost = 10;
  std::vector<std::string> rows;
  for (const int64_t row : plan_.RowsOfStep(step)) {
    if (rows.size() == kMost) {
      rows.emplace_back("more");
      break;
    }
    rows.push_back(fmt::format("{}", input_.table_rows[row]));
  }
  throw Error(ErrorCode::kInvalidInput, {.file = input_.table_file},
              "step {} of epoch {}: the {} is not a finite number; the images "
              "of the step are those of rows {}. Nothing of it was kept. Try a "
              "lower --learning-rate, --clip 1 or --precision fp32",
              step + 1, step / plan_.steps_per_epoch() + 1,
              std::isfinite(loss) ? "gradient" : "loss", JoinWords(rows));
}

void Trainer::TrainStep(int64_t step, BatchLoader* loader) {
  // Dropout draws from LibTorch's generator: its state is a function of the
  // step, so that a checkpoint need not hold it.
  at::manual_seed(RandomStream(options_.seed, "dropout",
                               static_cast<uint64_t>(step) * processes_.size() +
                                   processes_.rank())
                      .NextUint64() >>
                  1);
  const double loss = AddGradients(step, loader);
  AverageStatistics();
  const auto n = static_cast<size_t>(flat_->size());
  at::Tensor gradients = flat_->gradients().narrow(0, 0, flat_->size());
  const double norm = descent_ ? NormOf({gradients.data_ptr<float>(), n})
                               : gradients.norm().item<double>();
  RequireFinite(loss, norm, step);
  if (options_.clip > 0 && norm > options_.clip) {
    gradients.mul_(options_.clip / norm);
  }
  const double rate = LearningRate(options_, step, plan_.steps());
  if (descent_) {
    descent_->Step(rate, {gradients.data_ptr<float>(), n},
                   {flat_->values().data_ptr<float>(), n});
  } else {
    tensor_descent_->Step(rate, gradients, flat_->values());
  }
  if (!ema_.empty()) MoveMean(options_.ema, flat_->Values(), ema_);
  result_.step_losses.push_back(static_cast<float>(loss));
}

std::vector<float> Trainer::TuneOutputs() {
  const at::NoGradGuard no_gradients;
  const auto n = static_cast<int64_t>(tune_rows_.size());
  const int64_t rank = processes_.rank(), size = processes_.size();
  std::vector<int64_t> images;
  for (int64_t i = n * rank / size; i < n * (rank + 1) / size; ++i) {
    images.push_back(input_.image_of_row[tune_rows_[i]]);
  }
  BatchFeed feed(*input_.images, input_.preprocessing, images,
                 std::max(1, options_.batch / options_.accumulate));
  std::string own;
  while (true) {
    const std::span<const float> batch = feed.Next();
    if (batch.empty()) break;
    const at::Tensor outputs =
        OutputsIn(compute_, network_, ToTensor(batch), {.training = false})
            .to(at::kCPU)
            .contiguous();
    own.append(reinterpret_cast<const char*>(outputs.data_ptr<float>()),
               outputs.numel() * sizeof(float));
  }
  std::vector<float> outputs;
  for (const std::string& bytes : processes_.AllGather(own)) {
    const size_t at = outputs.size();
    outputs.resize(at + bytes.size() / sizeof(float));
    std::memcpy(outputs.data() + at, bytes.data(), bytes.size());
  }
  return outputs;
}

void Trainer::Evaluate(Epoch* epoch) {
  epoch->tune_loss = kNaN;
  epoch->metric = kNaN;
  if (simsiam_) epoch->metric = spread_;
  if (tune_rows_.empty() || simsiam_) return;
  tune_outputs_ = TuneOutputs();
  epoch->targets = ScoreTargets(input_, tune_rows_, tune_outputs_);
  epoch->tune_loss = ShownMetric("loss", MetricOf("loss", epoch->targets));
  if (options_.metric != "last") {
    epoch->metric =
        ShownMetric(options_.metric, MetricOf(options_.metric, epoch->targets));
  }
}

void Trainer::KeepIfBest(const Epoch& epoch) {
  // Without a metric the last epoch is the best.
  const double metric = ShownMetric(options_.metric, epoch.metric);
  const bool better = options_.metric == "last" || tune_rows_.empty() ||
                      options_.simsiam || best_.epoch == 0 ||
                      metric > best_.metric ||
                      (std::isnan(best_.metric) && !std::isnan(metric));
  if (!better) return;
  best_ = {epoch.epoch, metric, flat_->Values(), flat_->Statistics(),
           tune_outputs_};
}

bool Trainer::Exhausted() const {
  return options_.patience > 0 && options_.metric != "last" && !simsiam_ &&
         !tune_rows_.empty() && !result_.epochs.empty() &&
         result_.epochs.back().epoch - best_.epoch >= options_.patience;
}

void Trainer::EndEpoch(int epoch, int64_t step, Progress* progress) {
  Epoch record;
  record.epoch = epoch;
  record.step = step;
  record.learning_rate = LearningRate(options_, step - 1, plan_.steps());
  const auto begin = result_.step_losses.end() -
                     static_cast<ptrdiff_t>(plan_.steps_per_epoch());
  record.train_loss = std::accumulate(begin, result_.step_losses.end(), 0.0) /
                      static_cast<double>(plan_.steps_per_epoch());
  // The mean of weights is what is judged and kept.
  std::vector<float> own;
  if (!ema_.empty()) {
    own = flat_->Values();
    flat_->SetValues(ema_);
  }
  Evaluate(&record);
  KeepIfBest(record);
  if (!own.empty()) flat_->SetValues(own);
  progress->Say(SentenceOf(record, options_, best_.epoch == epoch));
  result_.epochs.push_back(std::move(record));
}

OptimiserState Trainer::StateOfDescent() const {
  return descent_ ? descent_->state() : tensor_descent_->state();
}

Checkpoint Trainer::ToCheckpoint(int64_t step) const {
  OptimiserState state = StateOfDescent();
  Checkpoint checkpoint;
  checkpoint.run = run_;
  checkpoint.progress = ToJson(Standing{.step = step,
                                        .optimiser_steps = state.steps,
                                        .best_epoch = best_.epoch,
                                        .best_metric = best_.metric,
                                        .bfloat16 = compute_.bfloat16,
                                        .channels_last = compute_.channels_last,
                                        .epochs = result_.epochs});
  auto& tensors = checkpoint.tensors;
  tensors["weights"] = flat_->Values();
  tensors["statistics"] = flat_->Statistics();
  tensors["first"] = std::move(state.first);
  tensors["second"] = std::move(state.second);
  tensors["mean_weights"] = ema_;
  tensors["best_weights"] = best_.weights;
  tensors["best_statistics"] = best_.statistics;
  tensors["best_tune_outputs"] = best_.tune_outputs;
  tensors["step_losses"] = result_.step_losses;
  return checkpoint;
}

void Trainer::MaybeWriteCheckpoint(int64_t step, bool now) {
  if (options_.checkpoint_file.empty() || processes_.rank() > 0) return;
  if (!now &&
      SecondsSince(checkpoint_time_) < 60 * options_.checkpoint_minutes) {
    return;
  }
  WriteFile(options_.checkpoint_file, CheckpointBytes(ToCheckpoint(step)));
  checkpoint_time_ = std::chrono::steady_clock::now();
}

// The first process reads for all.
bool Trainer::Resume() {
  const std::string& file = options_.checkpoint_file;
  std::string own;
  if (processes_.rank() == 0 && !file.empty() &&
      std::filesystem::exists(file)) {
    own = ReadFile(file);
  }
  const std::string bytes = processes_.AllGather(own)[0];
  if (bytes.empty()) return false;
  Checkpoint checkpoint = ParseCheckpoint(bytes, file);
  RequireSameRun(checkpoint, run_, file);
  const Standing standing = StandingFromJson(checkpoint.progress, file);
  auto& tensors = checkpoint.tensors;
  if (standing.step < 0 || standing.step > plan_.steps() ||
      static_cast<int64_t>(tensors["step_losses"].size()) != standing.step) {
    throw Error(ErrorCode::kInvalidInput, {.file = file},
                "stands at step {} with the losses of {}: the file is damaged; "
                "begin anew with --restart",
                standing.step, tensors["step_losses"].size());
  }
  flat_->SetValues(tensors["weights"]);
  flat_->SetStatistics(tensors["statistics"]);
  OptimiserState state{std::move(tensors["first"]),
                       std::move(tensors["second"]), standing.optimiser_steps};
  if (descent_) {
    descent_->Restore(std::move(state));
  } else {
    tensor_descent_->Restore(state);
  }
  ema_ = std::move(tensors["mean_weights"]);
  best_ = {standing.best_epoch, standing.best_metric,
           std::move(tensors["best_weights"]),
           std::move(tensors["best_statistics"]),
           std::move(tensors["best_tune_outputs"])};
  compute_ = {standing.bfloat16, standing.channels_last};
  result_.epochs = standing.epochs;
  result_.step_losses = std::move(tensors["step_losses"]);
  result_.resumed_step = standing.step;
  return true;
}

TrainResult Trainer::Finish() {
  flat_->SetValues(best_.weights);
  flat_->SetStatistics(best_.statistics);
  network_.mutable_card()->training["best_epoch"] = best_.epoch;
  result_.model_file =
      simsiam_ ? BackboneFile(network_) : NetworkFile(&network_);
  result_.card = network_.card();
  result_.best_epoch = best_.epoch;
  result_.tune_outputs = std::move(best_.tune_outputs);
  result_.parameters = flat_->size();
  result_.bfloat16 = compute_.bfloat16;
  result_.channels_last = compute_.channels_last;
  result_.tune_rows = static_cast<int64_t>(tune_rows_.size());
  result_.train_rows =
      static_cast<int64_t>(RowsOf(input_, Part::kTrain).size());
  for (size_t row = 0; row < input_.parts.size(); ++row) {
    result_.rows_without_image +=
        input_.parts[row] != Part::kOther && input_.image_of_row[row] < 0;
  }
  result_.seconds = SecondsSince(start_);
  return std::move(result_);
}

TrainResult Trainer::Run() {
  mode_ = {.training = true,
           .batch_norm = PolicyOf(options_.batch_norm),
           .processes = &processes_};
  const bool resumed = Resume();
  if (!resumed) {
    Choose();
    // What was chosen must be found again by whoever goes on from here.
    MaybeWriteCheckpoint(0, true);
  }
  const int64_t steps = plan_.steps(), per_epoch = plan_.steps_per_epoch();
  int64_t step = result_.resumed_step;
  loader_plan_.emplace(plan_);
  loader_step_ = step;
  BatchLoader loader(input_, options_.augmentation, options_.seed,
                     LoaderThreads(options_), [this] { return NextPiece(); });
  Progress progress("training", steps, "steps");
  progress.Advance(step);
  const auto loop_start = std::chrono::steady_clock::now();
  auto epoch_start = loop_start;
  int64_t images = 0;
  while (step < steps && !Exhausted()) {
    TrainStep(step, &loader);
    images += static_cast<int64_t>(plan_.RowsOfStep(step).size());
    if (++step == result_.resumed_step + 1) {
      result_.seconds_to_first_step = SecondsSince(start_);
    }
    if (step % per_epoch == 0) {
      EndEpoch(static_cast<int>(step / per_epoch), step, &progress);
      if (step - per_epoch >= result_.resumed_step) {
        result_.epoch_seconds.push_back(SecondsSince(epoch_start));
      }
      epoch_start = std::chrono::steady_clock::now();
    }
    progress.Advance(1);
    MaybeWriteCheckpoint(step, interrupted_);
    if (!interrupted_) continue;
    StopIfInterrupted();
    throw Error(ErrorCode::kInterrupted, "stopped with another process");
  }
  result_.stopped_early = step < steps;
  result_.seconds_waiting = loader.seconds_waiting();
  const double seconds = SecondsSince(loop_start);
  result_.images_per_second =
      seconds > 0 ? static_cast<double>(images) / seconds : 0;
  return Finish();
}

}  // namespace

TrainResult Train(const TrainInput& input, const TrainOptions& options) {
  RequireValid(options);
  RequireValid(options.augmentation);
  RequireLearnable(input);
  TrainOptions complete = options;
  if (complete.threads == 0) complete.threads = DefaultThreads();
  at::set_num_threads(complete.threads);
  Trainer trainer(input, complete, &WorldCommunicator());
  return trainer.Run();
}

}  // namespace plumbline::train
