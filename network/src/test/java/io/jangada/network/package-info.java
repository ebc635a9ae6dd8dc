/** Tests. */
@NullMarked
package io.jangada.network;

import org.jspecify.annotations.NullMarked;
