/** The MVCC store. */
@NullMarked
package io.jangada.mvcc;

import org.jspecify.annotations.NullMarked;
