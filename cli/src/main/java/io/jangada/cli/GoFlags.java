// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

/** etcd's flags come from Go, where {@code -name} and {@code --name} are the same. */
final class GoFlags {
    private GoFlags() {}

    /**
     * The arguments with a second dash before every long flag that has one: {@code -data-dir=x} becomes
     * {@code --data-dir=x}. What stands after {@code --} is left alone, and so are single letters.
     */
    static String[] doubleDashed(String[] args) {
        String[] result = args.clone();
        for (int i = 0; i < result.length && !result[i].equals("--"); i++) {
            String arg = result[i];
            if (arg.length() > 2 && arg.charAt(0) == '-' && Character.isLetter(arg.charAt(1))
                    && isName(arg)) {
                result[i] = "-" + arg;
            }
        }
        return result;
    }

    private static boolean isName(String arg) {
        int end = arg.indexOf('=') < 0 ? arg.length() : arg.indexOf('=');
        for (int i = 1; i < end; i++) {
            char c = arg.charAt(i);
            if (!Character.isLetterOrDigit(c) && c != '-') {
                return false;
            }
        }
        return end > 2;
    }
}
