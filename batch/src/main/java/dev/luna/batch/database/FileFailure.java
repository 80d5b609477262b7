package dev.luna.batch.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Objects;

/** Why a file could not be read or written, in words: the message of many such exceptions is only the file's name. */
public final class FileFailure {

    private FileFailure() {}

    /** Such as "/var/luna/pg.start.lock: Read-only file system"; the reason alone where the file is not known. */
    static String withName(IOException failure) {
        return failure instanceof FileSystemException of && of.getFile() != null
                ? of.getFile() + ": " + reason(failure)
                : reason(failure);
    }

    /** Such as "permission denied"; without the name of the file. */
    public static String reason(Exception failure) {
        if (failure instanceof UncheckedIOException) {
            return reason((IOException) Objects.requireNonNull(failure.getCause()));
        }
        if (failure instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (failure instanceof NoSuchFileException) {
            return "no such file or directory";
        }
        if (failure instanceof FileAlreadyExistsException) {
            return "a file is there already";
        }
        String said = failure instanceof FileSystemException of ? of.getReason() : failure.getMessage();
        return said == null ? failure.toString() : said;
    }
}
