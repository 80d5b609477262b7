package dev.luna.batch.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

class FileFailureTest {

    @Test
    void everyFailureHasAReason() {
        assertThat(FileFailure.reason(new AccessDeniedException("/data"))).isEqualTo("permission denied");
        assertThat(FileFailure.reason(new NoSuchFileException("/data"))).isEqualTo("no such file or directory");
        assertThat(FileFailure.reason(new FileAlreadyExistsException("/data"))).isEqualTo("a file is there already");
        assertThat(FileFailure.reason(new FileSystemException("/data", null, "Is a directory")))
                .isEqualTo("Is a directory");
        assertThat(FileFailure.reason(new DirectoryNotEmptyException("/data")))
                .isEqualTo("java.nio.file.DirectoryNotEmptyException: /data");
        assertThat(FileFailure.reason(new IOException("No space left on device")))
                .isEqualTo("No space left on device");
        assertThat(FileFailure.reason(new IOException())).isEqualTo("java.io.IOException");
    }
}
