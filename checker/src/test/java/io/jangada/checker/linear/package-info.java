/** Tests of the search for linearizations, and of the revision-guided check against it. */
@NullMarked
package io.jangada.checker.linear;

import org.jspecify.annotations.NullMarked;
