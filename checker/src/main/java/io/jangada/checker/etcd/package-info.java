/** etcd's model of keys and transactions, executed in memory. Each object belongs to one thread. */
@NullMarked
package io.jangada.checker.etcd;

import org.jspecify.annotations.NullMarked;
