/** How the program logs: etcd's lines, through Logback. */
@NullMarked
package io.jangada.cli.log;

import org.jspecify.annotations.NullMarked;
