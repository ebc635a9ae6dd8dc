// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.archtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.lang.module.ModuleDescriptor;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The library on the module path. */
class ModulesTest {
    static final Set<String> MODULES = ModulePath.MODULES;

    @ParameterizedTest
    @FieldSource("MODULES")
    void hasADescriptorOfItsOwn(String name) {
        ModuleDescriptor descriptor = ModulePath.resolve(MODULES).findModule(name).orElseThrow()
                .reference().descriptor();
        assertThat(descriptor.isAutomatic()).isFalse();
        assertThat(descriptor.isOpen()).isFalse();
    }

    /** Whoever requires the module can name every type in the signatures of what it exports. */
    @ParameterizedTest
    @FieldSource("MODULES")
    void showsOnlyTypesThatItsReadersSee(String name) {
        ModuleLayer layer = ModuleLayer.boot().defineModulesWithOneLoader(
                ModulePath.resolve(MODULES), ClassLoader.getPlatformClassLoader());
        ExportedSignatures signatures = new ExportedSignatures(
                layer.findModule(name).orElseThrow());
        assertThat(signatures.types()).as("exported types of " + name).hasSizeGreaterThan(10);
        assertThat(signatures.hidden()).isEmpty();
    }

    /** An embedder's program that requires raftnode alone: compiled, run in a JVM of its own, with TLS. */
    @Test
    @Timeout(value = 120, unit = TimeUnit.SECONDS)
    void anEmbeddersModuleCompilesAndRuns(@TempDir Path directory) throws Exception {
        String path = ModulePath.argument(ModulePath.resolve(Set.of("io.jangada.raftnode")));
        Path classes = directory.resolve("classes");
        assertThat(compile(path, classes)).isEmpty();

        Path output = directory.resolve("output");
        Process java = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "--module-path",
                path + System.getProperty("path.separator") + classes, "--module", "app/app.Main",
                directory.toString()).redirectErrorStream(true).redirectOutput(output.toFile())
                .start();
        int status = java.waitFor();
        String printed = Files.readString(output);
        assertThat(printed)
                .contains("module app module io.jangada.raftnode Applied").contains("result=42")
                .doesNotContain("Exception");
        assertThat(status).as(printed).isZero();
    }

    /** What the compiler has to say about the program; empty if it is compiled. */
    private static String compile(String modulePath, Path classes) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null,
                StandardCharsets.UTF_8)) {
            StringWriter said = new StringWriter();
            boolean compiled = compiler.getTask(said, files, null,
                    List.of("--release", "21", "--module-path", modulePath, "-d",
                            classes.toString()),
                    null, files.getJavaFileObjects(Path.of("src/test/resources/modular"
                            + "/module-info.java"),
                            Path.of("src/test/resources/modular/app/Main.java")))
                    .call();
            return compiled ? "" : "not compiled: " + said;
        }
    }
}
