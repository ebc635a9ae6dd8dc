/** The application loop. */
@NullMarked
package io.jangada.raftnode;

import org.jspecify.annotations.NullMarked;
