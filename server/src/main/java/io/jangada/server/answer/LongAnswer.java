// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.answer;

import com.google.protobuf.ByteString;
import java.util.function.Consumer;

/** A message of known length that is made while it is sent. */
public interface LongAnswer {
    /** The length of the encoded message. */
    int bytes();

    /**
     * Makes the next part, elsewhere, and gives it to {@code part}, on any thread: an empty one if the rest cannot be made.
     * The parts together have {@link #bytes}; none is asked for before the last one was given, nor after the end. What is asked
     * for after the call is over may never be given.
     */
    void next(Consumer<ByteString> part);
}
