/** The program: a server, a demo of three, and the commands of etcdctl. The main thread owns all of it. */
@NullMarked
package io.jangada.cli;

import org.jspecify.annotations.NullMarked;
