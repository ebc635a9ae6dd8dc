/**
 * TLS between peers: which files, whom to trust, contexts that follow the files as they change, and
 * certificates made on the spot. Knows nothing of frames. Contexts may be used by any thread; files are
 * read where blocking is allowed.
 */
@NullMarked
package io.jangada.network.tls;

import org.jspecify.annotations.NullMarked;
