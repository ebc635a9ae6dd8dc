// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.checker.history;

/**
 * One request of a client, and how it ended. Immutable.
 *
 * <p>One operation precedes another if it returned before the other was called; at the same time, they
 * are concurrent.
 *
 * @param id its number in the history
 * @param client who asked
 * @param callNanos when it was asked, in nanoseconds of the history's one clock
 * @param returnNanos when the answer was there; {@link #NEVER} if the outcome is unknown
 * @param request what was asked
 * @param response what was told
 */
public record Operation(int id, long client, long callNanos, long returnNanos, Request request,
        Response response) {

    /** The time of return of what has no known outcome: it may take effect at any time after its call. */
    public static final long NEVER = Long.MAX_VALUE;

    /** Checks the times. */
    public Operation {
        if (response instanceof Response.Unknown) {
            returnNanos = NEVER;
        } else if (returnNanos < callNanos) {
            throw new IllegalArgumentException("operation " + id + " returned at " + returnNanos
                    + ", before its call at " + callNanos);
        }
        if (!fits(request, response)) {
            throw new IllegalArgumentException("operation " + id + ": "
                    + response.getClass().getSimpleName() + " answers no "
                    + request.getClass().getSimpleName());
        }
    }

    /** Whether nobody knows if it was carried out. */
    public boolean isUnknown() {
        return response instanceof Response.Unknown;
    }

    /** Whether it ended before {@code that} began. */
    public boolean precedes(Operation that) {
        return returnNanos < that.callNanos;
    }

    private static boolean fits(Request request, Response response) {
        if (!(response instanceof Response.Done)) {
            return true;
        }
        return switch (request) {
            case Request.Put ignored -> response instanceof Response.Put;
            case Request.Range ignored -> response instanceof Response.Range;
            case Request.DeleteRange ignored -> response instanceof Response.DeleteRange;
            case Request.Txn ignored -> response instanceof Response.Txn;
            case Request.Compact ignored -> response instanceof Response.Compact;
            case Request.LeaseGrant ignored -> response instanceof Response.LeaseGrant;
            case Request.LeaseRevoke ignored -> response instanceof Response.LeaseRevoke;
            case Request.LeaseKeepAlive ignored -> response instanceof Response.LeaseKeepAlive;
        };
    }
}
