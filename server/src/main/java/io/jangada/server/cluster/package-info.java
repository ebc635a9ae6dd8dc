/** Who the members are, and how that changes. Thread-safe: what happens here happens on the server loop. */
@NullMarked
package io.jangada.server.cluster;

import org.jspecify.annotations.NullMarked;
