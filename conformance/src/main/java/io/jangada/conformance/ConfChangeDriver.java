// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.conformance;

import io.jangada.conformance.Output.CommandFailed;
import io.jangada.raft.confchange.Changed;
import io.jangada.raft.confchange.Changer;
import io.jangada.raft.confchange.ConfChangeException;

/** Drives the calculator of configurations. */
final class ConfChangeDriver implements Driver {
    private Changed now = Changed.NOBODY;
    private long lastIndex;

    @Override
    public String run(Directive directive) {
        try {
            now = changed(directive);
            return now.config() + "\n" + Text.progress(now.progress());
        } catch (ConfChangeException refused) {
            return refused.getMessage() + "\n";
        } catch (CommandFailed failed) {
            return failed.shown();
        } finally {
            lastIndex++;
        }
    }

    private Changed changed(Directive directive) throws ConfChangeException, CommandFailed {
        var changer = new Changer(now, lastIndex, 10, 0);
        return switch (directive.command()) {
            case "simple" -> changer.simple(Text.changes(directive.input()));
            case "enter-joint" -> changer.enterJoint(directive.isTrue("autoleave"),
                    Text.changes(directive.input()));
            case "leave-joint" -> {
                if (!directive.input().isEmpty()) {
                    throw new CommandFailed("this command takes no input");
                }
                yield changer.leaveJoint();
            }
            default -> throw new CommandFailed("unknown command");
        };
    }
}
