/** Tests of cycles. */
@NullMarked
package io.jangada.checker.cycle;

import org.jspecify.annotations.NullMarked;
