/** Replays recorded traces against the core. Free of the test framework but for its one test class. */
@NullMarked
package io.jangada.raft.conformance;

import org.jspecify.annotations.NullMarked;
