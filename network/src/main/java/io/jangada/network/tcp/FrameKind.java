// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network.tcp;

/** What a frame holds. */
enum FrameKind {
    /** Who connects, to whom and for what: the first frame. Body: {@link Hello}. */
    HELLO(1),
    /** The connection is taken. Body: the id of the member that takes it, the compression agreed on. */
    WELCOME(2),
    /** The connection is not taken, and closed. Body: why, in UTF-8. */
    REFUSAL(3),
    /** Asks for a PONG. No body. */
    PING(4),
    /** Answers a PING. No body. */
    PONG(5),
    /** A message. Body: raftpb. */
    MESSAGE(6),
    /** A snapshot is offered. Body: its size in bytes, its content id, then its message in raftpb. */
    SNAPSHOT_BEGIN(7),
    /** A part of a snapshot. Body: its position, then its bytes. */
    SNAPSHOT_PART(8),
    /** All parts are sent. Body: the size in bytes. */
    SNAPSHOT_END(9),
    /** Everything before a position is written. Body: the position, then how many bytes may be on the way. */
    SNAPSHOT_ACK(10),
    /** How a transfer ended. Body: 1 if the snapshot is durable and accepted, else 0. */
    SNAPSHOT_RESULT(11),
    /** A note; on the way back of a stream, what answers one. Body: the note. */
    NOTE(12),
    /** Asks, instead of a HELLO, who the members of a group are; the group is the frame's. No body. */
    QUESTION(13),
    /** Answers a QUESTION; the connection is closed. Body: what the member says. */
    ANSWER(14),
    /** The connection is not taken, and closed: whoever connects was removed. No body. */
    REMOVED(15);

    private static final FrameKind[] BY_CODE = new FrameKind[16];

    static {
        for (FrameKind kind : values()) {
            BY_CODE[kind.code] = kind;
        }
    }

    private final byte code;

    FrameKind(int code) {
        this.code = (byte) code;
    }

    byte code() {
        return code;
    }

    /** The kind of a code from the wire. */
    static FrameKind of(byte code) throws ProtocolException {
        if (code < 1 || code >= BY_CODE.length) {
            throw new ProtocolException("frame of unknown kind " + code);
        }
        return BY_CODE[code];
    }
}
