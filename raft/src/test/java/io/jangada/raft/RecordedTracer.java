// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft;

import io.jangada.raft.model.ConfChange;
import io.jangada.raft.model.Message;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;

/** Writes down what a core tells its tracer: the name and the arguments of each call. */
final class RecordedTracer {
    private final List<String> heard = new ArrayList<>();

    /** The tracer that writes here. */
    RaftTracer tracer() {
        Class<?>[] tracer = {RaftTracer.class};
        return (RaftTracer) Proxy.newProxyInstance(RaftTracer.class.getClassLoader(), tracer,
                (proxy, method, arguments) -> {
                    var line = new StringBuilder(method.getName());
                    for (Object argument : arguments == null ? new Object[0] : arguments) {
                        line.append(' ').append(text(argument));
                    }
                    heard.add(line.toString());
                    return null;
                });
    }

    private static String text(Object argument) {
        return argument instanceof Message || argument instanceof ConfChange
                ? argument.getClass().getSimpleName()
                : String.valueOf(argument);
    }

    /** What was written since this was last asked. */
    List<String> take() {
        List<String> taken = List.copyOf(heard);
        heard.clear();
        return taken;
    }
}
