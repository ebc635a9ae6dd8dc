/** Tests over real sockets on loopback. */
@NullMarked
package io.jangada.network.tcp;

import org.jspecify.annotations.NullMarked;
