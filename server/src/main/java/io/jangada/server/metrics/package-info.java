/** What a member counts, under etcd's names where the meaning is etcd's. Counted by any thread. */
@NullMarked
package io.jangada.server.metrics;

import org.jspecify.annotations.NullMarked;
