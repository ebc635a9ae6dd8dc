/** Benchmarks. */
@NullMarked
package io.jangada.benchmarks;

import org.jspecify.annotations.NullMarked;
