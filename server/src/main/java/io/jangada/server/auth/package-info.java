/**
 * Who may do what: users, roles and tokens, and the one place that decides. The state belongs to the apply
 * loop, which publishes it; decisions are made by any thread.
 */
@NullMarked
package io.jangada.server.auth;

import org.jspecify.annotations.NullMarked;
