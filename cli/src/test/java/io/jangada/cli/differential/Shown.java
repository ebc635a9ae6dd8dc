// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.differential;

import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;

/** Messages as a line of text, for reports. */
final class Shown {
    private Shown() {}

    static String of(Message message) {
        return TextFormat.printer().emittingSingleLine(true).printToString(message).trim();
    }
}
