/**
 * The library beside Apache Ratis and SOFAJRaft, as an embedder has them: three members in one JVM, loopback TCP between
 * them, a log on disk that is forced. {@link io.jangada.benchmarks.replication.Replication} starts a JVM for each system and
 * round, in turn; {@link io.jangada.benchmarks.replication.SystemRun} is what runs there.
 */
@NullMarked
package io.jangada.benchmarks.replication;

import org.jspecify.annotations.NullMarked;
