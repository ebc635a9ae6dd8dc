/** The program: a server, a demo of three, and a small client. The main thread owns all of it. */
@NullMarked
package io.jangada.cli;

import org.jspecify.annotations.NullMarked;
