/** Tests of histories as lines of JSON. */
@NullMarked
package io.jangada.checker.json;

import org.jspecify.annotations.NullMarked;
