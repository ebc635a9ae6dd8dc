/**
 * What a member needs from its peers, as ports: messages that may be lost, snapshots that arrive or
 * are known not to, and the listener that gets both. Any thread may send; the listener is called by
 * the network's own threads.
 */
@NullMarked
package io.jangada.network;

import org.jspecify.annotations.NullMarked;
