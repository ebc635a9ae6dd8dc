/** What a leader knows about each member, and the configuration in force. Owned by the core's thread. */
@NullMarked
package io.jangada.raft.tracker;

import org.jspecify.annotations.NullMarked;
