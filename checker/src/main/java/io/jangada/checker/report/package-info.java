/** What makes a violation understood: a smallest history that still has it, and a picture of it. */
@NullMarked
package io.jangada.checker.report;

import org.jspecify.annotations.NullMarked;
