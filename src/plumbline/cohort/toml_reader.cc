#include "plumbline/cohort/toml_reader.h"

#include <toml++/toml.h>

#include <algorithm>
#include <sstream>

#include "plumbline/base/text.h"

namespace plumbline {

struct TomlTable::State {
  std::string file;
  std::shared_ptr<const toml::table> document;
  const toml::table* table = nullptr;
};

namespace {

int Line(const toml::node& node) {
  return static_cast<int>(node.source().begin.line);
}

// As the file writes it, without quotes.
std::string Written(const toml::node& node) {
  if (const auto text = node.value<std::string>()) return *text;
  std::ostringstream out;
  node.visit([&out](const auto& value) { out << value; });
  return out.str();
}

bool IsScalar(const toml::node& node) {
  return node.is_string() || node.is_number() || node.is_boolean();
}

}  // namespace

TomlTable::TomlTable(std::shared_ptr<const State> state)
    : state_(std::move(state)) {}
TomlTable::~TomlTable() = default;
TomlTable::TomlTable(const TomlTable&) = default;
TomlTable& TomlTable::operator=(const TomlTable&) = default;

TomlTable TomlTable::Parse(std::string_view text, const std::string& file) {
  auto state = std::make_shared<State>();
  state->file = file;
  try {
    state->document =
        std::make_shared<const toml::table>(toml::parse(text, file));
  } catch (const toml::parse_error& error) {
    throw Error(ErrorCode::kUsage, "{}, line {}: {}", file,
                static_cast<int>(error.source().begin.line),
                std::string(error.description()));
  }
  state->table = state->document.get();
  return TomlTable(std::move(state));
}

const std::string& TomlTable::file() const { return state_->file; }

void TomlTable::FailAt(const std::string& key,
                       const std::string& message) const {
  const toml::node* node = key.empty() ? nullptr : state_->table->get(key);
  const int line = Line(node != nullptr ? *node : *state_->table);
  throw Error(ErrorCode::kUsage, "{}, line {}: {}", state_->file, line,
              message);
}

std::vector<std::string> TomlTable::Keys() const {
  std::vector<std::pair<toml::source_position, std::string>> found;
  for (const auto& [key, node] : *state_->table) {
    found.emplace_back(node.source().begin, std::string(key.str()));
  }
  std::stable_sort(
      found.begin(), found.end(),
      [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string> keys;
  for (auto& [place, key] : found) keys.push_back(std::move(key));
  return keys;
}

void TomlTable::RequireKeys(const std::vector<std::string>& known) const {
  for (const std::string& key : Keys()) {
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
    const std::string nearest = DidYouMean(key, known);
    Fail(key, "unknown key \"{}\"{}", key,
         nearest.empty() ? "; there are " + JoinWords(known) : nearest);
  }
}

bool TomlTable::Has(const std::string& key) const {
  return state_->table->contains(key);
}

bool TomlTable::IsTable(const std::string& key) const {
  const toml::node* node = state_->table->get(key);
  return node != nullptr && node->is_table();
}

std::string TomlTable::Text(const std::string& key) const {
  const toml::node* node = state_->table->get(key);
  if (node == nullptr) return "";
  if (!IsScalar(*node)) Fail(key, "\"{}\" is a text", key);
  return Written(*node);
}

std::vector<std::string> TomlTable::Texts(const std::string& key) const {
  const toml::node* node = state_->table->get(key);
  if (node == nullptr) return {};
  if (IsScalar(*node)) return {Written(*node)};
  if (!node->is_array()) Fail(key, "\"{}\" is a text or a list of texts", key);
  std::vector<std::string> texts;
  for (const toml::node& entry : *node->as_array()) {
    if (!IsScalar(entry)) Fail(key, "\"{}\" is a list of texts", key);
    texts.push_back(Written(entry));
  }
  return texts;
}

double TomlTable::Number(const std::string& key, double standard) const {
  const toml::node* node = state_->table->get(key);
  if (node == nullptr) return standard;
  const auto number = node->value<double>();
  if (!number || !(std::abs(*number) < 1e300)) {
    Fail(key, "\"{}\" is a number", key);
  }
  return *number;
}

std::vector<double> TomlTable::Numbers(const std::string& key) const {
  std::vector<double> numbers;
  const toml::node* node = state_->table->get(key);
  if (node == nullptr) return numbers;
  if (!node->is_array()) Fail(key, "\"{}\" is a list of numbers", key);
  for (const toml::node& entry : *node->as_array()) {
    const auto number = entry.value<double>();
    if (!number || !(std::abs(*number) < 1e300)) {
      Fail(key, "\"{}\" is a list of numbers", key);
    }
    numbers.push_back(*number);
  }
  return numbers;
}

TomlTable TomlTable::Table(const std::string& key) const {
  static const auto kNothing = std::make_shared<const toml::table>();
  auto state = std::make_shared<State>(*state_);
  const toml::node* node = state_->table->get(key);
  if (node == nullptr) {
    state->document = kNothing;
    state->table = kNothing.get();
  } else if (node->is_table()) {
    state->table = node->as_table();
  } else {
    Fail(key, "\"{}\" is a table: write [{}] and its keys below it", key, key);
  }
  return TomlTable(std::move(state));
}

std::vector<TomlTable> TomlTable::Tables(const std::string& key) const {
  std::vector<TomlTable> tables;
  const toml::node* node = state_->table->get(key);
  if (node == nullptr) return tables;
  if (!node->is_array_of_tables()) {
    Fail(key, "\"{}\" is a list of tables: write [[{}]] and its keys below it",
         key, key);
  }
  for (const toml::node& entry : *node->as_array()) {
    auto state = std::make_shared<State>(*state_);
    state->table = entry.as_table();
    tables.push_back(TomlTable(std::move(state)));
  }
  return tables;
}

}  // namespace plumbline
