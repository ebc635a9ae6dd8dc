/** Certificates for tests, and tests of what is done with them. */
@NullMarked
package io.jangada.network.tls;

import org.jspecify.annotations.NullMarked;
