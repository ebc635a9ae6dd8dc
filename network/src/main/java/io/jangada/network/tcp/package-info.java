/**
 * Peers over TCP: frames, handshakes, one stream to each peer and one from it, and a stream of its
 * own for each snapshot, plain or over TLS. Every connection and every peer's state belong to one Netty event loop.
 */
@NullMarked
package io.jangada.network.tcp;

import org.jspecify.annotations.NullMarked;
