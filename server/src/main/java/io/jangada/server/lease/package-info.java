/** The leader's time of leases, and the way to it from other members. Owned by the server loop. */
@NullMarked
package io.jangada.server.lease;

import org.jspecify.annotations.NullMarked;
