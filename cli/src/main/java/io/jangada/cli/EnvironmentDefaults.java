// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Where a flag that is not given gets its value: from JANGADA_NAME, else from ETCD_NAME (as etcd has
 * it), else from its default; etcdctl's global flags have ETCDCTL_NAME, and the flags of its single
 * commands have no variables. An empty variable counts as not set, as in etcd.
 */
final class EnvironmentDefaults implements IDefaultValueProvider {
    private final Map<String, String> environment;

    EnvironmentDefaults(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    @Override
    public @Nullable String defaultValue(ArgSpec argument) {
        if (!(argument instanceof OptionSpec option) || !option.longestName().startsWith("--")) {
            return null;
        }
        String variable = option.longestName().substring(2).toUpperCase(Locale.ROOT).replace('-',
                '_');
        for (String prefix : prefixes(option)) {
            String value = environment.get(prefix + variable);
            if (value != null && !value.isEmpty()) {
                return value;
            }
        }
        return null;
    }

    private static List<String> prefixes(OptionSpec option) {
        if (Etcdctl.isGlobal(option)) {
            return List.of("JANGADA_", "ETCDCTL_");
        }
        return Etcdctl.has(option.command()) ? List.of() : List.of("JANGADA_", "ETCD_");
    }
}
