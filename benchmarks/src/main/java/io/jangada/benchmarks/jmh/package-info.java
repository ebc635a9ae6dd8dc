/** JMH benchmarks of the parts: the core, the message codec, the write-ahead log. {@code benchmarks/jmh} runs them. */
@NullMarked
package io.jangada.benchmarks.jmh;

import org.jspecify.annotations.NullMarked;
