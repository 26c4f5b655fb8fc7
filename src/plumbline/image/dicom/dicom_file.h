// A DICOM file whose elements can be asked for. Internal: of DCMTK it uses the
// names of tags.
#pragma once

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcdeftag.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plumbline/image/dicom/container.h"

namespace plumbline {

// Elements of one item, or of none (then nothing is found).
class DicomItem {
 public:
  DicomItem() = default;
  explicit DicomItem(const DicomNode* node) : node_(node) {}
  explicit operator bool() const { return node_ != nullptr; }

  bool Has(const DcmTagKey& tag) const;
  // A whole number, whatever the VR it is stored with.
  std::optional<int64_t> Integer(const DcmTagKey& tag, int index = 0) const;
  // A finite number, of text or binary.
  // Throws Error(kInvalidInput) for a text that is no finite number.
  std::optional<double> Number(const DcmTagKey& tag, const std::string& name,
                               int index = 0) const;
  // Trimmed, its first value only unless `whole`; "" if missing.
  std::string Text(const DcmTagKey& tag, bool whole = false) const;
  int Count(const DcmTagKey& tag) const;
  // Words of 16 bits of US, SS or OW, as unsigned.
  std::vector<uint16_t> Words(const DcmTagKey& tag) const;
  // As they are in the file.
  std::string_view Bytes(const DcmTagKey& tag) const;
  // Item `index` of a sequence.
  DicomItem Item(const DcmTagKey& sequence, int index = 0) const;

 private:
  const DicomElement* Find(const DcmTagKey& tag) const;

  const DicomNode* node_ = nullptr;
};

class DicomFile {
 public:
  // Throws as OpenDicomContainer does.
  DicomFile(std::string_view bytes, const std::string& name,
            int64_t max_pixels);

  const std::string& name() const { return name_; }
  const DicomContainer& container() const { return container_; }
  DicomItem root() const { return DicomItem(&container_.elements); }
  // The item of a functional group ("Pixel Value Transformation Sequence", …)
  // that holds for a frame, else the data set itself: its own, the shared one,
  // or the elements of a file without functional groups.
  DicomItem Group(const DcmTagKey& sequence, int frame) const;

 private:
  std::string name_;
  DicomContainer container_;
};

}  // namespace plumbline
