// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LogRotationTest {

    @Test
    void isOffByDefault() throws Exception {
        assertThat(LogRotation.of(flags("--log-outputs=a.log"))).isEmpty();
        assertThat(LogRotation.of(flags("--log-rotation-config-json={"))).isEmpty();
    }

    @Test
    void hasEtcdsDefaults() throws Exception {
        assertThat(LogRotation.of(flags("--enable-log-rotation", "--log-outputs=a.log")))
                .contains(new LogRotation(100, 0, 0, false, false));
        assertThat(rotation("{}")).isEqualTo(new LogRotation(100, 0, 0, false, false));
    }

    @Test
    void readsAllFieldsAsGoDoes() throws Exception {
        assertThat(rotation("{\"MaxSize\":1,\"maxage\":2,\"maxbackups\":3,\"localtime\":true,"
                + "\"compress\":true,\"other\":[7],\"maxAge\":null}"))
                .isEqualTo(new LogRotation(1, 2, 3, true, true));
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {"{maxsize:1};is not JSON", "{\"maxsize\":1;is not JSON",
        "[];is not a JSON object", "7;is not a JSON object", "'';is not a JSON object",
        "{\"maxsize\":\"1\"};maxsize is \"1\"", "{\"maxsize\":1.5};maxsize is 1.5",
        "{\"maxage\":-1};maxage is -1", "{\"maxbackups\":[1]};maxbackups is [1]",
        "{\"maxbackups\":4294967296};maxbackups is 4294967296",
        "{\"compress\":1};compress is 1", "{\"localtime\":\"true\"};localtime is \"true\""})
    void refusesWhatIsMalformed(String json, String named) {
        assertThatThrownBy(() -> rotation(json)).isInstanceOf(ConfigException.class)
                .hasMessageContaining("--log-rotation-config-json")
                .hasMessageContaining(named);
    }

    @ParameterizedTest
    @ValueSource(strings = {"default", "stderr", "stderr,stdout", "a.log,b.log",
        "stderr,a.log,b.log"})
    void needsOneFile(String outputs) {
        assertThatThrownBy(() -> LogRotation
                .of(flags("--enable-log-rotation", "--log-outputs=" + outputs)))
                .isInstanceOf(ConfigException.class).hasMessageContaining("a single file path");
    }

    @Test
    void goesWithTheOtherOutputs() throws Exception {
        assertThat(LogRotation.of(
                flags("--enable-log-rotation", "--log-outputs=stderr,a.log,stdout"))).isPresent();
    }

    @Test
    void outputsAreTakenOnce() throws Exception {
        assertThat(LogRotation.outputs(flags())).containsExactly("default");
        assertThat(LogRotation.outputs(flags("--log-outputs=stderr,a.log,stderr")))
                .containsExactly("stderr", "a.log");
        for (String refused : List.of("default,a.log", "a.log,,b.log", ",")) {
            assertThatThrownBy(() -> LogRotation.outputs(flags("--log-outputs=" + refused)))
                    .isInstanceOf(ConfigException.class).hasMessageContaining("--log-outputs");
        }
    }

    private static LogRotation rotation(String json) throws Exception {
        return LogRotation.of(flags("--enable-log-rotation", "--log-outputs=a.log",
                "--log-rotation-config-json=" + json)).orElseThrow();
    }

    private static FlagValues flags(String... arguments) throws Exception {
        return FlagValues.of(FlagArguments.parse(List.of(arguments)), Map.of());
    }
}
