/** etcd semantics. */
@NullMarked
package io.jangada.server;

import org.jspecify.annotations.NullMarked;
