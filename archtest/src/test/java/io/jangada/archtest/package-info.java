/** The laws of the house, checked over the compiled classes of every module. */
@NullMarked
package io.jangada.archtest;

import org.jspecify.annotations.NullMarked;
