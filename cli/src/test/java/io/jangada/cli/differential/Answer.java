// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.differential;

import com.google.protobuf.Message;
import io.grpc.Status;
import java.util.List;

/**
 * What became of a call.
 *
 * @param messages the answers, in their order
 * @param code how it ended
 * @param text the description of an error; empty for none
 */
record Answer(List<Message> messages, Status.Code code, String text) {
    Answer {
        messages = List.copyOf(messages);
    }

    static Answer of(List<Message> messages, Status status) {
        String text = status.getDescription();
        return new Answer(messages, status.getCode(), text == null ? "" : text);
    }

    boolean isOk() {
        return code == Status.Code.OK;
    }

    /** Without what must differ. */
    Answer normal() {
        return new Answer(messages.stream().map(Normal::of).toList(), code, text);
    }

    @Override
    public String toString() {
        return code + " " + text + messages.stream().map(each -> "{" + Shown.of(each) + "}")
                .toList();
    }
}
