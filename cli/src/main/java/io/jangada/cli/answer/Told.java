// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.answer;

import com.google.protobuf.Message;
import io.jangada.cli.print.Answer;
import io.jangada.cli.print.Lines;

/**
 * A response that etcdctl shows as text or as JSON only.
 *
 * @param text of one or several lines
 * @param response itself
 */
public record Told(String text, Message response) implements Answer {
    @Override
    public void simple(Lines lines) {
        text.lines().forEach(lines::line);
    }

    @Override
    public Object json() {
        return response;
    }
}
