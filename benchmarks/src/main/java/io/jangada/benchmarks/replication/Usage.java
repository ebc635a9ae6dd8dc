// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.benchmarks.replication;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/**
 * What this process has used until a moment.
 *
 * @param nanos the moment, on the clock of {@link System#nanoTime}
 * @param cpuNanos CPU time of all threads, the compiler's and the collector's included
 * @param allocatedBytes what all Java threads, those that have ended included, have allocated on the heap
 */
record Usage(long nanos, long cpuNanos, long allocatedBytes) {

    static Usage now() {
        return new Usage(System.nanoTime(),
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class)
                        .getProcessCpuTime(),
                ManagementFactory.getPlatformMXBean(ThreadMXBean.class)
                        .getTotalThreadAllocatedBytes());
    }
}
