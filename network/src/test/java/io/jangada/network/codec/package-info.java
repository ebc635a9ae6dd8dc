/** Tests. */
@NullMarked
package io.jangada.network.codec;

import org.jspecify.annotations.NullMarked;
