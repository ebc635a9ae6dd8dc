/** The stable log as the core asks for it, and one in memory. Owned by the thread that steps the core. */
@NullMarked
package io.jangada.raft.storage;

import org.jspecify.annotations.NullMarked;
