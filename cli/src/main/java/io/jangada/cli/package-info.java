/** The program. */
@NullMarked
package io.jangada.cli;

import org.jspecify.annotations.NullMarked;
