// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.http;

import io.jangada.server.answer.LongAnswer;
import io.jangada.server.answer.LongAnswers;
import io.netty.buffer.ByteBufHolder;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import java.util.Optional;

/**
 * Puts long answers in the place of the notes that stand for them: what gRPC wrote is cut to the message's prefix, and {@link
 * CountedWindows} lets the answer follow on the same stream, or resets it. Belongs to the connection's loop; stands where gRPC's frames begin
 * their way.
 */
final class LongAnswerWriter extends ChannelOutboundHandlerAdapter {
    private final LongAnswers answers;
    private final CountedWindows windows;

    LongAnswerWriter(LongAnswers answers, CountedWindows windows) {
        this.answers = answers;
        this.windows = windows;
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        Runnable pass = () -> {
            var ignored = context.write(message, promise);
        };
        if (!(message instanceof ByteBufHolder frame)) {
            pass.run();
            return;
        }
        Optional<LongAnswer> answer = answers.take(frame.content());
        if (answer.isPresent()) {
            windows.follow(answer.get(), pass);
        } else if (answers.isReset(frame.content())) {
            windows.reset(pass);
        } else {
            pass.run();
        }
    }
}
