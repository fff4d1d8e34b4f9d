// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/saving/Hdf5Writer.h"

#include "frontend/core/Error.h"

#include <hdf5.h>
#include <mutex>
#include <utility>

namespace horn::saving {

/// HDF5 can be built without locks; all its calls are made under this one.
static std::mutex &libraryMutex() {
  static std::mutex mutex;
  return mutex;
}

namespace {
/// Takes the library's lock and keeps it from printing errors.
class Library {
public:
  Library() : lock_(libraryMutex()) {
    H5Eget_auto2(H5E_DEFAULT, &print_, &data_);
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
  }
  ~Library() { H5Eset_auto2(H5E_DEFAULT, print_, data_); }

private:
  std::lock_guard<std::mutex> lock_;
  H5E_auto2_t print_ = nullptr;
  void *data_ = nullptr;
};

/// Owns an identifier of any kind.
class Handle {
public:
  Handle() = default;
  explicit Handle(hid_t id) : id_(id) {
    if (id < 0)
      throw Error({.what = "HDF5 file cannot be written"});
  }
  Handle(Handle &&other) noexcept : id_(std::exchange(other.id_, -1)) {}
  Handle &operator=(Handle &&other) noexcept {
    std::swap(id_, other.id_);
    return *this;
  }
  ~Handle() {
    if (id_ >= 0)
      H5Idec_ref(id_);
  }
  operator hid_t() const { return id_; }

private:
  hid_t id_ = -1;
};
} // namespace

static void check(herr_t status) {
  if (status < 0)
    throw Error({.what = "HDF5 file cannot be written"});
}

struct Hdf5Writer::File {
  Handle id;

  Handle open(std::string_view path) const;
  void attribute(std::string_view path, const std::string &name, const Handle &space,
                 const void *strings) const;
};

/// The path with exactly one leading '/'.
static std::string absolute(std::string_view path) {
  return path.starts_with('/') ? std::string(path) : "/" + std::string(path);
}

//===- Types
//------------------------------------------------------------------------------------===//

static Handle halfType() {
  Handle type(H5Tcopy(H5T_IEEE_F32LE));
  check(H5Tset_fields(type, 15, 10, 5, 0, 10));
  check(H5Tset_size(type, 2));
  check(H5Tset_ebias(type, 15));
  return type;
}

static Handle boolType() {
  Handle type(H5Tenum_create(H5T_STD_I8LE));
  signed char no = 0, yes = 1;
  check(H5Tenum_insert(type, "FALSE", &no));
  check(H5Tenum_insert(type, "TRUE", &yes));
  return type;
}

static Handle fileType(DType dtype) {
  switch (dtype) {
  case DType::float32:
    return Handle(H5Tcopy(H5T_IEEE_F32LE));
  case DType::float64:
    return Handle(H5Tcopy(H5T_IEEE_F64LE));
  case DType::float16:
    return halfType();
  case DType::bfloat16:
    return Handle(H5Tcreate(H5T_OPAQUE, 2));
  case DType::int8:
    return Handle(H5Tcopy(H5T_STD_I8LE));
  case DType::int16:
    return Handle(H5Tcopy(H5T_STD_I16LE));
  case DType::int32:
    return Handle(H5Tcopy(H5T_STD_I32LE));
  case DType::int64:
    return Handle(H5Tcopy(H5T_STD_I64LE));
  case DType::uint8:
    return Handle(H5Tcopy(H5T_STD_U8LE));
  case DType::uint16:
    return Handle(H5Tcopy(H5T_STD_U16LE));
  case DType::uint32:
    return Handle(H5Tcopy(H5T_STD_U32LE));
  case DType::uint64:
    return Handle(H5Tcopy(H5T_STD_U64LE));
  case DType::boolean:
    return boolType();
  }
  return Handle(-1);
}

static Handle stringType() {
  Handle type(H5Tcopy(H5T_C_S1));
  check(H5Tset_size(type, H5T_VARIABLE));
  check(H5Tset_cset(type, H5T_CSET_UTF8));
  return type;
}

static Handle spaceOf(const Shape &shape) {
  if (shape.empty())
    return Handle(H5Screate(H5S_SCALAR));
  std::vector<hsize_t> dims(shape.begin(), shape.end());
  return Handle(H5Screate_simple(static_cast<int>(dims.size()), dims.data(), nullptr));
}

/// Properties of a new object: no times, which would differ from run to run.
static Handle withoutTimes(hid_t kind) {
  Handle properties(H5Pcreate(kind));
  check(H5Pset_obj_track_times(properties, 0));
  return properties;
}

/// Groups above a new object are made with it.
static Handle withParents() {
  Handle properties(H5Pcreate(H5P_LINK_CREATE));
  check(H5Pset_create_intermediate_group(properties, 1));
  return properties;
}

//===- The file
//---------------------------------------------------------------------------------===//

Hdf5Writer::Hdf5Writer() : file_(std::make_unique<File>()) {
  Library library;
  Handle access(H5Pcreate(H5P_FILE_ACCESS));
  check(H5Pset_fapl_core(access, MiB, /*backing_store=*/0));
  // Data is aligned so that readers can use it in place.
  check(H5Pset_alignment(access, /*threshold=*/1024, /*alignment=*/64));
  Handle create = withoutTimes(H5P_FILE_CREATE);
  file_->id = Handle(H5Fcreate("horn", H5F_ACC_TRUNC, create, access));
}

Hdf5Writer::Hdf5Writer(Hdf5Writer &&) noexcept = default;
Hdf5Writer &Hdf5Writer::operator=(Hdf5Writer &&other) noexcept {
  std::swap(file_, other.file_); // the old file is closed by the other's destructor, with the lock
  return *this;
}

Hdf5Writer::~Hdf5Writer() {
  Library library;
  file_.reset();
}

Handle Hdf5Writer::File::open(std::string_view path) const {
  if (hid_t found = H5Oopen(id, absolute(path).c_str(), H5P_DEFAULT); found >= 0)
    return Handle(found);
  throw Error({.where = absolute(path), .what = "no such group or dataset in the new HDF5 file"});
}

void Hdf5Writer::create_group(std::string_view path) {
  Library library;
  std::string name = absolute(path);
  Handle properties = withoutTimes(H5P_GROUP_CREATE);
  for (size_t end = 1; end < name.size();) {
    end = std::min(name.find('/', end), name.size());
    std::string part = name.substr(0, end++);
    if (H5Lexists(file_->id, part.c_str(), H5P_DEFAULT) > 0)
      continue;
    hid_t group = H5Gcreate2(file_->id, part.c_str(), H5P_DEFAULT, properties, H5P_DEFAULT);
    if (group < 0)
      throw Error({.where = part, .what = "cannot make this group in the HDF5 file"});
    H5Gclose(group);
  }
}

void Hdf5Writer::write_dataset(std::string_view path, const Array &array) {
  std::string name = absolute(path);
  if (size_t parent = name.rfind('/'); parent > 0)
    create_group(name.substr(0, parent));
  Library library;
  Handle type = fileType(array.dtype()), space = spaceOf(array.shape());
  Handle links = withParents(), properties = withoutTimes(H5P_DATASET_CREATE);
  hid_t made = H5Dcreate2(file_->id, name.c_str(), type, space, links, properties, H5P_DEFAULT);
  if (made < 0)
    throw Error({.where = name, .what = "cannot make this dataset in the HDF5 file"});
  Handle dataset(made);
  if (array.size() > 0)
    check(H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, array.bytes()));
  if (array.dtype() == DType::bfloat16) {
    const char *value = "bfloat16";
    file_->attribute(name, "dtype", Handle(H5Screate(H5S_SCALAR)), &value);
  }
}

//===- Attributes
//-------------------------------------------------------------------------------===//

void Hdf5Writer::File::attribute(std::string_view path, const std::string &name,
                                 const Handle &space, const void *strings) const {
  Handle object = open(path), type = stringType();
  hid_t made = H5Acreate2(object, name.c_str(), type, space, H5P_DEFAULT, H5P_DEFAULT);
  if (made < 0)
    throw Error({.where = absolute(path), .what = "cannot add attribute '" + name + "'"});
  Handle attribute(made);
  if (strings) // of an empty list there is nothing to write
    check(H5Awrite(attribute, type, strings));
}

/// The library takes strings up to their NUL; one inside would lose the rest.
static void expectNoNul(std::string_view value, const std::string &name) {
  if (value.find('\0') != value.npos)
    throw Error({.what = "HDF5 attribute '" + name + "' has a NUL in its text"});
}

void Hdf5Writer::write_attribute(std::string_view path, const std::string &name,
                                 std::string_view value) {
  expectNoNul(value, name);
  Library library;
  std::string text(value);
  const char *pointer = text.c_str();
  file_->attribute(path, name, Handle(H5Screate(H5S_SCALAR)), &pointer);
}

void Hdf5Writer::write_attribute(std::string_view path, const std::string &name,
                                 const std::vector<std::string> &values) {
  constexpr size_t maxStrings = 64512 / 16; // Keras's limit of an attribute; 16 bytes each
  std::vector<const char *> pointers;
  for (const std::string &value : values) {
    expectNoNul(value, name);
    pointers.push_back(value.c_str());
  }
  Library library;
  if (pointers.size() <= maxStrings) {
    Handle space = spaceOf({static_cast<int64_t>(pointers.size())});
    file_->attribute(path, name, space, pointers.data());
    return;
  }
  for (size_t first = 0, part = 0; first < pointers.size(); first += maxStrings, ++part) {
    size_t count = std::min(maxStrings, pointers.size() - first);
    Handle space = spaceOf({static_cast<int64_t>(count)});
    file_->attribute(path, name + std::to_string(part), space, pointers.data() + first);
  }
}

//===- The end
//----------------------------------------------------------------------------------===//

FileBytes Hdf5Writer::finish() {
  Library library;
  check(H5Fflush(file_->id, H5F_SCOPE_GLOBAL));
  ssize_t size = H5Fget_file_image(file_->id, nullptr, 0);
  if (size < 0)
    throw Error({.what = "HDF5 file cannot be written"});
  FileBytes bytes = allocate_bytes(static_cast<size_t>(size));
  if (H5Fget_file_image(file_->id, bytes.data(), bytes.size()) != size)
    throw Error({.what = "HDF5 file cannot be written"});
  file_->id = Handle();
  return bytes;
}

void Hdf5Writer::save(const std::filesystem::path &path) {
  FileBytes bytes = finish();
  write_file_atomically(path, [&](const ByteSink &sink) { sink(bytes.span()); });
}

} // namespace horn::saving
