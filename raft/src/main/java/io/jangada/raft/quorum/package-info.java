/** Arithmetic of majorities, single and joint: pure functions over immutable sets of ids. */
@NullMarked
package io.jangada.raft.quorum;

import org.jspecify.annotations.NullMarked;
