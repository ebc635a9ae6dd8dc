/** This member as the services see it: proposals, reads and headers over the group and the store. Thread-safe. */
@NullMarked
package io.jangada.server.member;

import org.jspecify.annotations.NullMarked;
