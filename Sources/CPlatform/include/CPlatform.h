// SPDX-License-Identifier: Apache-2.0
// What Swift's Glibc lacks: GNU extensions, variadic functions, and CRC32C with the processor's own instruction.

#ifndef APUS_CPLATFORM_H
#define APUS_CPLATFORM_H

#include <stddef.h>
#include <stdint.h>

/// CRC32C (Castagnoli) of `length` bytes, continuing from `crc` (0 to begin).
uint32_t apus_crc32c(uint32_t crc, const void *_Nullable bytes, size_t length);

/// Names the calling thread, as `top -H` shows it; at most 15 bytes count.
void apus_set_thread_name(const char *_Nonnull name);

/// Makes the calling thread `steps` (1-19) nicer than the process: others come first on the processor.
void apus_lower_thread_priority(int steps);

/// Bytes that an unprivileged process may still write to the file system of `path`; -1 = not known.
int64_t apus_free_bytes(const char *_Nonnull path);

/// Opens `path` (flags as in open(2), mode used on creation); returns the descriptor, or -errno.
int apus_open(const char *_Nonnull path, int flags, unsigned int mode);

/// Keeps blocks of 4 MiB and more out of the heap for good, so that freeing one gives its memory back at once: left alone,
/// glibc raises the threshold after the first password check and then keeps the 16 MiB that scrypt needs.
void apus_return_large_blocks(void);

#endif
