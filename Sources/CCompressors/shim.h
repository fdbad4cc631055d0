// SPDX-License-Identifier: Apache-2.0
// The compressors that TsFile knows besides LZ4, from the system's libraries.
#include <zlib.h>
#include <snappy-c.h>
#include <zstd.h>
#include <lzma.h>
