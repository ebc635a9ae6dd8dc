/** How a member is configured: etcd's flags as values that are checked, and what their texts mean. Immutable values. */
@NullMarked
package io.jangada.server.config;

import org.jspecify.annotations.NullMarked;
