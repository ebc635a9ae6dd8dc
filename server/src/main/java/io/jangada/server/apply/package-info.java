/** The replicated state machine: what each entry does to the store. Owned by the apply loop. */
@NullMarked
package io.jangada.server.apply;

import org.jspecify.annotations.NullMarked;
