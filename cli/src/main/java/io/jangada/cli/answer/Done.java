// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.answer;

import com.google.protobuf.Message;
import io.jangada.api.etcd.ResponseHeader;
import io.jangada.cli.print.Answer;
import io.jangada.cli.print.Lines;

/**
 * What was done, of which a response tells no more than its header.
 *
 * @param text for the simple format
 * @param header of the response
 * @param response itself
 */
public record Done(String text, ResponseHeader header, Message response) implements Answer {
    @Override
    public void simple(Lines lines) {
        lines.line(text);
    }

    @Override
    public Object json() {
        return response;
    }

    @Override
    public void fields(Lines lines) {
        lines.header(header);
    }
}
