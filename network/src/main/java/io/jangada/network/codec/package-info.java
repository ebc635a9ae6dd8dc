/** Messages as bytes, with the field numbers of etcd's raftpb. Pure functions, for any thread. */
@NullMarked
package io.jangada.network.codec;

import org.jspecify.annotations.NullMarked;
