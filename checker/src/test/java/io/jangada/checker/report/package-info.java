/** Tests of shrinking and of the picture. */
@NullMarked
package io.jangada.checker.report;

import org.jspecify.annotations.NullMarked;
