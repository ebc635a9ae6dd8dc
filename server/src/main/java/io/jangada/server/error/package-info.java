/** The errors that clients see: etcd's codes and texts. Immutable. */
@NullMarked
package io.jangada.server.error;

import org.jspecify.annotations.NullMarked;
