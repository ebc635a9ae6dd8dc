/** Tests of the revision-guided check. */
@NullMarked
package io.jangada.checker.revision;

import org.jspecify.annotations.NullMarked;
