// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.simulation;

/** What the world does to a cluster. */
public enum Fault {
    /** A machine crashes: what was not forced is lost, sector by sector. */
    CRASH,
    /** A process dies and the machine does not: what was written stays. */
    KILL,
    /** A process stands still for a while, and does not notice. */
    PAUSE,
    /** Links are cut, in one direction or both, between two members or around one. */
    PARTITION,
    /** Messages are lost. */
    LOSS,
    /** Messages come twice, the second time perhaps much later. */
    REPLAY,
    /** Messages take long. */
    DELAY,
    /** Clocks of members run at different rates. */
    DRIFT,
    /** Forces take long. */
    SLOW_DISK,
    /** A force or a write fails. */
    FAILED_DISK,
    /** A disk is full for a while. */
    FULL_DISK,
    /** A bit of a file turns over, or a sector is filled with zeros, while the member is down. */
    DAMAGE,
    /** A member comes back with an empty disk. */
    WIPE,
    /** A member comes back with an older copy of its disk. */
    ROLL_BACK,
    /** Members are added, promoted, removed and replaced. */
    MEMBERSHIP,
    /** Leaders are asked to hand over. */
    TRANSFER,
    /** A sector is what it was before its last write, which was acknowledged, forced and never carried out. */
    LOST_WRITE,
    /** A sector's last write has landed on another sector, of the same file or of another one. */
    MISDIRECTED_WRITE,
    /** A read fails, once; or a sector cannot be read any more. */
    READ_ERROR,
    /** One leader after the other is cut off from most others, and is back when its successor is cut off. */
    CHURN,
    /** A member that is being repaired is copied, and comes back as that copy after it was repaired. */
    RELAPSE
}
