/** The values of the protocol: entries, ids, configurations, messages. All immutable. */
@NullMarked
package io.jangada.raft.model;

import org.jspecify.annotations.NullMarked;
