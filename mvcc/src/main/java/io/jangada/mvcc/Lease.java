// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.UnsafeByteOperations;
import java.io.IOException;

/**
 * A lease as the replicated state knows it: without a deadline, which is the leader's business.
 *
 * @param id never 0
 * @param ttlSeconds the time to live that was granted
 * @param remainingSeconds what was left of it at the last checkpoint, 0 if there was none
 */
public record Lease(long id, long ttlSeconds, long remainingSeconds) {

    private static final int ID = 1;
    private static final int TTL = 2;
    private static final int REMAINING = 3;

    /** The {@code leasepb.Lease} encoding. */
    ByteString encode() {
        byte[] bytes = new byte[CodedOutputStream.computeInt64Size(ID, id)
                + CodedOutputStream.computeInt64Size(TTL, ttlSeconds)
                + CodedOutputStream.computeInt64Size(REMAINING, remainingSeconds)];
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            out.writeInt64(ID, id);
            out.writeInt64(TTL, ttlSeconds);
            out.writeInt64(REMAINING, remainingSeconds);
            out.checkNoSpaceLeft();
        } catch (IOException impossible) {
            throw new IllegalStateException("encoding into an array of the right size", impossible);
        }
        return UnsafeByteOperations.unsafeWrap(bytes);
    }

    static Lease decode(ByteString bytes) {
        CodedInputStream in = bytes.newCodedInput();
        long[] numbers = new long[REMAINING + 1];
        try {
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                switch (tag >>> 3) {
                    case ID, TTL, REMAINING -> numbers[tag >>> 3] = in.readInt64();
                    default -> in.skipField(tag);
                }
            }
        } catch (IOException malformed) {
            throw new CorruptStoreException("lease of " + bytes.size() + " bytes", malformed);
        }
        return new Lease(numbers[ID], numbers[TTL], numbers[REMAINING]);
    }
}
