// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
/**
 * Files in bbolt's format: {@link io.jangada.bbolt.BoltWriter} makes one out of sorted rows,
 * {@link io.jangada.bbolt.BoltReader} reads one that a stranger may have made. No file is ever changed.
 *
 * <p>A file is a row of pages. Pages 0 and 1 are metas, which say where the root bucket's tree begins; a
 * bucket's tree has branch pages above leaf pages; the rows of the root bucket's leaves are buckets. All
 * numbers are little-endian. Each object belongs to one thread.
 */
@NullMarked
package io.jangada.bbolt;

import org.jspecify.annotations.NullMarked;
