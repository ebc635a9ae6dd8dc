/**
 * The load generator: drives any etcd v3 endpoint in a closed or an open loop and reports throughput, latency, errors, and
 * what the servers used of the machine. A few event loop threads do all the work, so that on a small machine the generator
 * leaves the cores to the servers it measures.
 */
@NullMarked
package io.jangada.benchmarks.load;

import org.jspecify.annotations.NullMarked;
