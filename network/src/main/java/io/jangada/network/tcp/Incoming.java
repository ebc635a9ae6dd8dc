// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network.tcp;

import io.jangada.network.Network;
import io.jangada.network.NetworkListener;
import io.jangada.network.codec.MalformedMessageException;
import io.jangada.network.codec.MessageCodec;
import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.Message;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** The stream of messages from one peer, on one connection. Owned by its event loop. */
final class Incoming implements Conversation {
    private static final ByteBuffer NO_BODY = ByteBuffer.allocate(0).asReadOnlyBuffer();

    private final Connection connection;
    private final TcpIdentity identity;
    private final long from;
    private final NetworkListener listener;
    private final Acceptor.Peers peers;
    private final Consumer<String> onClosed;

    Incoming(Connection connection, TcpIdentity identity, long from, NetworkListener listener,
            Acceptor.Peers peers, Consumer<String> onClosed) {
        this.connection = connection;
        this.identity = identity;
        this.from = from;
        this.listener = listener;
        this.peers = peers;
        this.onClosed = onClosed;
    }

    @Override
    public void frame(FrameKind kind, long group, ByteBuffer body) throws ProtocolException {
        switch (kind) {
            case MESSAGE -> message(group, body);
            case PING -> connection.send(FrameKind.PONG, 0, NO_BODY.duplicate());
            case NOTE -> note(body);
            case HELLO, WELCOME, REFUSAL, PONG, SNAPSHOT_BEGIN, SNAPSHOT_PART, SNAPSHOT_END,
                    SNAPSHOT_ACK, SNAPSHOT_RESULT, QUESTION, ANSWER, REMOVED ->
                throw new ProtocolException(
                        "a frame of kind " + kind + " in a stream of messages");
        }
    }

    private void note(ByteBuffer body) throws ProtocolException {
        listener.note(from, noted(body), this::reply);
    }

    /** On the connection that the note came by: another process may listen where the peer is said to. Any thread. */
    private void reply(Bytes note) {
        connection.loop().execute(() -> {
            if (connection.isWritable()) {
                connection.send(FrameKind.NOTE, 0, note.asByteBuffer());
            }
        });
    }

    static Bytes noted(ByteBuffer body) throws ProtocolException {
        if (body.remaining() > Network.NOTE_BYTES_MAX) {
            throw new ProtocolException("a note of " + body.remaining() + " bytes, above "
                    + Network.NOTE_BYTES_MAX);
        }
        return Bytes.copyOf(body);
    }

    private void message(long group, ByteBuffer body) throws ProtocolException {
        int bytes = body.remaining();
        PeerCounters counters = peers.counters(from);
        Message message = decode(body);
        if (message.to() == identity.memberId() && maySay(from, message)
                && listener.receive(group, message)) {
            counters.received.count(bytes);
        } else {
            counters.refused.count(bytes);
        }
    }

    static Message decode(ByteBuffer body) throws ProtocolException {
        try {
            return MessageCodec.decode(body);
        } catch (MalformedMessageException e) {
            throw new ProtocolException("malformed message: " + e.getMessage(), e);
        }
    }

    /**
     * Whether {@code peer} may send {@code message}: members speak for themselves, except that a
     * follower passes on what others want of the leader, in their name, and sends the leader's snapshots, in its name.
     */
    static boolean maySay(long peer, Message message) {
        return switch (message) {
            case Message.Propose ignored -> true;
            case Message.ReadIndexRequest ignored -> true;
            case Message.TransferLeader ignored -> true;
            case Message.AppendRequest m -> m.from() == peer;
            case Message.AppendResponse m -> m.from() == peer;
            case Message.AppendReject m -> m.from() == peer;
            case Message.VoteRequest m -> m.from() == peer;
            case Message.VoteResponse m -> m.from() == peer;
            case Message.PreVoteRequest m -> m.from() == peer;
            case Message.PreVoteResponse m -> m.from() == peer;
            case Message.InstallSnapshot ignored -> true;
            case Message.Heartbeat m -> m.from() == peer;
            case Message.HeartbeatResponse m -> m.from() == peer;
            case Message.ReadIndexResponse m -> m.from() == peer;
            case Message.TimeoutNow m -> m.from() == peer;
        };
    }

    /** A peer that lives asks for a sign of life long before this. */
    @Override
    public void idle() {
        connection.close("nothing heard");
    }

    @Override
    public void writable() {}

    @Override
    public void closed(String reason) {
        onClosed.accept(reason);
    }
}
