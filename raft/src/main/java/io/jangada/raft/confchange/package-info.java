/** From one configuration to the next: pure functions, and the bytes of a change. */
@NullMarked
package io.jangada.raft.confchange;

import org.jspecify.annotations.NullMarked;
