/**
 * Explores what a group of three cores can do, exhaustively within a small scope: messages are
 * delivered in any order, more than once or never, members crash and restart, and at every state the
 * properties of Raft are checked (Raft thesis 3.2, 3.6.3).
 *
 * <p>The core is a pure function of its inputs, so a member's steps are computed once and kept in a
 * table; the exploration itself moves through numbers.
 */
@NullMarked
package io.jangada.raft.explore;

import org.jspecify.annotations.NullMarked;
