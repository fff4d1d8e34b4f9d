// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/saving/Hdf5Reader.h"

#include "frontend/saving/Hdf5Data.h"

#include <cstring>
#include <unordered_map>

namespace horn::saving {

using namespace hdf5;

namespace {
/// A group or dataset.
struct Object {
  bool isGroup = false;
  std::vector<std::string> children; // of a group
  std::optional<DatasetInfo> info;   // of a dataset
  std::optional<size_t> dataset;     // index in datasets, if of numbers
  std::vector<Attribute> attributes;
};

/// An object that the walk has still to read.
struct Pending {
  std::string path;
  uint64_t address;
  uint64_t depth;
};
} // namespace

struct Hdf5Reader::File {
  std::string name;
  Image image;
  std::unordered_map<std::string, Object> objects;
  std::vector<Hdf5Dataset> datasets;

  File(FileBytes bytes, std::string fileName, const Limits &limits)
      : name(std::move(fileName)), image(std::move(bytes), limits) {}

  void walk();
  void readObject(const Pending &pending, std::vector<Pending> &next, Budget &budget);
  void addDataset(const std::string &path, Object &object);
  const Object &at(std::string_view path) const;
  const Attribute *attribute(std::string_view path, std::string_view attributeName) const;
  const Attribute &neededAttribute(std::string_view path, std::string_view attributeName) const;
  std::string where(std::string_view path) const { return name + ": /" + std::string(path); }
};

/// The path as a key: without a leading '/'.
static std::string key(std::string_view path) {
  return std::string(path.substr(path.starts_with('/') ? 1 : 0));
}

//===- Opening
//----------------------------------------------------------------------------------===//

/// The parts of a dataset, or nothing when the messages are not a dataset's.
static std::optional<DatasetInfo> readDataset(const Image &image,
                                              const std::vector<Message> &messages) {
  DatasetInfo info;
  unsigned found = 0;
  for (const Message &message : messages) {
    ByteCursor body(message.body);
    unsigned part = 0;
    switch (message.kind) {
    case MessageKind::dataspace:
      part = 1;
      break;
    case MessageKind::datatype:
      part = 2;
      break;
    case MessageKind::layout:
      part = 4;
      break;
    case MessageKind::filters:
      part = 8;
      break;
    default:
      continue;
    }
    if (message.flags & 2)
      throw Error({.what = "shared HDF5 datatypes and dataspaces are not supported"});
    if (found & part)
      throw Error({.what = "HDF5 dataset states a property twice"});
    found |= part;
    if (part == 1)
      info.dataspace = parse_dataspace(body, image.limits());
    else if (part == 2)
      info.datatype = parse_datatype(body);
    else if (part == 4)
      info.layout = parse_layout(body, image.limits());
    else
      info.filters = parse_filters(body, image.limits());
  }
  if ((found & 7) != 7)
    return std::nullopt;
  return info;
}

/// Keras stores bfloat16 as opaque values with an attribute that says so.
static bool isBfloat16(const Image &image, const DatasetInfo &info,
                       const std::vector<Attribute> &attributes) {
  if (info.datatype.kind != Datatype::Kind::opaque || info.datatype.bytes != 2)
    return false;
  for (const Attribute &attribute : attributes)
    if (attribute.name == "dtype")
      return read_strings(image, attribute) == std::vector<std::string>{"bfloat16"};
  return false;
}

void Hdf5Reader::File::addDataset(const std::string &path, Object &object) {
  DatasetInfo &info = *object.info;
  if (isBfloat16(image, info, object.attributes)) {
    info.datatype.kind = Datatype::Kind::number;
    info.datatype.dtype = DType::bfloat16;
  }
  if (info.datatype.kind != Datatype::Kind::number || info.dataspace.null)
    return;
  object.dataset = datasets.size();
  datasets.push_back({path, info.dataspace.shape, info.datatype.dtype,
                      info.layout.kind == Layout::Kind::contiguous});
}

void Hdf5Reader::File::readObject(const Pending &pending, std::vector<Pending> &next,
                                  Budget &budget) {
  std::vector<Message> messages = read_object_header(image, pending.address, budget);
  Object object;
  object.attributes = read_attributes(image, messages, budget);
  if (std::optional<std::vector<Link>> links = read_links(image, messages, budget)) {
    object.isGroup = true;
    if (pending.depth >= image.limits().hdf5_group_depth && !links->empty())
      throw Error({.what = "HDF5 groups are nested deeper than the limit hdf5_group_depth"});
    std::string prefix = pending.path.empty() ? "" : pending.path + "/";
    for (Link &link : *links) {
      budget.memory(prefix.size() + link.name.size() + sizeof(Pending));
      next.push_back({prefix + link.name, link.address, pending.depth + 1});
      object.children.push_back(std::move(link.name));
    }
  } else if ((object.info = readDataset(image, messages))) {
    check_storage(image, *object.info, budget);
    addDataset(pending.path, object);
  }
  budget.memory(2 * pending.path.size() + sizeof(Object));
  objects.emplace(pending.path, std::move(object));
}

/// Depth first, the members of a group in their order.
void Hdf5Reader::File::walk() {
  Budget budget(image.size(), image.limits());
  std::vector<Pending> pending{{"", image.root(), 0}}, next;
  while (!pending.empty()) {
    Pending current = std::move(pending.back());
    pending.pop_back();
    if (objects.size() >= image.limits().hdf5_objects)
      throw Error({.what = "HDF5 file has more objects than the limit hdf5_objects"});
    next.clear();
    try {
      readObject(current, next, budget);
    } catch (const Error &error) {
      throw error.within("/" + current.path);
    }
    pending.insert(pending.end(), std::make_move_iterator(next.rbegin()),
                   std::make_move_iterator(next.rend()));
  }
  if (!objects.at("").isGroup)
    throw Error({.what = "HDF5 file has no root group"});
}

Hdf5Reader::Hdf5Reader(FileBytes image, std::string name, const Limits &limits) {
  std::string where = name;
  try {
    file_ = std::make_unique<File>(std::move(image), std::move(name), limits);
    file_->walk();
    file_->image.bytes().forget();
  } catch (const Error &error) {
    throw error.within(where);
  }
}

Hdf5Reader::Hdf5Reader(const std::filesystem::path &path, const Limits &limits)
    : Hdf5Reader(map_file(path, limits), path.string(), limits) {}

Hdf5Reader::Hdf5Reader(Hdf5Reader &&) noexcept = default;
Hdf5Reader &Hdf5Reader::operator=(Hdf5Reader &&) noexcept = default;
Hdf5Reader::~Hdf5Reader() = default;

//===- Groups and datasets
//----------------------------------------------------------------------===//

const Object &Hdf5Reader::File::at(std::string_view path) const {
  auto found = objects.find(key(path));
  if (found == objects.end())
    throw Error({.where = where(key(path)), .what = "no such group or dataset in the HDF5 file"});
  return found->second;
}

const std::vector<Hdf5Dataset> &Hdf5Reader::datasets() const { return file_->datasets; }

bool Hdf5Reader::has_group(std::string_view path) const {
  auto found = file_->objects.find(key(path));
  return found != file_->objects.end() && found->second.isGroup;
}

bool Hdf5Reader::has_dataset(std::string_view path) const {
  auto found = file_->objects.find(key(path));
  return found != file_->objects.end() && found->second.info.has_value();
}

const std::vector<std::string> &Hdf5Reader::children(std::string_view group) const {
  const Object &object = file_->at(group);
  if (!object.isGroup)
    throw Error({.where = file_->where(key(group)), .what = "not a group of the HDF5 file"});
  return object.children;
}

const Hdf5Dataset &Hdf5Reader::dataset(std::string_view path) const {
  const Object &object = file_->at(path);
  if (!object.dataset)
    throw Error({.where = file_->where(key(path)),
                 .what = "not a dataset of numbers",
                 .found = object.info ? object.info->datatype.description : "a group"});
  return file_->datasets[*object.dataset];
}

Array Hdf5Reader::read(std::string_view path) const {
  dataset(path); // throws unless it is one of numbers
  try {
    return read_elements(file_->image, *file_->at(path).info);
  } catch (const Error &error) {
    throw error.within(file_->where(key(path)));
  }
}

//===- Attributes
//-------------------------------------------------------------------------------===//

const Attribute *Hdf5Reader::File::attribute(std::string_view path,
                                             std::string_view attributeName) const {
  for (const Attribute &attribute : at(path).attributes)
    if (attribute.name == attributeName)
      return &attribute;
  return nullptr;
}

const Attribute &Hdf5Reader::File::neededAttribute(std::string_view path,
                                                   std::string_view attributeName) const {
  if (const Attribute *found = attribute(path, attributeName))
    return *found;
  throw Error({.where = where(key(path)),
               .what = "HDF5 attribute '" + std::string(attributeName) + "' is missing"});
}

std::vector<std::string> Hdf5Reader::attribute_names(std::string_view path) const {
  std::vector<std::string> names;
  for (const Attribute &attribute : file_->at(path).attributes)
    names.push_back(attribute.name);
  return names;
}

bool Hdf5Reader::has_attribute(std::string_view path, std::string_view name) const {
  return file_->objects.count(key(path)) && file_->attribute(path, name);
}

static std::vector<std::string> stringsOf(const Image &image, const Attribute &attribute,
                                          const std::string &where) {
  try {
    return read_strings(image, attribute);
  } catch (const Error &error) {
    throw error.within(where);
  }
}

std::string Hdf5Reader::string_attribute(std::string_view path, std::string_view name) const {
  const Attribute &attribute = file_->neededAttribute(path, name);
  std::string where = file_->where(key(path));
  std::vector<std::string> strings = stringsOf(file_->image, attribute, where);
  if (strings.size() != 1)
    throw Error({.where = where,
                 .what = "HDF5 attribute '" + attribute.name + "' is not one string",
                 .found = std::to_string(strings.size()) + " strings"});
  return strings[0];
}

std::vector<std::string> Hdf5Reader::strings_attribute(std::string_view path,
                                                       std::string_view name) const {
  std::string where = file_->where(key(path));
  const Attribute *part = file_->attribute(path, std::string(name) + "0");
  if (file_->attribute(path, name) || !part)
    return stringsOf(file_->image, file_->neededAttribute(path, name), where);
  std::vector<std::string> strings;
  for (size_t i = 1; part; ++i) {
    std::vector<std::string> more = stringsOf(file_->image, *part, where);
    strings.insert(strings.end(), more.begin(), more.end());
    part = file_->attribute(path, std::string(name) + std::to_string(i));
  }
  return strings;
}

Array Hdf5Reader::number_attribute(std::string_view path, std::string_view name) const {
  const Attribute &attribute = file_->neededAttribute(path, name);
  if (attribute.datatype.kind != Datatype::Kind::number || attribute.dataspace.null)
    throw Error({.where = file_->where(key(path)),
                 .what = "HDF5 attribute '" + attribute.name + "' is not of numbers",
                 .found = attribute.datatype.description});
  DatasetInfo info{.datatype = attribute.datatype, .dataspace = attribute.dataspace};
  info.layout.compact = attribute.value;
  return read_elements(file_->image, info);
}

} // namespace horn::saving
