// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import org.junit.jupiter.api.Test;

class StartExceptionTest {

    @Test
    void aFileIsNotNamedWithoutWhatIsWrongWithIt() {
        assertThat(StartException.because(new FileAlreadyExistsException("/x/wal")))
                .hasMessage("FileAlreadyExistsException: /x/wal");
        assertThat(StartException.because(
                new FileSystemException("/x", null, "Read-only file system")))
                .hasMessage("/x: Read-only file system");
    }

    @Test
    void causesAreToldOnceAndInOneLine() {
        var cause = new IOException("the disk");

        assertThat(StartException.because(new IOException("cannot open: the disk", cause)))
                .hasMessage("cannot open: the disk");
        assertThat(StartException.because(new IOException("two\n  lines")))
                .hasMessage("two lines");
        assertThat(StartException.because(new IllegalStateException(new IOException("gone"))))
                .hasMessage("java.io.IOException: gone");
        assertThat(StartException.because(new IllegalStateException()))
                .hasMessage("IllegalStateException");
    }
}
