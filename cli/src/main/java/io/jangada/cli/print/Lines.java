// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.print;

import com.google.protobuf.ByteString;
import io.jangada.api.etcd.ResponseHeader;
import io.jangada.api.mvcc.KeyValue;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Lines of bytes that are gathered and then written at once; text is UTF-8. Used by one thread. */
public final class Lines {
    private final ByteString.Output gathered = ByteString.newOutput();
    private final boolean hex;

    /** Nothing yet; {@code hex} is for {@link #bytes}. */
    public Lines(boolean hex) {
        this.hex = hex;
    }

    /** A line of text. */
    public Lines line(String text) {
        write(ByteString.copyFrom(text, StandardCharsets.UTF_8));
        return this;
    }

    /** A line of a key or value, as it is or in hexadecimal. */
    public Lines bytes(ByteString bytes) {
        if (hex) {
            return line(GoText.hex(bytes));
        }
        write(bytes);
        return this;
    }

    /** Key and value, a line each. */
    public Lines pair(KeyValue pair) {
        return bytes(pair.getKey()).bytes(pair.getValue());
    }

    /** A field whose value is shown as it is. */
    public Lines field(String name, Object value) {
        return line("\"" + name + "\" : " + value);
    }

    /** A field of an identifier, which has no sign. */
    public Lines unsigned(String name, long value) {
        return field(name, Long.toUnsignedString(value));
    }

    /** A field of text in quotes. */
    public Lines quoted(String name, String value) {
        return field(name, GoText.quoted(value));
    }

    /** A field of bytes in quotes. */
    public Lines quoted(String name, ByteString value) {
        return field(name, GoText.quoted(value));
    }

    /** The fields of a header. */
    public Lines header(ResponseHeader header) {
        return unsigned("ClusterID", header.getClusterId())
                .unsigned("MemberID", header.getMemberId())
                .field("Revision", header.getRevision())
                .unsigned("RaftTerm", header.getRaftTerm());
    }

    /** The fields of a pair; {@code prefix} comes before their names. */
    public Lines pairFields(String prefix, KeyValue pair) {
        return quoted(prefix + "Key", pair.getKey())
                .field(prefix + "CreateRevision", pair.getCreateRevision())
                .field(prefix + "ModRevision", pair.getModRevision())
                .field(prefix + "Version", pair.getVersion())
                .quoted(prefix + "Value", pair.getValue())
                .field(prefix + "Lease", pair.getLease());
    }

    /** Writes all of it to {@code out}, which is flushed. */
    public void writeTo(PrintStream out) {
        byte[] all = gathered.toByteString().toByteArray();
        out.write(all, 0, all.length);
        out.flush();
    }

    /** All of it as text. */
    @Override
    public String toString() {
        return gathered.toByteString().toStringUtf8();
    }

    private void write(ByteString line) {
        byte[] bytes = line.toByteArray();
        gathered.write(bytes, 0, bytes.length);
        gathered.write('\n');
    }
}
