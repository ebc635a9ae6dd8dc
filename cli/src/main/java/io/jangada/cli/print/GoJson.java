// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.print;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Descriptors.OneofDescriptor;
import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * JSON as Go's library makes it of etcd's types, which is not protobuf's: names as in the {@code .proto} files,
 * numbers as numbers, enums too, bytes in Base64, fields without a value left out, a choice inside an object of its
 * own.
 */
public final class GoJson {
    /** The JSON value {@code null}. */
    public static final Object NULL = new Object();

    private GoJson() {}

    /** The fields of a message that have values, by name, in the order of their numbers. */
    public static Map<String, Object> fields(Message message) {
        var fields = new LinkedHashMap<String, Object>();
        message.getAllFields().forEach((field, value) -> {
            OneofDescriptor choice = field.getContainingOneof();
            if (choice == null) {
                fields.put(field.getName(), value(field, value));
            } else {
                fields.put(capitalized(choice.getName()),
                        Map.of(capitalized(field.getName()), value(field, value)));
            }
        });
        return fields;
    }

    /**
     * The text of {@code value}.
     *
     * @param value a message, map, list, text, bytes, number, truth or {@link #NULL}
     * @throws IllegalArgumentException if it is none of these
     */
    public static String text(Object value) {
        var text = new StringBuilder();
        append(text, value);
        return text.toString();
    }

    private static Object value(FieldDescriptor field, Object value) {
        if (value instanceof List<?> several) {
            return several.stream().map(one -> single(field, one)).toList();
        }
        return single(field, value);
    }

    private static Object single(FieldDescriptor field, Object value) {
        if (field.getJavaType() == JavaType.ENUM) {
            return ((EnumValueDescriptor) value).getNumber();
        }
        if (field.getType() == FieldDescriptor.Type.UINT64) {
            return unsigned((Long) value);
        }
        if (field.getType() == FieldDescriptor.Type.UINT32) {
            return Integer.toUnsignedLong((Integer) value);
        }
        return value;
    }

    /** A number without a sign, for {@link #text}. */
    public static Object unsigned(long value) {
        return new Verbatim(Long.toUnsignedString(value));
    }

    /** Text that is JSON already. */
    private record Verbatim(String json) {}

    private static void append(StringBuilder text, Object value) {
        switch (value) {
            case Message message -> append(text, fields(message));
            case Map<?, ?> map -> appendAll(text, '{', map.entrySet(), '}');
            case Map.Entry<?, ?> entry -> {
                append(text, entry.getKey());
                text.append(':');
                append(text, entry.getValue());
            }
            case List<?> list -> appendAll(text, '[', list, ']');
            case String string -> appendString(text, string);
            case ByteString bytes -> append(text,
                    Base64.getEncoder().encodeToString(bytes.toByteArray()));
            case Number number -> text.append(number);
            case Boolean truth -> text.append(truth);
            case Verbatim(String json) -> text.append(json);
            default -> {
                if (value != NULL) {
                    throw new IllegalArgumentException("no JSON value: " + value);
                }
                text.append("null");
            }
        }
    }

    private static void appendAll(StringBuilder text, char open, Iterable<?> values, char close) {
        text.append(open);
        boolean first = true;
        for (Object value : values) {
            if (!first) {
                text.append(',');
            }
            append(text, value);
            first = false;
        }
        text.append(close);
    }

    private static void appendString(StringBuilder text, String string) {
        text.append('"');
        for (int i = 0; i < string.length(); i++) {
            char c = string.charAt(i);
            switch (c) {
                case '"' -> text.append("\\\"");
                case '\\' -> text.append("\\\\");
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                default -> {
                    boolean isPlain = c >= ' ' && c != '<' && c != '>' && c != '&'
                            && c != 0x2028 && c != 0x2029;
                    text.append(isPlain
                            ? String.valueOf(c)
                            : String.format(Locale.ROOT, "\\u%04x", (int) c));
                }
            }
        }
        text.append('"');
    }

    /** {@code response_put} as {@code ResponsePut}. */
    private static String capitalized(String name) {
        var words = new ArrayList<String>();
        for (String word : name.split("_", -1)) {
            words.add(word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1));
        }
        return String.join("", words);
    }
}
