/** How members find out that one of them holds something else than the others. Server and apply loop. */
@NullMarked
package io.jangada.server.corruption;

import org.jspecify.annotations.NullMarked;
