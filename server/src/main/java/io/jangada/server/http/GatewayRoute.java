// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.http;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.grpc.MethodDescriptor;

/**
 * A method that is called by JSON: protobuf's mapping with the names of the {@code .proto} files, without
 * fields that are not set, and with fields that nobody knows ignored (etcd: protojson with UseProtoNames
 * and DiscardUnknown). Immutable.
 */
record GatewayRoute(MethodDescriptor<Message, Message> method) {
    private static final JsonFormat.Printer PRINTER = JsonFormat.printer()
            .preservingProtoFieldNames().omittingInsignificantWhitespace();
    private static final JsonFormat.Parser PARSER = JsonFormat.parser().ignoringUnknownFields();

    /** Whether a client may send several messages in one call. */
    boolean takesSeveral() {
        return !method.getType().clientSendsOneMessage();
    }

    /** Whether a call may be answered by several messages. */
    boolean givesSeveral() {
        return !method.getType().serverSendsOneMessage();
    }

    /**
     * Reads a request; nothing is a request without fields.
     *
     * @throws InvalidProtocolBufferException if it is not the JSON of one
     */
    Message parse(String json) throws InvalidProtocolBufferException {
        var marshaller = (MethodDescriptor.PrototypeMarshaller<Message>) method
                .getRequestMarshaller();
        Message prototype = marshaller.getMessagePrototype();
        if (prototype == null) {
            throw new IllegalStateException("no prototype for " + method.getFullMethodName());
        }
        Message.Builder request = prototype.newBuilderForType();
        if (!json.isBlank()) {
            PARSER.merge(json, request);
        }
        return request.build();
    }

    /** An answer as the text that goes to the client. */
    String print(Message response) {
        try {
            String json = PRINTER.print(response);
            return givesSeveral() ? "{\"result\":" + json + "}" : json;
        } catch (InvalidProtocolBufferException impossible) {
            throw new IllegalStateException("not printable", impossible); // Only an Any may be.
        }
    }
}
