// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/saving/Csv.h"

#include "frontend/saving/FileBytes.h"

#include <charconv>
#include <limits>
#include <optional>

namespace horn::saving {

namespace {
/// Splits text into lines and these into fields.
class LineReader {
public:
  LineReader(std::string_view text, char separator, const Limits &limits)
      : text_(text), separator_(separator), limits_(limits) {}
  /// The next line that is not empty; false at the end.
  bool next(std::vector<std::string> &fields);
  size_t line() const { return line_; }

private:
  std::string field();
  std::string quotedField();
  void endOfField(std::vector<std::string> &fields, bool &more);

  std::string_view text_;
  char separator_;
  const Limits &limits_;
  size_t line_ = 0, at_ = 0;
};
} // namespace

/// A field in quotes; two quotes inside stand for one.
std::string LineReader::quotedField() {
  std::string value;
  for (++at_; at_ < text_.size(); ++at_) {
    if (text_[at_] == '\n')
      break;
    if (text_[at_] != '"') {
      value += text_[at_];
    } else if (at_ + 1 < text_.size() && text_[at_ + 1] == '"') {
      value += text_[at_++];
    } else {
      ++at_;
      return value;
    }
  }
  throw Error({.what = "line " + std::to_string(line_) + " has a quote without an end"});
}

std::string LineReader::field() {
  if (at_ < text_.size() && text_[at_] == '"')
    return quotedField();
  size_t start = at_;
  while (at_ < text_.size() && text_[at_] != separator_ && text_[at_] != '\n')
    ++at_;
  std::string_view value = text_.substr(start, at_ - start);
  if (value.ends_with('\r'))
    value.remove_suffix(1);
  while (value.starts_with(' ') || value.starts_with('\t'))
    value.remove_prefix(1);
  while (value.ends_with(' ') || value.ends_with('\t'))
    value.remove_suffix(1);
  return std::string(value);
}

/// Steps over what stands behind a field: a separator or the line's end.
void LineReader::endOfField(std::vector<std::string> &fields, bool &more) {
  if (at_ < text_.size() && text_[at_] == '\r')
    ++at_;
  more = at_ < text_.size() && text_[at_] == separator_;
  if (!more && at_ < text_.size() && text_[at_] != '\n')
    throw Error({.what = "line " + std::to_string(line_) + " has text behind a quoted field"});
  if (at_ < text_.size())
    ++at_;
  if (fields.size() > limits_.csv_columns)
    throw Error({.what = "line has more fields than the limit csv_columns"});
}

bool LineReader::next(std::vector<std::string> &fields) {
  while (at_ < text_.size()) {
    ++line_;
    fields.clear();
    for (bool more = true; more;) {
      fields.push_back(field());
      endOfField(fields, more);
    }
    if (fields.size() > 1 || !fields[0].empty())
      return true;
  }
  return false;
}

static std::optional<float> numberOf(std::string_view text) {
  if (text.empty())
    return std::numeric_limits<float>::quiet_NaN();
  if (text.starts_with('+'))
    text.remove_prefix(1);
  double value = 0; // from_chars refuses what is too small for the type
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size())
    return std::nullopt;
  return static_cast<float>(value);
}

static bool isHeader(const std::vector<std::string> &fields) {
  for (const std::string &field : fields)
    if (!numberOf(field))
      return true;
  return false;
}

static void appendLine(const std::vector<std::string> &fields, size_t line, size_t numColumns,
                       std::vector<float> &values) {
  if (fields.size() != numColumns)
    throw Error({.what = "line " + std::to_string(line) + " has a wrong number of fields",
                 .expected = std::to_string(numColumns),
                 .found = std::to_string(fields.size())});
  for (size_t column = 0; column < fields.size(); ++column) {
    std::optional<float> value = numberOf(fields[column]);
    if (!value)
      throw Error({.what = "line " + std::to_string(line) + ", field " +
                           std::to_string(column + 1) + " is not a number",
                   .found = "'" + fields[column].substr(0, 40) + "'"});
    values.push_back(*value);
  }
}

Csv parse_csv(std::string_view text, const std::string &name, char separator,
              const Limits &limits) {
  if (text.starts_with("\xef\xbb\xbf"))
    text.remove_prefix(3);
  LineReader reader(text, separator, limits);
  std::vector<std::string> fields;
  std::vector<float> values;
  Csv csv;
  size_t numColumns = 0;
  try {
    while (reader.next(fields)) {
      if (numColumns == 0) {
        numColumns = fields.size();
        if (isHeader(fields)) {
          csv.columns = fields;
          continue;
        }
      }
      appendLine(fields, reader.line(), numColumns, values);
    }
  } catch (const Error &error) {
    throw error.within(name);
  }
  int64_t rows = numColumns ? static_cast<int64_t>(values.size() / numColumns) : 0;
  csv.values = Array(Shape{rows, static_cast<int64_t>(numColumns)}, std::span<const float>(values));
  return csv;
}

Csv read_csv(const std::filesystem::path &path, char separator, const Limits &limits) {
  FileBytes bytes = map_file(path, limits);
  return parse_csv(bytes.text(), path.string(), separator, limits);
}

} // namespace horn::saving
