/** The Lock and Election services: places in queues of keys, and waiting for one's turn. */
@NullMarked
package io.jangada.server.concurrency;

import org.jspecify.annotations.NullMarked;
